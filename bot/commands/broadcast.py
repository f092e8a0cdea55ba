"""`relance broadcast`: a message to many in the credit manager's name; the running bot sends it."""

from __future__ import annotations

import argparse
import json
import sys
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.application import House
    from bot.use_cases.broadcasts import Sent, Tally
    from storage.work import Work

HELP = "write to many colleagues at once; the running bot sends it"
AUDIENCES = {"reps": "reps", "managers": "managers", "all": "everyone"}
LOOK_SECONDS = 0.1
INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `broadcast`."""
    parser.add_argument("--text", required=True, help="what to say")
    parser.add_argument("--audience", required=True, choices=AUDIENCES, help="to whom")
    parser.add_argument("--wait", action="store_true", help="until everybody is reached or not")
    parser.add_argument(
        "--working-hours", action="store_true", help="hold it until they begin; else it leaves now"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Queue the message and tell how far it came.

    1 when a recipient failed or nobody signs, 130 when somebody stopped waiting for it.
    """
    import asyncio

    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    from bot.application import load_settings, open_house
    from bot.screens import broadcast_words as words

    async with open_house(load_settings()) as house:
        said = house.speaker()
        sent = await house.database.transact(
            queue, house, args.text, AUDIENCES[args.audience], at_once=not args.working_hours
        )
        began = monotonic()
        if sent is None:
            print(words.nobody_signs(said), file=sys.stderr)
            return 1
        tally, waited = await _waited(house, sent, wait=args.wait)
    seconds = round(monotonic() - began, 3)
    if args.json:
        print(json.dumps({**tally.as_json(), "seconds": seconds}))
    elif args.wait:
        print(words.delivered(said, tally, seconds))
    else:
        print(words.queued(said, sent.recipients))
    if not waited:
        print(words.goes_on(said), file=sys.stderr)
        return INTERRUPTED
    return int(tally.failed > 0)


def queue(work: Work, house: House, text: str, audience: str, *, at_once: bool) -> Sent | None:
    """Queue a broadcast signed by the credit manager; None when there is none."""
    from bot.use_cases import broadcasts

    author = broadcasts.signatory(work)
    if author is None:
        return None
    return broadcasts.send(
        work,
        house.origin(),
        author,
        message=text,
        audience=audience,
        team=None,
        rules=house.rules,
        at_once=at_once,
    )


async def _waited(house: House, sent: Sent, *, wait: bool) -> tuple[Tally, bool]:
    """Return how far the message came; False when Ctrl-C came first: it goes on all the same."""
    import asyncio

    from bot.use_cases import broadcasts

    try:
        await _queued(house, sent)
        return await _settled(house, sent, wait=wait), True
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) is not None:
            task.uncancel()  # or what follows would be cancelled too
        return await house.database.read(broadcasts.tally, sent.broadcast), False


async def _queued(house: House, sent: Sent) -> None:
    """Put everything in the outbox by pieces, so that a running bot's people do not wait."""
    from bot.screens import broadcast_words as words
    from bot.use_cases import broadcasts
    from storage import workers

    while await house.database.transact(broadcasts.go_on, sent.broadcast, house.clock.now()):
        pass
    if not await house.database.read(workers.alive, house.clock.now()):
        print(words.nobody_sends(house.speaker()), file=sys.stderr)


async def _settled(house: House, sent: Sent, *, wait: bool) -> Tally:
    import asyncio

    from bot.use_cases import broadcasts

    while True:
        tally = await house.database.read(broadcasts.tally, sent.broadcast)
        if not wait or not tally.waiting:
            return tally
        await asyncio.sleep(LOOK_SECONDS)
