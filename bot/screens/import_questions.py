"""What is asked about a file, in the reader's words: one by one, or all at once."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.screens import formats
from bot.screens.import_words import KINDS
from bot.screens.render import N_, Speaker

if TYPE_CHECKING:
    from storage.sync.reading import Question, Reading

SAMPLE_LINES = 5
SAMPLE_CELL = 24
SAMPLE_WIDTH = 110
VALUES = 3
CHOICES = 6
ABSENT = "-"
FIELDS = {
    "customer_code": N_("the customer's code"),
    "customer_name": N_("the customer's name"),
    "invoice_number": N_("the invoice number"),
    "invoice_date": N_("the invoice date"),
    "due_date": N_("the due date"),
    "amount_total": N_("the amount"),
    "amount_open": N_("the amount still open"),
    "settled_on": N_("the day of settlement"),
    "received_on": N_("the day of the payment"),
    "debit": N_("the debit"),
    "credit": N_("the credit"),
}
HOLDS = N_("Which column holds {field}?")
QUESTIONS = {
    "no_due_dates": N_(
        "A FEC holds no due dates: does a date of it stand in for them? "
        "Only an export of open invoices tells who is late."
    ),
    "unknown_kind": N_("What are the lines of this file?"),
    "ambiguous_field": N_("Several columns may hold {field}: which one?"),
    "total_as_open": N_(
        "The file states what was invoiced, not what is still open. Which column is still open?"
    ),
    "cumulative_balance": N_(
        "The balance runs on from line to line. Which column is open per invoice?"
    ),
    "ambiguous_decimal": N_("Is the decimal sign a comma or a point?"),
    "ambiguous_dates": N_("In the dates, does the day or the month come first?"),
    "contradictory_dates": N_(
        "Some dates begin with the day, others with the month. Which comes first in this file?"
    ),
}
ANSWERS = {
    **KINDS,
    "comma": N_("comma"),
    "point": N_("point"),
    "day_first": N_("day first"),
    "month_first": N_("month first"),
    ABSENT: N_("This field is not there"),
}
WITHOUT = {
    "due_date": N_("no column holds it: nothing of this file counts as late"),
    "amount_open": N_("no column holds it: it is worked out from the others"),
}
"""What the answer that no column holds a field comes to, where it comes to much."""


def question(speaker: Speaker, code: str, key: str) -> str:
    """Ask what a file leaves open."""
    return speaker.say(QUESTIONS.get(code, HOLDS), field=_said(speaker, FIELDS, key))


def answer(speaker: Speaker, candidate: str, kind: str) -> str:
    """Name an answer to a kind of question: a code in words, a column by its heading."""
    if kind == "no_due_dates" and candidate == ABSENT:
        return speaker.say("No: nothing counts as late")
    return _said(speaker, ANSWERS, candidate)


def asked(speaker: Speaker, reading: Reading) -> list[str]:
    """Say what is not certain about a file: sample lines, questions, and what to type."""
    lines = [speaker.say("{file}: I need your word before I read it.", file=reading.file), ""]
    table = _table(reading)
    lines += [*table, ""] if table else []
    for one in reading.questions:
        lines += _question(speaker, reading, one)
    lines.append("")
    lines.append(
        speaker.say(
            "Type the same command again with one of these options per question: "
            "the answers are remembered for files of the same shape."
        )
    )
    return lines


def _question(speaker: Speaker, reading: Reading, one: Question) -> Iterator[str]:
    if one.kind.value == "unknown_answer":
        yield from _no_such(speaker, reading, one)
        return
    yield "• " + question(speaker, one.kind.value, one.key)
    for at in reading.concerned(one) if _table(reading) is None else ():
        yield f"    {formats.name(reading.headers[at], SAMPLE_CELL)}: {_values(reading, at)}"
    columns = [choice for choice in one.candidates if choice != ABSENT]
    yield from _options(speaker, reading, one.key, columns[:CHOICES])
    if len(columns) > CHOICES:
        yield "    " + _others(speaker, len(columns) - CHOICES)
    if ABSENT in one.candidates:
        yield _option(one.key, ABSENT, speaker.say(WITHOUT.get(one.key, ANSWERS[ABSENT])))


def _no_such(speaker: Speaker, reading: Reading, one: Question) -> Iterator[str]:
    """Say that an answer names a column, or a field, that there is not."""
    if one.candidates == reading.headers:
        wanted = formats.name(str(reading.answers.get(one.key, "")), SAMPLE_CELL)
        field = _said(speaker, FIELDS, one.key)
        sentence = "The file has no column “{column}” for {field}. It has:"
        yield "• " + speaker.say(sentence, column=wanted, field=field)
        columns = [name for name in one.candidates if name]
        yield from _options(speaker, reading, one.key, columns)
        return
    sentence = "There is no field “{field}”. The first word of --map is one of:"
    yield "• " + speaker.say(sentence, field=formats.name(one.key, SAMPLE_CELL))
    width = max(map(len, FIELDS))
    for name, words in FIELDS.items():
        yield f"    {name.ljust(width)}  {speaker.say(words)}"


def _options(speaker: Speaker, reading: Reading, key: str, choices: list[str]) -> Iterator[str]:
    for choice in choices:
        if choice in reading.headers:
            meant = _values(reading, reading.headers.index(choice))
        else:
            meant = _said(speaker, ANSWERS, choice)
        yield _option(key, choice, meant)


def _option(key: str, choice: str, meant: str) -> str:
    typed = f"    --map {_quoted(f'{key}={choice}')}"
    return f"{typed.ljust(40)}  ({meant})" if meant else typed


def _values(reading: Reading, at: int) -> str:
    """Show what a column holds, to be told by it."""
    found = [line[at] for line in reading.samples if at < len(line) and line[at]]
    return " · ".join(formats.name(cell, SAMPLE_CELL) for cell in dict.fromkeys(found[:VALUES]))


def _others(speaker: Speaker, n: int) -> str:
    return speaker.count("… or {n} other column", "… or {n} other columns", n)


def _table(reading: Reading) -> list[str] | None:
    """Show the first lines as a table, None when no screen is as wide."""
    rows = [reading.headers, *reading.samples[:SAMPLE_LINES]]
    cut = [[formats.name(cell, SAMPLE_CELL) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cut, strict=False)]
    if sum(widths) + 3 * len(widths) > SAMPLE_WIDTH:
        return None
    return [
        "  " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        for row in cut
    ]


def _quoted(option: str) -> str:
    """Write an option as any command line takes it."""
    if all(sign.isalnum() or sign in "_=-.#/°" for sign in option):
        return option
    return shlex.quote(option) if any(sign in '"$`\\!' for sign in option) else f'"{option}"'


def _said(speaker: Speaker, words: Mapping[str, str], code: str) -> str:
    return speaker.say(words[code]) if code in words else code
