"""Alerts, the cards that show them, the feedback on rules."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, text

from storage.tables.schema import Key, metadata
from storage.tables.seen import of_customer
from storage.types import JsonText, UtcDateTime

# not by the state: SQLite prepares anew what compares a bound value with a partial index's column
_SNOOZED = text("snoozed_until is not null")

alert = Table(
    "alert",
    metadata,
    Column("customer_id", *of_customer(), primary_key=True),
    Column("level", Integer, nullable=False),
    Column(
        "state", String(12), nullable=False
    ),  # raised, acknowledged, snoozed, dismissed, cleared
    Column("lights", JsonText, nullable=False),
    Column("signals", JsonText, nullable=False),
    Column("action", String(40)),
    Column("points", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("pushed_level", Integer, nullable=False, server_default="0"),
    Column("pushed_at", UtcDateTime),
    Column("answer_by", UtcDateTime),  # no answer by then: the manager hears of it
    Column("escalated_at", UtcDateTime),
    Column("snoozed_until", UtcDateTime),
    Column("answered_by", ForeignKey("person.id")),
    Column("dismissal", String(30)),
    Index("ix_alert_level", "level"),
    Index("ix_alert_answer_by", "answer_by"),
    Index("ix_alert_snoozed", "snoozed_until", sqlite_where=_SNOOZED, postgresql_where=_SNOOZED),
)

# Which message shows the card of which account to whom, so that it is edited, not repeated.
card = Table(
    "card",
    metadata,
    Column("customer_id", *of_customer(), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("message_id", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("because", String(40)),  # why it came, for as long as nobody has answered
    Column("at", UtcDateTime, nullable=False),
)

# Alerts that rang for nobody because too many did: told in one message, then taken away.
gathered_alert = Table(
    "gathered_alert",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("customer_id", *of_customer(), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# How many cards have rung for whom since when, and when what was gathered is told.
alert_volume = Table(
    "alert_volume",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("gather_at", UtcDateTime),
)

rule_feedback = Table(
    "rule_feedback",
    metadata,
    Column("id", Key, primary_key=True),
    Column("signal", String(8), nullable=False),
    Column("customer_id", *of_customer(), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
