"""Alerts as rows: one per account, the card that shows it to each reader, the feedback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Row,
    Text,
    bindparam,
    insert,
    literal_column,
    select,
    type_coerce,
    update,
)

from credit.moment import Moment
from storage import outbox as post_box
from storage.bulk import Among, Bulk, Many, picked
from storage.customers import OWNER
from storage.scope import Codes, Scoped
from storage.tables import alert, card, customer, outbox, person, rule_feedback
from storage.types import JsonText, UtcDateTime, as_text, moment_of, stored_moment
from storage.upsert import Upsert
from storage.work import Work

RAISED, ACKNOWLEDGED, SNOOZED = "raised", "acknowledged", "snoozed"
DISMISSED, CLEARED = "dismissed", "cleared"
ALL: Final = 1_000_000_000
NEWS, MOVED = "alert", "card_moved"  # kinds of outbox rows

_OF = select(alert).where(alert.c.customer_id == bindparam("customer"))
_ANSWERED = select(alert.c.state, alert.c.answered_by).where(
    alert.c.customer_id == bindparam("customer")
)
_SAVE = Upsert(
    alert,
    keys=["customer_id"],
    update=[column.name for column in alert.c if column.name != "customer_id"],
)
# A scan compares what was stored with what it found as text, and spells what it writes once.
_SAVE_ALL = Many(
    Upsert(
        as_text(alert),
        keys=["customer_id"],
        update=[column.name for column in alert.c if column.name != "customer_id"],
    ),
    [column.name for column in alert.c],
)
_OF_MANY = Bulk(
    select(
        *(
            type_coerce(one, Text).label(one.name) if isinstance(one.type, JsonText) else one
            for one in alert.c
        )
    ).where(Among(alert.c.customer_id)),
    scattered=True,
)
_MOMENTS = [place for place, one in enumerate(alert.c) if isinstance(one.type, UtcDateTime)]
# On PostgreSQL an answer may come between looking and writing: it waits, or is seen.
_HELD = (
    select(alert.c.customer_id, alert.c.version)
    .where(Among(alert.c.customer_id))
    .order_by(alert.c.customer_id)
    .with_for_update()
)
_ANSWER = (
    update(alert)
    .where(alert.c.customer_id == bindparam("customer"), alert.c.level > 0)
    .values(
        state=bindparam("s"),
        answered_by=bindparam("by"),
        answer_by=None,
        snoozed_until=bindparam("until"),
        dismissal=bindparam("why"),
        changed_at=bindparam("at"),
        version=alert.c.version + 1,
    )
    .returning(alert)
)
_UNANSWERED = (
    select(alert.c.customer_id, alert.c.pushed_at, OWNER.label("rep_code"))
    .select_from(alert.join(customer))
    .where(
        alert.c.state == RAISED,
        alert.c.answer_by <= bindparam("now"),
        alert.c.escalated_at.is_(None),
    )
    .order_by(alert.c.answer_by)
    .limit(bindparam("most"))
)
_ESCALATED = (
    update(alert)
    .where(alert.c.customer_id == bindparam("customer"), alert.c.escalated_at.is_(None))
    .values(escalated_at=bindparam("at"))
)
_WAKING = (
    select(alert.c.customer_id)
    .where(alert.c.state == SNOOZED, alert.c.snoozed_until <= bindparam("now"))
    .order_by(alert.c.snoozed_until)
)
_WAKING_OF_SOME = _WAKING.where(Among(alert.c.customer_id))
_GRAVEST = Scoped(
    select(alert.c.customer_id, alert.c.state, customer.c.code, customer.c.name)
    .select_from(alert.join(customer))
    .where(alert.c.level > 0)
    .order_by(alert.c.level.desc(), alert.c.points.desc(), alert.c.customer_id)
    .limit(bindparam("most"))
)
_CARDS = (
    select(card, person.c.telegram_id)
    .select_from(card.join(person))
    .where(card.c.customer_id == bindparam("customer"))
)
_CARDS_OF_MANY = (
    select(card, person.c.telegram_id)
    .select_from(card.join(person))
    .where(Among(card.c.customer_id))
    .order_by(card.c.customer_id, card.c.person_id)
)
_CARD = select(card).where(
    card.c.customer_id == bindparam("customer"), card.c.person_id == bindparam("person")
)
_KEEP_CARD = Upsert(
    card, keys=["customer_id", "person_id"], update=["message_id", "version", "because", "at"]
)
_CHAT = select(person.c.telegram_id).where(person.c.id == bindparam("person"))
_OVERTAKE = (
    update(outbox)
    .where(
        # written out: an index of what waits is used for these words only
        outbox.c.state == literal_column("'waiting'"),
        outbox.c.kind == literal_column("'alert'"),
        outbox.c.person_id == bindparam("person"),
        outbox.c.dedupe.startswith(bindparam("prefix"), autoescape=False),
    )
    .values(state=post_box.State.DROPPED.value, error="overtaken by newer news")
)
_FEEDBACK = insert(rule_feedback)


@dataclass(frozen=True, slots=True)
class Known:
    """An account's alert as it is remembered; `signals` and `lights` are plain values."""

    customer_id: int
    level: int
    state: str
    lights: Mapping[str, str]
    signals: Sequence[Mapping[str, Any]]
    action: str | None
    points: int
    version: int
    raised_at: datetime
    changed_at: datetime
    pushed_level: int
    pushed_at: datetime | None
    answer_by: datetime | None
    escalated_at: datetime | None
    snoozed_until: datetime | None
    answered_by: int | None
    dismissal: str | None


class Stored(NamedTuple):
    """An account's alert as its row holds it: `lights` and `signals` are spelled JSON."""

    customer_id: int
    level: int
    state: str
    lights: str
    signals: str
    action: str | None
    points: int
    version: int
    raised_at: datetime
    changed_at: datetime
    pushed_level: int
    pushed_at: datetime | None
    answer_by: datetime | None
    escalated_at: datetime | None
    snoozed_until: datetime | None
    answered_by: int | None
    dismissal: str | None


def of(work: Work, customer_id: int) -> Known | None:
    """Read an account's alert, cleared ones too."""
    return _known(work.first(_OF, {"customer": customer_id}))


def answered(work: Work, customer_id: int) -> tuple[str, int | None] | None:
    """Tell how an account's alert stands, and who answered it last; None without one."""
    row = work.first(_ANSWERED, {"customer": customer_id})
    return row and (row.state, row.answered_by)


def _known(row: Row[Any] | None) -> Known | None:
    return row and Known(*tuple(row))  # the columns in their order, as `Stored`


def save(work: Work, known: Known) -> None:
    """Write an account's alert, new or changed."""
    work.execute(_SAVE, {name: getattr(known, name) for name in Known.__slots__})


def stored(work: Work, customer_ids: Iterable[int]) -> dict[int, Stored]:
    """Read the alerts of these customers, cleared ones too, by customer."""
    rows = _OF_MANY.rows(work, {"ids": picked(customer_ids)})
    return {row[0]: _stored(row) for row in rows}


def _stored(row: Sequence[Any]) -> Stored:
    values = list(row)
    for place in _MOMENTS:
        if values[place] is not None:
            values[place] = _told(values[place])
    return Stored._make(values)


def hold(work: Work, customer_ids: Iterable[int]) -> dict[int, int]:
    """Let nobody answer these customers' alerts until they are written; return their versions."""
    rows = work.all(_HELD, {"ids": list(customer_ids)})
    return {row.customer_id: row.version for row in rows}


def save_all(work: Work, alerts: Iterable[Stored]) -> None:
    """Write many accounts' alerts, new or changed."""
    _SAVE_ALL.write(work, [_row(one) for one in alerts] if work.dialect == "sqlite" else [*alerts])


def _row(one: Stored) -> list[Any]:
    values: list[Any] = list(one)
    for place in _MOMENTS:
        if values[place] is not None:
            values[place] = _spelled(values[place])
    return values


_told = lru_cache(maxsize=1024)(moment_of)  # those of the alerts of one look are few


@lru_cache(maxsize=1024)
def _spelled(moment: datetime) -> datetime | int:
    return stored_moment(moment, "sqlite")


def answer(
    work: Work,
    customer_id: int,
    state: str,
    person_id: int,
    at: datetime,
    until: datetime | None = None,
    why: str | None = None,
) -> Known | None:
    """Note what somebody does about an alert and return it; None when nothing is lit."""
    values = {"customer": customer_id, "s": state, "by": person_id, "at": at}
    return _known(work.first(_ANSWER, {**values, "until": until, "why": why}))


def unanswered(work: Work, now: datetime, most: int = ALL) -> list[Row[Any]]:
    """Read the alerts nobody answered in time, and whose they are, the longest first."""
    return list(work.all(_UNANSWERED, {"now": now, "most": most}))


def escalated(work: Work, customer_id: int, at: datetime) -> bool:
    """Note that the manager hears of it; False when he has heard already."""
    return work.execute(_ESCALATED, {"customer": customer_id, "at": at}) == 1


def waking(work: Work, now: datetime) -> list[int]:
    """Read the customers whose snooze is over, the longest first."""
    return work.scalars(_WAKING, {"now": now})


def waking_of(work: Work, customer_ids: Iterable[int], now: datetime) -> list[int]:
    """Read the same of some customers."""
    return work.scalars(_WAKING_OF_SOME, {"now": now, "ids": list(customer_ids)})


def gravest(work: Work, codes: Codes, most: int) -> list[Row[Any]]:
    """Read the gravest lit alerts of some portfolios, with the customer's code and name."""
    return _GRAVEST.rows(work, codes, {"most": most})


def cards(work: Work, customer_id: int) -> list[Row[Any]]:
    """Read which messages show an account's card, and to whom."""
    return list(work.all(_CARDS, {"customer": customer_id}))


def cards_of(work: Work, customer_ids: Iterable[int]) -> list[Row[Any]]:
    """Read which messages show the cards of these accounts, and to whom."""
    return list(work.all(_CARDS_OF_MANY, {"ids": list(customer_ids)}))


def card_of(work: Work, customer_id: int, person_id: int) -> int | None:
    """Find the message that shows an account's card to a person."""
    row = work.first(_CARD, {"customer": customer_id, "person": person_id})
    return row and int(row.message_id)


def keep_card(
    work: Work,
    customer_id: int,
    person_id: int,
    message_id: int,
    version: int,
    at: datetime,
    because: str = "",
) -> None:
    """Remember the message that shows a card; a former one becomes a line that points to it.

    So each reader has one live card per account. `because`: why it came, if it says so.
    """
    former = card_of(work, customer_id, person_id)
    values = {"customer_id": customer_id, "person_id": person_id, "message_id": message_id}
    shown = {"version": version, "because": because or None, "at": at}
    work.execute(_KEEP_CARD, {**values, **shown})
    if former is not None and former != message_id:
        _retire(work, customer_id, person_id, former, at)


def _retire(work: Work, customer_id: int, person_id: int, message_id: int, at: datetime) -> None:
    chat_id = work.scalar(_CHAT, {"person": person_id})
    if chat_id is None:
        return
    post_box.post(
        work,
        kind=MOVED,
        person_id=person_id,
        chat_id=chat_id,
        body={"customer_id": customer_id, "message_id": message_id},
        priority=post_box.Priority.ALERT,
        at=Moment(at, ZoneInfo("UTC")),
        dedupe=f"moved:{customer_id}:{person_id}:{message_id}",
        ready=False,
    )


def news_key(customer_id: int, person_id: int) -> str:
    """Return how the dedupe keys of one reader's news about an account begin."""
    return f"alert:{customer_id}:{person_id}:"


def overtake(work: Work, customer_id: int, person_id: int) -> int:
    """Drop the news about an account that still waits for its reader; return how many."""
    prefix = news_key(customer_id, person_id)
    return work.execute(_OVERTAKE, {"person": person_id, "prefix": prefix})


def feedback(
    work: Work, customer_id: int, person_id: int, signals: Sequence[str], why: str, at: datetime
) -> None:
    """Keep what a person thinks of the rules that fired."""
    rows = [
        {"signal": one, "customer_id": customer_id, "person_id": person_id, "reason": why, "at": at}
        for one in signals
    ]
    work.execute_many(_FEEDBACK, rows)
