"""Broadcasts and who received them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from storage.tables.schema import Key, metadata
from storage.types import UtcDateTime

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("audience", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("report_message_id", BigInteger),
    Column("report_version", Integer, nullable=False, server_default="0"),
)

broadcast_recipient = Table(
    "broadcast_recipient",
    metadata,
    Column("broadcast_id", ForeignKey("broadcast.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("state", String(10), nullable=False),  # waiting, sent, seen, blocked, failed
    Column("at", UtcDateTime, nullable=False),
    Index("ix_broadcast_recipient_state", "broadcast_id", "state"),
)

# What of a broadcast is not in the outbox yet: to whom it goes, and up to whom it has come.
broadcast_wave = Table(
    "broadcast_wave",
    metadata,
    Column("broadcast_id", ForeignKey("broadcast.id"), primary_key=True),
    Column("again", String(40), primary_key=True),  # "" the first time, else which repetition
    Column("state", String(10), nullable=False),  # of the recipients
    Column("not_before", UtcDateTime, nullable=False),
    Column("after", Key, nullable=False),  # the person it has come to
)
