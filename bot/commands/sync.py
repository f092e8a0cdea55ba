"""`relance sync`: what waits in the store comes in, what was done goes out, once."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from bot.commands.spoken import reader

if TYPE_CHECKING:
    from bot.application import House
    from bot.jobs.store import CameIn, WentOut
    from bot.screens.render import Speaker

HELP = "import what waits in the store, and write promises, disputes and contacts back"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sync`."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Go both ways; 1 when a file was refused or waits for an answer."""
    import asyncio

    from bot.application import load_settings, open_house

    settings = load_settings()

    async def once() -> tuple[list[CameIn], WentOut]:
        async with open_house(settings) as house:
            return await _both_ways(house)

    came, went = asyncio.run(once())
    if args.json:
        print(json.dumps(as_json(came, went), ensure_ascii=False, indent=2))
    else:
        _say(came, went)
    return int(any(one.outcome in {"refused", "asking"} for one in came))


async def _both_ways(house: House) -> tuple[list[CameIn], WentOut]:
    """Look twice at what waits, so that no file is read while it is being written."""
    import asyncio

    from bot.jobs import store
    from bot.jobs.timetable import Bench
    from storage.sync.folder import QUIET_SECONDS, Folder

    folder = house.settings.store_folder
    uploads = house.settings.data_dir.absolute() / "uploads"
    bench = Bench(house.database, house.rules, house.clock, folder, uploads)
    came = await store.bring_in(bench)
    if Folder(folder).waiting():
        await asyncio.sleep(QUIET_SECONDS + 0.05)
        came += await store.bring_in(bench)
    return came, await store.carry_out(bench)


def as_json(came: list[CameIn], went: WentOut) -> dict[str, Any]:
    """Write both ways as plain values."""
    return {
        "in": [
            {
                "file": one.file,
                "outcome": one.outcome,
                **({"code": one.code} if one.code else {}),
                **({"report": one.report.as_json(most=100)} if one.report else {}),
            }
            for one in came
        ],
        "out": {"files": list(went.files), "journal_lines": went.journal},
    }


def _say(came: list[CameIn], went: WentOut) -> None:
    said = reader()
    for one in came:
        stream = sys.stderr if one.outcome in {"refused", "asking"} else sys.stdout
        print(said.say("in   {what}", what=_became(said, one)), file=stream)
    if not came:
        print(said.say("in   {what}", what="-"))
    grown = said.say("{file}: {line}", file="journal.jsonl", line=f"+{went.journal}")
    for what in [*went.files, *([grown] if went.journal else [])] or ["-"]:
        print(said.say("out  {what}", what=what))


def _became(said: Speaker, one: CameIn) -> str:
    """Say what became of a file: what it changed, why it is refused, or who is asked."""
    from bot.screens import importing, upload_words

    if one.report:
        figures = importing.counts(said, one.report)
        return said.say("{file}: imported ({figures})", file=one.file, figures=figures)
    if one.refused:
        return upload_words.refusal(said, one.refused)
    if one.outcome == "asking":
        return said.say("{file}: the credit manager is asked about it", file=one.file)
    if one.outcome == "refused":
        return said.say("{file}: refused ({code})", file=one.file, code=one.code)
    return said.say("{file}: known already", file=one.file)
