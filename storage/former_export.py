"""The export before this one: what is known of its text, and whom it no longer speaks for.

The text lies beside a database file; for a server, on each machine that imports. Where the
next export has the same lines for a customer of whom nothing else has changed, it says again
what stands, and need not be compared.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, func, literal_column, or_, select, union

from storage import facts
from storage.backup import digest
from storage.book import UNAPPLIED
from storage.book_stage import OWNER_ONLY
from storage.tables import OPEN_END, customer, item_row, payment_row, settlement_row
from storage.tables import customer_row as known_row
from storage.work import Work

_FACT: Final = "former_export_told"  # that of an older release knows no repeated lines


class FormerExport(NamedTuple):
    """A whole export that was taken without a remark; `totals` in minor units per currency.

    `read_by` tells how its lines were read; `rows` counts them; `doubled` are the codes of the
    customers of whom lines repeat others (`book_doubled`), to be told of again.
    """

    version: int
    as_of: date
    at: datetime
    sha256: str
    read_by: str
    rows: int
    totals: Mapping[str, int]
    doubled: tuple[str, ...]


def _written_since(rows: Any) -> Any:  # noqa: ANN401 - a table whose rows have versions
    ended = and_(rows.c.until > bindparam("v"), rows.c.until != literal_column(str(OPEN_END)))
    return or_(rows.c.since > bindparam("v"), ended)


_DAY = bindparam("day", type_=item_row.c.stated_on.type)
# what a file says again of these is not what it said: money of a later day comes of age, cash
# that met no invoice is looked for, a settled item that is listed is of the file's day
_UNSTEADY = or_(
    and_(
        item_row.c.open_minor != literal_column("0"),
        # no LIKE: it takes SQLite longer than all the rest
        func.substr(item_row.c.key, 1, len(UNAPPLIED)) == UNAPPLIED,
    ),
    and_(item_row.c.open_minor == literal_column("0"), item_row.c.stated_on >= _DAY),
)
_CHANGED = union(
    select(item_row.c.customer_id).where(or_(_written_since(item_row), _UNSTEADY)),
    select(payment_row.c.customer_id).where(
        or_(_written_since(payment_row), payment_row.c.received_on > _DAY)
    ),
    select(item_row.c.customer_id)
    .join(settlement_row, settlement_row.c.item_id == item_row.c.id)
    .where(_written_since(settlement_row)),
    select(known_row.c.id).where(
        known_row.c.changed_at > bindparam("at", type_=known_row.c.changed_at.type)
    ),
).subquery()
_CODES = select(customer.c.code).where(customer.c.id.in_(select(_CHANGED.c[0])))


def keep(work: Work, export: FormerExport | None) -> None:
    """Remember the export that was imported last; None: nothing can be told from it."""
    told = export._asdict() if export else {}
    if export:
        told |= {"as_of": export.as_of.isoformat(), "at": export.at.isoformat()}
    if told or facts.get(work, _FACT):
        facts.put(work, _FACT, told)


def last(work: Work) -> FormerExport | None:
    """Return the export that was imported last, None when nothing can be told from it."""
    told = facts.get(work, _FACT)
    if not told:
        return None
    days = {"as_of": date.fromisoformat(told["as_of"]), "at": datetime.fromisoformat(told["at"])}
    return FormerExport(**{**told, **days, "doubled": tuple(told["doubled"])})


def changed_since(work: Work, export: FormerExport) -> set[str]:
    """Name the customers for whom that export's lines, read again, may change something."""
    values = {"v": export.version, "at": export.at, "day": export.as_of}
    return set(work.scalars(_CODES, values))


def beside(place: Path) -> Path:
    """Return where the text of the last export lies: beside a database file, say."""
    return place.with_name(f"{place.name}.export")


def lies_at(path: Path, sha256: str) -> bool:
    """Tell whether that very text is there."""
    try:
        return digest(path) == sha256
    except OSError:
        return False


def put_there(path: Path, text: Path, export: FormerExport | None) -> FormerExport | None:
    """Keep an export's text for its owner's eyes; None when there is none that can be kept.

    The disk is not waited for: what a crash leaves torn, or is another text by now, is not the
    one that `lies_at` looks for.
    """
    try:
        path.unlink(missing_ok=True)
        if export is None:
            return None
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
        shutil.copyfile(text, path)
    except OSError:  # no room, say: the next export is compared whole
        return None
    return export
