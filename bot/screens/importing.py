"""An import in words: what it changed, what it could not take, what it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.screens import formats
from bot.screens.import_words import (
    COLUMNS,
    COUNTED,
    COUNTS,
    FILES,
    KINDS,
    MOVES,
    NOTICES,
    REASONS,
    STATES,
    settles,
)
from bot.screens.render import Speaker
from bot.use_cases.import_report import Fault
from credit.money import Money

if TYPE_CHECKING:
    from bot.use_cases.import_report import ImportReport
    from bot.use_cases.refusals import FileRefused

VALUE_LIMIT = 40
TITLES_LIMIT = 300


def summary(speaker: Speaker, report: ImportReport) -> list[str]:
    """Say in plain lines what an import changed; not HTML."""
    lines = [_title(speaker, report), counts(speaker, report)]
    if report.totals:
        lines.append(speaker.say("Total of the file: {amounts}", amounts=_totals(speaker, report)))
    lines += _consequences(speaker, report)
    lines += [notice(speaker, one.code, one.data) for one in report.notices]
    if report.dry_run:
        lines.append(speaker.say("Rehearsal only: nothing was written."))
    return lines


def _title(speaker: Speaker, report: ImportReport) -> str:
    return speaker.say(
        "{file}: {kind}, as of {day}",
        file=formats.name(report.file),
        kind=speaker.say(KINDS[report.kind]),
        day=formats.day(report.as_of, speaker.locale),
    )


def counts(speaker: Speaker, report: ImportReport) -> str:
    """Say in a line how many lines of a file brought what."""
    written = {name: formats.count(n, speaker.locale) for name, n in report.counts().items()}
    return speaker.say(COUNTS[settles(report.kind, report.settled)], **written)


def _totals(speaker: Speaker, report: ImportReport) -> str:
    moneys = (Money.from_minor(minor, code) for code, minor in sorted(report.totals.items()))
    return " · ".join(formats.money(money, speaker.locale) for money in moneys)


def _consequences(speaker: Speaker, report: ImportReport) -> list[str]:
    states: dict[str, int] = {}
    for one in report.judged:
        states[one["state"]] = states.get(one["state"], 0) + 1
    lines = []
    if states:
        lines.append(speaker.say("Promises: {moves}", moves=_moves(speaker, states, STATES)))
    if any(report.alerts.values()):
        lines.append(speaker.say("Alerts: {moves}", moves=_moves(speaker, report.alerts, MOVES)))
    if report.disputes_closed:
        n = report.disputes_closed
        lines.append(speaker.count("{n} dispute settled", "{n} disputes settled", n))
    return lines


def _moves(speaker: Speaker, counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    said = {words[name]: formats.count(n, speaker.locale) for name, n in counts.items() if n}
    parts = (f"{speaker.say(word)} {n}" for word, n in said.items())
    return " · ".join(parts)


def notice(speaker: Speaker, code: str, data: Mapping[str, Any]) -> str:
    """Say what a person should look at in a file as a whole."""
    if code in COUNTED:
        others = {name: value for name, value in written(speaker, data).items() if name != "n"}
        return "⚠️ " + speaker.count(*COUNTED[code], int(data["n"]), **others)
    return "⚠️ " + speaker.say(NOTICES[code], **written(speaker, data))


def written(speaker: Speaker, data: Mapping[str, Any]) -> dict[str, Any]:
    """Write the days, numbers and lines of a notice as its reader writes them."""
    said = dict(data)
    for name, value in data.items():
        if name == "as_of":
            said[name] = formats.day(date.fromisoformat(value), speaker.locale)
        elif isinstance(value, int):
            said[name] = formats.count(value, speaker.locale)
        elif name == "lines":
            said[name] = _line_numbers(value, int(data["n"]))
    return said


def _line_numbers(lines: Sequence[int], n: int) -> str:
    """Name lines as the other lines of a report are named; not all are known of many."""
    return ", ".join(map(str, lines)) + (", …" if n > len(lines) else "")


def faults(speaker: Speaker, file: str, found: Iterable[Fault]) -> list[str]:
    """Say each rejected line: file, line, column, value, reason; not HTML."""
    return [_fault(speaker, file, one) for one in found]


def _fault(speaker: Speaker, file: str, one: Fault) -> str:
    reason = speaker.say(REASONS[one.reason])
    value = formats.name(one.value, VALUE_LIMIT)
    place = f"{formats.name(file)}:{one.line}"
    column = one.column or one.letter
    if column and not value:
        sentence = "{place}: column {column}: {reason}"
        return speaker.say(
            sentence, place=place, column=formats.name(column, VALUE_LIMIT), reason=reason
        )
    if column:
        sentence = "{place}: column {column} “{value}”: {reason}"
        shown = formats.name(column, VALUE_LIMIT)
        return speaker.say(sentence, place=place, column=shown, value=value, reason=reason)
    if value:
        return speaker.say("{place}: “{value}”: {reason}", place=place, value=value, reason=reason)
    return speaker.say("{place}: {reason}", place=place, reason=reason)


def remarks(speaker: Speaker, report: ImportReport, most: int) -> list[str]:
    """Say what was dropped or changed on lines that were taken; not HTML."""
    if not report.remarks:
        return []
    head = speaker.say("Taken, but a cell was dropped or changed:")
    rest = len(report.remarks) - most
    more = [speaker.count("… and {n} more line", "… and {n} more lines", rest)] if rest > 0 else []
    return [head, *faults(speaker, report.file, report.remarks[:most]), *more]


def blamed(speaker: Speaker, refusal: FileRefused, most: int | None = None) -> list[str]:
    """Say which lines keep a whole file from being taken, the first ones; plain text."""
    seen = [Fault(**one) for one in refusal.data.get("rejections", ())[:most]]
    return faults(speaker, refusal.file, seen)


def refused(speaker: Speaker, refusal: FileRefused) -> str:
    """Say why a whole file is not taken, and what to do about it; plain text."""
    data = dict(refusal.data)
    if "expected_minor" in data:
        currency = data["currency"]
        for name in ("expected", "found"):
            money = Money.from_minor(data[f"{name}_minor"], currency)
            data[name] = formats.money(money, speaker.locale)
    if "as_of" in data:
        data["as_of"] = formats.day(date.fromisoformat(data["as_of"]), speaker.locale)
    if "missing" in data:
        data["kind"] = speaker.say(KINDS[data["kind"]])
        firsts = (one.partition("|")[0] for one in data["missing"])
        title = speaker.say("TITLE")
        data["options"] = " ".join(f"--map {one}={title}" for one in firsts)
        data["missing"] = ", ".join(_any_of(speaker, one) for one in data["missing"])
        data["headers"] = formats.name(", ".join(data["headers"]), TITLES_LIMIT)
    sentence = FILES.get(refusal.code, FILES["unreadable"])
    return speaker.say(sentence, file=formats.name(refusal.file), **data)


def _any_of(speaker: Speaker, names: str) -> str:
    """Name columns of which one is needed."""
    return " / ".join(speaker.say(COLUMNS.get(one, one)) for one in names.split("|"))
