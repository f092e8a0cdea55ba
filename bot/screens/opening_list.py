"""Account files as a workbook: one line each, with what was decided and what is missing."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.documents.workbooks import MIME, Cell, Sheet, workbook
from bot.screens import opening_words as words
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, File, Screen
from bot.screens.tap import Tap, verb
from credit.account_opening import Kind
from credit.money import Money
from storage import openings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.use_cases.openings import Opening
    from credit.account_opening import FirstOrder, Terms

COLUMNS = (
    N_("Legal name"),
    N_("SIREN"),
    N_("By"),
    N_("State"),
    N_("Begun"),
    N_("Sent on"),
    N_("Decided on"),
    N_("Wanted"),
    N_("Class"),
    N_("Limit"),
    N_("Currency"),
    N_("Valid until"),
    N_("Terms"),
    N_("First order"),
    N_("Points missing"),
)


@verb("ek")
@dataclass(frozen=True, slots=True)
class ExportOpenings(Tap):
    """Send the files that the reader may see as a workbook."""


def key(speaker: Speaker) -> Button:
    """Offer the files as a workbook."""
    return Button(speaker.say("Export (XLSX)"), ExportOpenings())


def coming(speaker: Speaker) -> str:
    """Say that the workbook is being written."""
    return speaker.say("The workbook is on its way.")


def workbook_of(speaker: Speaker, found: Sequence[Opening], today: date) -> Screen:
    """Send every file as a workbook."""
    title = speaker.say("Accounts to open")
    sheet = Sheet(
        title,
        title,
        str(today),
        [speaker.say(column) for column in COLUMNS],
        [_line(speaker, one) for one in found],
    )
    name = f"{speaker.say('accounts')}-{today}.xlsx"
    return Screen(html.escape(title), file=File(name, workbook([sheet]), MIME))


def _line(speaker: Speaker, found: Opening) -> list[Cell]:
    row, checklist = found.row, found.checklist
    limit = None if row.limit_minor is None else Money.from_minor(row.limit_minor, row.currency)
    return [
        row.name,
        words.grouped(row.siren or "", Kind.SIREN),
        row.author,
        speaker.say(words.STATES[found.state]),
        _day(speaker, row.created_at),
        _day(speaker, row.sent_at),
        _day(speaker, row.decided_at),
        found.wanted,
        row.risk_class,
        limit if found.state == openings.ACCEPTED else None,
        limit.currency if limit else found.wanted and found.wanted.currency,
        row.valid_until,
        _label(speaker, checklist.terms, row.terms),
        _label(speaker, checklist.first_orders, row.first_order),
        len(found.lacking),
    ]


def _day(speaker: Speaker, at: datetime | None) -> date | None:
    return at.astimezone(speaker.zone).date() if at else None


def _label(speaker: Speaker, known: Iterable[Terms | FirstOrder], code: str | None) -> str | None:
    return next((one.label[speaker.locale] for one in known if one.code == code), code)
