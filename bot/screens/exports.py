"""Lists as workbooks in the reader's words: values in, a document out."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.documents.workbooks import MIME, Cell, Sheet, workbook
from bot.screens import export_words as words
from bot.screens import formats
from bot.screens.access import role_name
from bot.screens.alert import LEVELS, MARKS, sentence
from bot.screens.dashboard import scope_of
from bot.screens.history import reason
from bot.screens.order import STATES as ANSWERS
from bot.screens.promise import MEANS
from bot.screens.promise import STATES as KEPT
from bot.screens.render import Speaker
from bot.screens.screen import File, Screen
from bot.use_cases.exports import Alarm, Scope
from bot.use_cases.worklist import Call
from credit.ageing import BUCKETS
from credit.money import Money
from credit.people import Role
from storage.broadcasts import Broadcast
from storage.indicators import Exposed

HOUR = 3600
TOLD = 3
"""Reasons of an alert that its line tells."""
TEXT = 80
"""Characters of a message that was sent to many that its list repeats."""


def coming(speaker: Speaker) -> str:
    """Say that the workbook is being written."""
    return speaker.say("The workbook is on its way.")


def balance(speaker: Speaker, scope: Scope, lines: Sequence[Exposed], today: date) -> Screen:
    """Send what every customer owes: a sheet per currency, a column per bucket."""
    title = speaker.say("Aged balance")
    counted = Counter(one.currency for one in lines)  # the book opens on what most lines are in
    currencies = sorted(counted, key=lambda code: (-counted[code], code)) or [title]
    header = _said(speaker, words.WHO)
    header += [speaker.say("Not due"), *(speaker.say("{span} d", span=name) for name in BUCKETS)]
    header += _said(speaker, words.SUMS)
    note = _note(speaker, scope)
    sheets = [
        Sheet(
            currency,
            title,
            note,
            header,
            [_owed(one) for one in lines if one.currency == currency],
            speaker.say("Total"),
        )
        for currency in currencies
    ]
    return _document(f"{title} · {note}", f"{speaker.say('balance')}-{today}.xlsx", sheets)


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
    title = speaker.say("Whom to call")
    return _one(speaker, scope, title, words.CALLS, lines, f"{speaker.say('calls')}-{today}.xlsx")


def alerts(speaker: Speaker, scope: Scope, alarms: Sequence[Alarm], today: date) -> Screen:
    """Send the lit alerts, the gravest first, each with its heaviest reasons."""
    lines: list[list[Cell]] = [
        [
            one.row.code,
            one.row.name,
            one.row.owner,
            one.row.level,
            speaker.say(LEVELS[one.row.level]),
            speaker.say(words.ANSWERS[one.row.state]),
            one.row.author,
            _day(speaker, one.row.raised_at),
            one.late.balance.overdue if one.late else None,
            one.row.points,
            " ; ".join(sentence(speaker, signal) for signal in one.signals[:TOLD]),
        ]
        for one in alarms
    ]
    title = speaker.say("Alerts")
    return _one(speaker, scope, title, words.ALERTS, lines, f"{speaker.say('alerts')}-{today}.xlsx")


def promises(speaker: Speaker, scope: Scope, rows: Sequence[Any], today: date) -> Screen:
    """Send the promised instalments, the last to fall due first."""
    lines: list[list[Cell]] = [
        [
            row.code,
            row.name,
            row.owner,
            row.made_on,
            row.due_on,
            _money(row.amount_minor, row.currency),
            _money(row.paid_minor, row.currency),
            _money(row.credited_minor, row.currency),
            row.currency,
            speaker.say(KEPT[row.state]),
            speaker.say(MEANS[row.means]),
            speaker.say(words.FIRM if row.engaged else words.NOT_FIRM),
            row.author,
        ]
        for row in rows
    ]
    title = speaker.say("Promises")
    name = f"{speaker.say('promises')}-{today}.xlsx"
    return _one(speaker, scope, title, words.PROMISES, lines, name)


def disputes(speaker: Speaker, scope: Scope, rows: Sequence[Any], today: date) -> Screen:
    """Send the disputes, the newest first."""
    lines: list[list[Cell]] = [
        [
            row.code,
            row.name,
            row.owner,
            reason(speaker, row.reason),
            row.number,
            _money(row.amount_minor, row.currency),
            row.currency,
            row.opened_on,
            row.target_on,
            speaker.say(words.DISPUTED[row.state]),
            _day(speaker, row.closed_at),
            row.author,
            None if row.founded_minor is None else _money(row.founded_minor, row.currency),
            row.credit_note,
        ]
        for row in rows
    ]
    title = speaker.say("Disputes")
    name = f"{speaker.say('disputes')}-{today}.xlsx"
    return _one(speaker, scope, title, words.DISPUTES, lines, name)


def orders(
    speaker: Speaker, scope: Scope, requests: Sequence[Any], held: Sequence[Any], today: date
) -> Screen:
    """Send the requests to release orders, and the orders that the order desk holds."""
    asked: list[list[Cell]] = [
        [
            row.code,
            row.name,
            row.owner,
            _money(row.amount_minor, row.currency),
            row.currency,
            ", ".join(row.rules),
            row.reason,
            _moment(speaker, row.asked_at),
            speaker.say(ANSWERS[row.state]),
            _moment(speaker, row.decided_at),
            _hours(row.asked_at, row.decided_at),
            _money(row.deposit_minor, row.currency) if row.deposit_minor else None,
            row.author,
        ]
        for row in requests
    ]
    waiting: list[list[Cell]] = [
        [
            row.code,
            row.name,
            row.owner,
            row.number,
            row.ordered_on,
            _money(row.amount_minor, row.currency),
            row.currency,
        ]
        for row in held
    ]
    title, desk = speaker.say("Requests to release"), speaker.say("Held by the order desk")
    note, total = _note(speaker, scope), speaker.say("Total")
    sheets = [
        Sheet(title, title, note, _said(speaker, words.REQUESTS), asked, total),
        Sheet(desk, desk, note, _said(speaker, words.HELD), waiting, total),
    ]
    return _document(f"{title} · {note}", f"{speaker.say('orders')}-{today}.xlsx", sheets)


def readers(speaker: Speaker, sent: Broadcast, rows: Sequence[Any], today: date) -> Screen:
    """Send how far a broadcast came with each of its recipients."""
    lines: list[list[Cell]] = [
        [
            row.name,
            role_name(speaker, Role(row.role)),
            speaker.say(words.READ[row.state]),
            _moment(speaker, row.at),
        ]
        for row in rows
    ]
    title = speaker.say("Delivery report")
    at = formats.moment(sent.at, speaker.locale, speaker.zone)
    note = f"{at} · {formats.name(sent.text, TEXT)}"
    sheet = Sheet(title, title, note, _said(speaker, words.READERS), lines)
    return _document(f"{title} · {note}", f"{speaker.say('broadcast')}-{today}.xlsx", [sheet])


def _one(
    speaker: Speaker,
    scope: Scope,
    title: str,
    header: Sequence[str],
    lines: Sequence[Sequence[Cell]],
    name: str,
) -> Screen:
    note = _note(speaker, scope)
    sheet = Sheet(title, title, note, _said(speaker, header), lines, speaker.say("Total"))
    return _document(f"{title} · {note}", name, [sheet])


def _said(speaker: Speaker, header: Sequence[str]) -> list[str]:
    return [speaker.say(word) for word in header]


def _money(minor: int, currency: str) -> Money:
    return Money.from_minor(minor, currency)


def _moment(speaker: Speaker, at: datetime | None) -> datetime | None:
    """Put a moment on the company's clock; a cell knows no zones."""
    return at.astimezone(speaker.zone).replace(tzinfo=None, second=0, microsecond=0) if at else None


def _day(speaker: Speaker, at: datetime | None) -> date | None:
    return at.astimezone(speaker.zone).date() if at else None


def _hours(asked: datetime, answered: datetime | None) -> float | None:
    return round((answered - asked).total_seconds() / HOUR, 1) if answered else None


def _note(speaker: Speaker, scope: Scope) -> str:
    if scope.portfolio is None:
        whose = scope_of(speaker, scope.role, sorted(scope.codes or ()))
    elif scope.portfolio:
        whose = speaker.say("Portfolio {code}", code=scope.portfolio)
    else:
        whose = speaker.say("Without a rep")
    if scope.data_as_of is None:
        return whose
    at = formats.moment(scope.data_as_of, speaker.locale, speaker.zone)
    return f"{whose} · {speaker.say('data of {at}', at=at)}"


def _document(caption: str, name: str, sheets: Sequence[Sheet]) -> Screen:
    content = workbook(sheets)
    return Screen(
        html.escape(caption, quote=False), file=File(name, content, MIME), protected=False
    )
