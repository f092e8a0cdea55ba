"""People, their portfolios and their invitations."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table

from storage.tables.schema import Key, metadata
from storage.types import JsonText, UtcDateTime

person = Table(
    "person",
    metadata,
    Column("id", Key, primary_key=True),
    Column("telegram_id", BigInteger, nullable=True, unique=True),
    Column("name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("locale", String(5), nullable=False, server_default="fr"),
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("digest_at", String(5), nullable=False, server_default="07:45"),
    Column("alert_pace", String(10), nullable=False, server_default="now"),
    Column("phone", String(40)),
    Column("enrolled_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("unreachable_since", UtcDateTime),
    Column("last_seen_at", UtcDateTime),
    # who is told of an alert: the few at the desk, among thousands of reps
    Index("ix_person_role", "role"),
)

# For a rep: the codes of his portfolios. For a sales manager: those of his team; none = all.
portfolio = Table(
    "portfolio",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("code", String(60), primary_key=True),
    Index("ix_portfolio_code", "code"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("name", String(120)),
    Column("codes", JsonText, nullable=False),
    Column("created_by", ForeignKey("person.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("used_by", ForeignKey("person.id")),
)
