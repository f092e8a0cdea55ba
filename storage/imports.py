"""Imports as rows: what was read when, and the column mappings that people confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from credit.receivable import ItemKind
from storage.book_load import reserve
from storage.sync.reading import Kind, Remembered
from storage.tables import column_mapping, customer, import_run, item
from storage.upsert import Upsert
from storage.work import Work

_ADD = insert(import_run)
_SAME = (
    select(import_run)
    .where(import_run.c.sha256 == bindparam("sha"), import_run.c.kind == bindparam("kind"))
    .order_by(import_run.c.id.desc())
)
_REPORT = select(import_run.c.report).where(import_run.c.id == bindparam("run"))
_COMPLETE = (
    update(import_run).where(import_run.c.id == bindparam("run")).values(report=bindparam("all"))
)
_LATEST = select(import_run).order_by(import_run.c.id.desc()).limit(bindparam("most"))
_CAME_BY = select(import_run.c.id).where(
    import_run.c.sha256 == bindparam("sha"),
    import_run.c.channel == bindparam("channel"),
    import_run.c.at >= bindparam("since"),
)
_LAST_OF_KIND = (
    select(import_run.c.sha256)
    .where(import_run.c.kind == bindparam("kind"))
    .order_by(import_run.c.id.desc())
    .limit(1)
)
_LAST_EXPORT = (
    select(func.max(import_run.c.id))
    .where(import_run.c.kind == Kind.RECEIVABLES.value)
    .scalar_subquery()
)
_CUSTOMERS_SINCE = (
    select(import_run.c.id)
    .where(import_run.c.kind == Kind.CUSTOMERS.value, import_run.c.id > _LAST_EXPORT)
    .limit(1)
)
_TO_DATE = (
    select(item.c.id)
    .join(customer, customer.c.id == item.c.customer_id)
    .where(
        item.c.due_on.is_(None),
        item.c.issued_on.is_not(None),
        item.c.kind == ItemKind.INVOICE.value,
        item.c.open_minor > 0,
        customer.c.terms.is_not(None),
    )
    .limit(1)
)
_MAPPING = select(column_mapping).where(column_mapping.c.fingerprint == bindparam("fingerprint"))
_REMEMBER = Upsert(
    column_mapping,
    keys=("fingerprint",),
    update=("kind", "overrides", "confirmed_by", "confirmed_at"),
)


def next_id(work: Work) -> int:
    """Take the id of an import that is about to be written."""
    return next(reserve(work, import_run, 1))


def add(work: Work, values: dict[str, Any]) -> None:
    """Keep an import with its report; `values` are its columns, the id too."""
    work.execute(_ADD, values)


def complete(work: Work, run: int, news: Mapping[str, Any]) -> None:
    """Add what was found after an import was seen to its report."""
    report = work.scalar(_REPORT, {"run": run})
    work.execute(_COMPLETE, {"run": run, "all": {**report, **news}})


def of_same_bytes(work: Work, sha256: str, kind: str) -> list[Row[Any]]:
    """Read the imports of exactly this file, newest first."""
    return list(work.all(_SAME, {"sha": sha256, "kind": kind}))


def latest(work: Work, most: int = 5) -> list[Row[Any]]:
    """Read the last imports, newest first."""
    return list(work.all(_LATEST, {"most": most}))


def last_as_of(work: Work, sha256: str, kind: str) -> date | None:
    """Return the day that this very file was taken to speak of, None when it is unknown."""
    runs = of_same_bytes(work, sha256, kind)
    return runs[0].as_of if runs else None


def last_of_kind(work: Work, kind: str) -> str | None:
    """Return the digest of the last file of a kind, None when none was imported."""
    digest: str | None = work.scalar(_LAST_OF_KIND, {"kind": kind})
    return digest


def terms_came(work: Work) -> bool:
    """Tell whether customers came after the last export, and with them terms for undated lines."""
    return work.first(_CUSTOMERS_SINCE, {}) is not None and work.first(_TO_DATE, {}) is not None


def came_by(work: Work, sha256: str, channel: str, since: datetime) -> bool:
    """Tell whether exactly this file was imported through a channel since a moment."""
    values = {"sha": sha256, "channel": channel, "since": since}
    return work.first(_CAME_BY, values) is not None


def recall(work: Work, fingerprint: str) -> Remembered | None:
    """Find the mapping that a person confirmed for files of this shape."""
    row = work.first(_MAPPING, {"fingerprint": fingerprint})
    return row and Remembered(row.fingerprint, Kind(row.kind), dict(row.overrides))


def remember(work: Work, mapping: Remembered, person_id: int | None, at: datetime) -> None:
    """Keep a confirmed mapping: files of the same shape are read without asking."""
    work.execute(
        _REMEMBER,
        {
            "fingerprint": mapping.fingerprint,
            "kind": mapping.kind.value,
            "overrides": dict(mapping.answers),
            "confirmed_by": person_id,
            "confirmed_at": at,
        },
    )
