"""The whole register of guarantees: on one screen, as a workbook, and the way to add to it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.documents.workbooks import MIME, Cell, Sheet, workbook
from bot.screens import formats
from bot.screens.guarantee import MENTIONS, AddGuarantee, ShowGuarantee, named
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, File, Screen
from bot.screens.tap import Tap, verb

if TYPE_CHECKING:
    from bot.use_cases.guarantees import Held

LABEL = 34
SHOWN = 10
COLUMNS = (
    N_("Code"),
    N_("Customer"),
    N_("Guarantee"),
    N_("Amount"),
    N_("Currency"),
    N_("Until"),
    N_("Given by"),
    N_("Reference"),
    N_("Mentions"),
    N_("Lowers the exposure"),
)


@verb("gx")
@dataclass(frozen=True, slots=True)
class ExportGuarantees(Tap):
    """Send the register as a workbook."""


def register(speaker: Speaker, held: Sequence[Held]) -> Screen:
    """Show the running guarantees of everybody, the one that ends first in front."""
    page = speaker.page("guarantee/register.html", count=len(held), shown=min(len(held), SHOWN))
    rows: list[tuple[Button, ...]] = [
        (Button(_line(speaker, one), ShowGuarantee(one.row.id)),) for one in held[:SHOWN]
    ]
    if held:
        rows.append((Button(speaker.say("Export (XLSX)"), ExportGuarantees()),))
    return Screen(page, tuple(rows))


def _line(speaker: Speaker, one: Held) -> str:
    until = one.value.valid_until
    name = formats.name(one.row.customer, 18)
    words = f"{name} · {named(speaker, one.value.kind)}"
    return words if until is None else f"{formats.day(until, speaker.locale)} · {words}"


def choose(speaker: Speaker, hits: Sequence[tuple[int, str, str]]) -> Screen:
    """Ask which account gives a guarantee: (customer id, code, name) each."""
    page = speaker.page("guarantee/choose.html", count=len(hits))
    rows = tuple(
        (Button(formats.account(name, code), AddGuarantee(customer)),)
        for customer, code, name in hits
    )
    return Screen(page, rows)


def coming(speaker: Speaker) -> str:
    """Say that the workbook is being written."""
    return speaker.say("The workbook is on its way.")


def workbook_of(speaker: Speaker, held: Sequence[Held], today: date) -> Screen:
    """Send the register as a workbook: a line per guarantee."""
    title = speaker.say("Register of guarantees")
    header = [speaker.say(word) for word in COLUMNS]
    note = formats.day(today, speaker.locale)
    sheet = Sheet(title, title, note, header, [_cells(speaker, one) for one in held])
    name = f"{speaker.say('guarantees')}-{today.isoformat()}.xlsx"
    caption = html.escape(f"{title} · {note}", quote=False)
    return Screen(caption, file=File(name, workbook([sheet]), MIME), protected=False)


def _cells(speaker: Speaker, one: Held) -> list[Cell]:
    value, row = one.value, one.row
    return [
        row.code,
        row.customer,
        named(speaker, value.kind),
        value.amount,
        row.currency if value.amount else None,
        value.valid_until,
        row.giver,
        row.reference,
        speaker.say(MENTIONS[value.mentions]) if value.mentions else None,
        speaker.say("yes") if one.counts else speaker.say("no"),
    ]
