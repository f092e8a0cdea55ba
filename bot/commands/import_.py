"""`relance import`: bring files into the book and report every line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.spoken import complain, reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.application import House
    from bot.screens.render import Speaker
    from bot.use_cases.import_report import ImportReport
    from storage.sync.reading import Rows
    from storage.work import Work

HELP = "bring files of receivables, customers, payments, orders, notices… into the book"
KINDS = ("receivables", "customers", "payments", "history")
OUTSIDE = (
    *("notices", "registry", "orders", "cover", "rejects", "privileges"),
    *("accounts", "rating", "bank"),
)
"""Kinds that are no ledger: public notices, the register, orders, the insurer, the bank…"""
ORDER = {"customers": 0, "history": 1, "receivables": 2, "payments": 3}
SHOWN = 50
LONG_FILE = 5000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `import`."""
    parser.set_defaults(scattered=True)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="CSV or Excel files")
    parser.add_argument(
        "--kind", choices=(*KINDS, *OUTSIDE), help="what the files are, when in doubt"
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=HEADER",
        help="which column is which field; remembered for files of the same shape",
    )
    parser.add_argument("--as-of", metavar="DATE", help="the day the files speak of (today)")
    parser.add_argument(
        "--partial", action="store_true", help="leave open items alone that are not listed"
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would change")
    parser.add_argument("--json", action="store_true", help="answer in JSON")


def run(args: argparse.Namespace) -> int:
    """Import each file in its own transaction; 1 when one is refused, 2 on wrong use."""
    from bot.commands.days import DayError, parse_day

    try:
        as_of = parse_day(args.as_of)
        overrides = _overrides(args.map)
    except (DayError, ValueError) as error:
        complain("import", str(error))
        return 2
    answers = _each(args, as_of, overrides)
    if args.json:
        print(json.dumps({"files": answers}, ensure_ascii=False, indent=2))
    return int(any("error" in one for one in answers))


def _overrides(given: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    for field, equals, header in pairs:
        if not field or not equals or not header:
            wrong = f"{field}{equals}{header}"
            raise ValueError(reader().say("--map takes field=header, not {given}", given=wrong))
    return {field.strip(): header.strip() for field, _, header in pairs}


def _each(
    args: argparse.Namespace, as_of: object, overrides: dict[str, str]
) -> list[dict[str, Any]]:
    from bot.application import load_settings, transact
    from bot.screens.render import speaker

    settings = load_settings()
    said = speaker(settings.locale, settings.zone)
    wish = {
        "kind": args.kind,
        "overrides": overrides,
        "as_of": as_of,
        "partial": args.partial,
        "dry_run": args.dry_run,
    }
    paths = args.paths
    if len(paths) > 1:
        paths = transact(settings, sorted_paths, paths, args.kind, overrides)
    return [_one(path, said, wish, quiet=args.json) for path in paths]


def _one(path: Path, said: Speaker, wish: dict[str, Any], *, quiet: bool) -> dict[str, Any]:
    """Import one file and say what came of it, for a person unless `quiet`."""
    import asyncio

    from bot.commands.faults import told
    from bot.screens import import_questions, importing
    from bot.screens.refusal import words
    from bot.use_cases.refusals import FileRefused, ImportRunning, MappingUncertain

    try:
        report = asyncio.run(_bring(path, wish))
    except OSError as error:
        if not quiet:
            complain("import", told(error) or str(error))
        return {"file": path.name, "error": "unreadable"}
    except ImportRunning as refused:
        if not quiet:
            line = said.say("{file}: {line}", file=path.name, line=words(said, refused))
            print(line, file=sys.stderr)
        return {"file": path.name, "error": "import_running"}
    except MappingUncertain as doubt:
        if not quiet:
            print("\n".join(import_questions.asked(said, doubt.reading)), file=sys.stderr)
        return {"file": path.name, "error": "mapping_uncertain", **_doubts(doubt.reading)}
    except FileRefused as refused:
        if not quiet:
            why = [importing.refused(said, refused), *importing.blamed(said, refused, SHOWN)]
            print("\n".join(why), file=sys.stderr)
        return {"file": path.name, "error": refused.code, **refused.data}
    if not quiet:
        _print(said, report)
    return report.as_json()


async def _bring(path: Path, wish: dict[str, Any]) -> ImportReport:
    """Import one file, beside a bot that may be running."""
    from bot.application import load_settings, open_house
    from bot.jobs.importing import bring
    from bot.jobs.timetable import Bench
    from bot.use_cases.imports import Wish
    from storage.sync.reading import Kind

    settings = load_settings()
    outside = wish["kind"] if wish["kind"] in OUTSIDE else None
    kind = Kind(wish["kind"]) if wish["kind"] and not outside else None
    asked = Wish(
        path,
        "cli",
        kind,
        wish["overrides"],
        wish["as_of"],
        wish["partial"],
        outside=outside,
    )
    watch = _bar if sys.stderr.isatty() else None
    async with open_house(settings) as house:
        uploads = settings.data_dir.absolute() / "uploads"
        bench = Bench(house.database, house.rules, house.clock, settings.store_folder, uploads)
        return await bring(
            bench, house.origin(), asked, dry_run=wish["dry_run"], watch=watch, aside=False
        )


def sorted_paths(
    work: Work, _house: House, paths: list[Path], kind: str | None, overrides: dict[str, str]
) -> list[Path]:
    """Put customers before what they owe, and what they owe before what they paid."""
    from bot.use_cases.imports import kind_of
    from storage.sync.reading import Kind

    if kind in OUTSIDE:
        return paths
    wanted = Kind(kind) if kind else None
    kinds = {path: kind_of(work, path, wanted, overrides) for path in paths}
    return sorted(kinds, key=lambda path: ORDER.get(kinds[path] or "", len(ORDER)))


def _bar(stretches: Iterable[Rows], lines: int) -> Iterator[Rows]:
    from tqdm import tqdm

    with tqdm(total=lines, unit="", leave=False, disable=lines < LONG_FILE) as bar:
        for rows in stretches:
            yield rows
            bar.update(len(rows))


def _doubts(reading: Any) -> dict[str, Any]:  # noqa: ANN401 - the reader's type is loaded lazily
    return {
        "headers": list(reading.headers),
        "samples": [list(row) for row in reading.samples],
        "questions": [
            {"kind": one.kind.value, "field": one.key, "candidates": list(one.candidates)}
            for one in reading.questions
        ],
    }


def _print(said: Speaker, report: ImportReport) -> None:
    from bot.screens import importing

    print("\n".join(importing.summary(said, report)))
    found = importing.faults(said, report.file, report.rejections[:SHOWN])
    if report.rejected > len(found):
        rest = report.rejected - len(found)
        found.append(said.count("… and {n} more line", "… and {n} more lines", rest))
    found += importing.remarks(said, report, SHOWN)
    if found:
        print("\n".join(found), file=sys.stderr)
