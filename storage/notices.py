"""Published legal notices as rows, found by SIREN and never by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select

from credit.bodacc import Notice, NoticeKind, Procedure, Revision
from storage.stated import Stated, Statement
from storage.tables import notice
from storage.work import Work

_COLUMNS = ("siren", "kind", "published_on", "procedure", "revision", "corrects", "closed_on")
_TAKE = Statement(notice, by="id", keys=("id",), rest=(*_COLUMNS, "domiciliation", "said"))
_SIRENS: BindParameter[str] = bindparam("sirens", expanding=True)
# A correction may name another company than the notice that it corrects.
_OF = (
    select(notice)
    .where(
        or_(
            notice.c.siren.in_(_SIRENS),
            notice.c.corrects.in_(select(notice.c.id).where(notice.c.siren.in_(_SIRENS))),
        )
    )
    .order_by(notice.c.published_on, notice.c.id)
)
_KNOWN = select(notice.c.id, notice.c.siren).where(
    notice.c.id.in_(bindparam("ids", expanding=True))
)
_BY_ID = select(notice).where(notice.c.id == bindparam("id"))
AT_ONCE = 500


def take(work: Work, notices: Iterable[Notice], said: dict[str, str]) -> Stated:
    """Write notices; `said` are their own words by id."""
    return _TAKE.take(work, [_values(one, said.get(one.id)) for one in notices])


def of(work: Work, sirens: Iterable[str]) -> list[Notice]:
    """Read every notice of these companies, and what corrects one of theirs."""
    wanted = sorted(sirens)
    found: dict[str, Notice] = {}
    for start in range(0, len(wanted), AT_ONCE):
        for row in work.all(_OF, {"sirens": wanted[start : start + AT_ONCE]}):
            found[row.id] = _notice(row)
    return list(found.values())


def known(work: Work, ids: Iterable[str]) -> dict[str, str]:
    """Return the SIREN of each of these notices that is kept."""
    wanted = sorted(set(ids))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = work.all(_KNOWN, {"ids": wanted[start : start + AT_ONCE]})
        found |= {row.id: row.siren for row in rows}
    return found


def words(work: Work, notice_id: str) -> str | None:
    """Return what a notice said it publishes."""
    row = work.first(_BY_ID, {"id": notice_id})
    return row and row.said


def _values(one: Notice, said: str | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "siren": one.siren,
        "kind": one.kind.value,
        "published_on": one.published_on,
        "procedure": one.procedure and one.procedure.value,
        "revision": one.revision.value,
        "corrects": one.corrects,
        "closed_on": one.closed_on,
        "domiciliation": one.domiciliation,
        "said": said and said[:300],
    }


def _notice(row: Any) -> Notice:  # noqa: ANN401 - a row of the table
    return Notice(
        row.id,
        row.siren,
        NoticeKind(row.kind),
        row.published_on,
        row.procedure and Procedure(row.procedure),
        Revision(row.revision),
        row.corrects,
        row.closed_on,
        bool(row.domiciliation),
    )
