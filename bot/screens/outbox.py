"""What waits and what is stuck in the outbox: for a terminal, and for who decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.screens import formats
from bot.screens.render import N_, Speaker
from bot.screens.screen import Screen
from bot.use_cases.outbox import Survey
from storage.integrity import Faulty
from storage.outbox import IN_DOUBT, LEFT
from storage.outbox_care import Stuck

KINDS = {
    "alert": N_("alerts"),
    "answer": N_("answers"),
    "broadcast": N_("broadcasts"),
    "card_moved": N_("cards moved"),
    "chart": N_("charts"),
    "digest": N_("digests"),
    "dispute": N_("news of disputes"),
    "export": N_("files asked for"),
    "gathered": N_("alerts told together"),
    "guarantee_ending": N_("guarantees that end"),
    "guarantee_register": N_("registers of guarantees"),
    "menu": N_("menus"),
    "notice": N_("notices"),
    "opening": N_("news of account files"),
    "opening_files": N_("lists of account files"),
    "page": N_("pages asked for"),
    "promise_due": N_("promises due"),
    "promise_judged": N_("promises judged"),
    "release": N_("requests for release"),
    "report": N_("delivery reports"),
    "stranger": N_("answers to strangers"),
    "trial": N_("results of trials of rules"),
    "upload": N_("imported files"),
}
REASONS = {
    IN_DOUBT: N_("in doubt: it may have been sent since the copy was made"),
    LEFT: N_("in doubt: the process died before the answer came"),
}
"""What we say ourselves of a message that is stuck; the rest is Telegram's or Python's."""
LONGEST_REASON = 80
NAMED = 10


def parked(speaker: Speaker, found: Survey) -> Screen:
    """Tell who decides how many messages did not leave, of which kinds."""
    rows = [*found.parked, *found.uncertain]
    text = speaker.page(
        "notice/parked.html",
        parked=len(rows),
        kinds=[(kind_of(speaker, kind), n) for kind, n in Counter(_kinds(rows)).most_common()],
        uncertain=len(found.uncertain),
    )
    return Screen(text, silent=True)


def unhandled(speaker: Speaker, found: Faulty) -> Screen:
    """Tell who decides that something people asked for was not done."""
    text = speaker.page("notice/unhandled.html", n=found.count, first=found.first)
    return Screen(text, silent=True)


def given_up(speaker: Speaker, reference: str) -> Screen:
    """Tell a person that what he sent will not be handled, with the reference to quote."""
    return Screen(speaker.page("notice/given_up.html", reference=reference))


def kind_of(speaker: Speaker, kind: str) -> str:
    """Name a kind of message; one that is not known keeps its code."""
    return speaker.say(KINDS[kind]) if kind in KINDS else kind


def table(speaker: Speaker, found: Survey) -> list[str]:
    """Write what waits by kind, then a line for each message that needs a look."""
    total = sum(found.waiting.values())
    lines = [speaker.say("Waiting: {n}", n=total)]
    lines += [f"  {kind_of(speaker, kind)} {n}" for kind, n in found.waiting.items()]
    for title, rows in (
        (N_("Being sent: {n}"), found.sending),
        (N_("In doubt, may have arrived: {n}"), found.uncertain),
        (N_("Parked, did not leave: {n}"), found.parked),
    ):
        lines.append(speaker.say(title, n=len(rows)))
        lines += [_line(speaker, row) for row in rows]
    return lines


def _line(speaker: Speaker, row: Stuck) -> str:
    role = (row.role or "-").replace("_", "-")
    who = "-" if row.person_id is None else f"{row.person_id} {role}"
    since = formats.moment(row.since, speaker.locale, speaker.zone)
    tries = speaker.count("{n} try", "{n} tries", row.attempts)
    known = REASONS.get(row.error or "")
    why = speaker.say(known) if known else (row.error or "")[:LONGEST_REASON]
    return f"{row.id:>7}  {kind_of(speaker, row.kind):<18} {who:<20} {since}  {tries}  {why}"


def decided(speaker: Speaker, *, retried: Sequence[int] | None, dropped: Sequence[int]) -> str:
    """Say how many messages wait again, or were given up."""
    if retried is not None:
        n = len(retried)
        return speaker.count("{n} message waits again.", "{n} messages wait again.", n)
    n = len(dropped)
    return speaker.count("{n} message is given up.", "{n} messages are given up.", n)


def not_decided(speaker: Speaker, ids: Sequence[int], *, retried: bool) -> str:
    """Say which of the messages named are left as they are, and why."""
    numbers = ", ".join(map(str, ids[:NAMED])) + (", …" if len(ids) > NAMED else "")
    if retried:
        return speaker.say("neither parked nor in doubt, left as they are: {ids}", ids=numbers)
    return speaker.say("neither waiting nor parked, left as they are: {ids}", ids=numbers)


def plain(found: Survey) -> dict[str, Any]:
    """Return everything as JSON-able values."""
    return {
        "waiting": {
            "total": sum(found.waiting.values()),
            "oldest": _iso(found.oldest),
            "by_kind": dict(found.waiting),
        },
        "sending": [_plain(row) for row in found.sending],
        "uncertain": [_plain(row) for row in found.uncertain],
        "parked": [_plain(row) for row in found.parked],
    }


def _plain(row: Stuck) -> Mapping[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "person": row.person_id,
        "role": None if row.role is None else row.role.replace("_", "-"),
        "since": _iso(row.since),
        "attempts": row.attempts,
        "error": row.error,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _kinds(rows: Sequence[Stuck]) -> list[str]:
    return [row.kind for row in rows]
