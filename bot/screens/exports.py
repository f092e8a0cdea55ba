"""Lists as workbooks in the reader's words: values in, a document out."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date

from bot.documents.workbooks import MIME, Cell, Sheet, workbook
from bot.screens import formats
from bot.screens.alert import MARKS, sentence
from bot.screens.dashboard import scope_of
from bot.screens.render import N_, Speaker
from bot.screens.screen import File, Screen
from bot.use_cases.exports import Scope
from bot.use_cases.worklist import Call
from credit.ageing import BUCKETS
from storage.indicators import Exposed

WHO = (N_("Code"), N_("Customer"), N_("Rep"))
SUMS = (N_("No date"), N_("Credits"), N_("Overdue"), N_("Balance"), N_("Limit"))
CALLS = (
    N_("Rank"),
    N_("Code"),
    N_("Customer"),
    N_("Amount"),
    N_("Currency"),
    N_("Days late"),
    N_("Level"),
    N_("Why"),
)


def coming(speaker: Speaker) -> str:
    """Say that the workbook is being written."""
    return speaker.say("The workbook is on its way.")


def balance(speaker: Speaker, scope: Scope, lines: Sequence[Exposed], today: date) -> Screen:
    """Send what every customer owes: a sheet per currency, a column per bucket."""
    title = speaker.say("Aged balance")
    currencies = sorted({one.currency for one in lines}) or [title]
    header = [speaker.say(word) for word in WHO]
    header += [speaker.say("Not due"), *(speaker.say("{span} d", span=name) for name in BUCKETS)]
    header += [speaker.say(word) for word in SUMS]
    note = _note(speaker, scope)
    sheets = [
        Sheet(
            currency,
            title,
            note,
            header,
            [_owed(one) for one in lines if one.currency == currency],
        )
        for currency in currencies
    ]
    name = f"{speaker.say('balance')}-{today.isoformat()}.xlsx"
    return _document(f"{title} · {note}", name, sheets)


def _owed(one: Exposed) -> list[Cell]:
    places = one.balance
    return [
        one.code,
        one.name,
        one.owner,
        places.not_due,
        *(places.buckets[name] for name in BUCKETS),
        places.no_due_date,
        places.credits,
        places.overdue,
        places.total,
        one.limit,
    ]


def day(speaker: Speaker, scope: Scope, calls: Sequence[Call], today: date) -> Screen:
    """Send whom to call, the first to call first: a line per customer and currency."""
    title = speaker.say("Whom to call")
    note = _note(speaker, scope)
    lines: list[list[Cell]] = [
        [
            rank,
            call.code,
            call.name,
            claim,
            claim.currency,
            call.worst_days,
            MARKS[call.level],
            sentence(speaker, call.signal) if call.signal else "",
        ]
        for rank, call in enumerate(calls, 1)
        for claim in call.claims
    ]
    sheet = Sheet(title, title, note, [speaker.say(word) for word in CALLS], lines)
    name = f"{speaker.say('calls')}-{today.isoformat()}.xlsx"
    return _document(f"{title} · {note}", name, [sheet])


def _note(speaker: Speaker, scope: Scope) -> str:
    whose = scope_of(speaker, scope.role, scope.codes)
    if scope.data_as_of is None:
        return whose
    at = formats.moment(scope.data_as_of, speaker.locale, speaker.zone)
    return f"{whose} · {speaker.say('data of {at}', at=at)}"


def _document(caption: str, name: str, sheets: Sequence[Sheet]) -> Screen:
    content = workbook(sheets)
    return Screen(
        html.escape(caption, quote=False), file=File(name, content, MIME), protected=False
    )
