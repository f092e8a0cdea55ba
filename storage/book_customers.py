"""Customers as files state them: created, corrected, and given their contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from storage.book_follow import Later
from storage.book_load import insert_rows, reserve
from storage.customers import fold
from storage.sync.reading.rows import CustomerRow, HistoryRow, ReceivableRow
from storage.tables import customer, customer_contact, customer_row, import_run
from storage.upsert import Upsert
from storage.work import Work

LONGEST_CODE = 60
_FACTS = (
    "code",
    "name",
    "search",
    "siren",
    "rep_code",
    "credit_limit_minor",
    "limit_currency",
    "terms",
    "group_code",
    "address",
)
_KNOWN = select(customer.c.id, *(customer.c[name] for name in _FACTS))
_CHANGE = (
    update(customer_row)
    .where(customer_row.c.id == bindparam("key"))
    .values({name: bindparam(f"to_{name}") for name in _FACTS} | {"changed_at": bindparam("at")})
)
_CONTACT = Upsert(
    customer_contact,
    keys=("customer_id", "name"),
    update=lambda offered: {
        "role": func.coalesce(offered.role, customer_contact.c.role),
        "phone": func.coalesce(offered.phone, customer_contact.c.phone),
        "email": func.coalesce(offered.email, customer_contact.c.email),
    },
)
_CUSTOMERS_FILES = (
    select(func.count()).select_from(import_run).where(import_run.c.kind == "customers")
)

Facts = dict[str, Any]


class Directory:
    """The customers of the book while a file is read into it."""

    def __init__(self, work: Work) -> None:
        """Read them all: a company has thousands, not millions."""
        self._known: dict[str, Facts] = {
            row.code: dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
            for row in work.all(_KNOWN)
        }
        self._before = {code: dict(facts) for code, facts in self._known.items()}
        self._file_speaks = bool(work.scalar(_CUSTOMERS_FILES))

    def id_of(self, code: str) -> int | None:
        """Return a customer's id, None when the book does not know him."""
        found: int | None = self._known.get(code, {}).get("id")
        return found

    def known_id(self, code: str) -> int:
        """Return the id of a customer that was met or stated, once it is written."""
        return int(self._known[code]["id"])

    def facts(self, code: str) -> Facts:
        """Return what is known of a customer now, his id too."""
        return dict(self._known[code])

    def meet(self, row: ReceivableRow | HistoryRow) -> None:
        """Learn what a line about an item says of its customer: only what is not known yet.

        The customers' file has the last word about reps; without one, the newest line has.
        """
        facts = self._known.get(row.customer_code)
        if facts is None:
            facts = self._known[row.customer_code] = dict.fromkeys(_FACTS)
            facts |= {"code": row.customer_code, "name": row.customer_name or row.customer_code}
        elif row.customer_name and facts["name"] == facts["code"]:
            facts["name"] = row.customer_name
        if row.rep_code and not (self._file_speaks and facts["rep_code"]):
            facts["rep_code"] = row.rep_code[:LONGEST_CODE]
        facts["siren"] = facts["siren"] or row.siren
        facts["terms"] = facts["terms"] or (row.terms and row.terms[:120])

    def state(self, row: CustomerRow) -> None:
        """Take what the customers' file says; what it leaves out stays as it was."""
        facts = self._known.setdefault(row.code, dict.fromkeys(_FACTS))
        limit = row.credit_limit_minor
        said = {
            "code": row.code,
            "name": row.name,
            "siren": row.siren,
            "rep_code": row.rep_code and row.rep_code[:LONGEST_CODE],
            "credit_limit_minor": limit,
            "limit_currency": None if limit is None else row.currency,
            "terms": row.terms and row.terms[:120],
            "group_code": row.group_code and row.group_code[:LONGEST_CODE],
            "address": row.address and row.address[:300],
        }
        facts |= {name: value for name, value in said.items() if value is not None}

    def write(self, work: Work, at: datetime, version: int) -> tuple[list[str], list[str]]:
        """Write what is new or changed; return the codes created and the codes corrected."""
        for facts in self._known.values():
            facts["search"] = fold(f"{facts['code']} {facts['name']}")[:400]
        new = [code for code in self._known if code not in self._before]
        changed = [code for code, facts in self._before.items() if facts != self._known[code]]
        for code, fresh in zip(new, reserve(work, customer_row, len(new)), strict=True):
            self._known[code]["id"] = fresh
        rows = [
            (self._known[code]["id"], *(self._known[code][name] for name in _FACTS), at, version)
            for code in new
        ]
        insert_rows(work, customer_row, ("id", *_FACTS, "changed_at", "since"), rows)
        work.execute_many(_CHANGE, [_change(self._known[code], at) for code in changed])
        return new, changed


def corrections(directory: Directory, codes: Iterable[str]) -> list[Later]:
    """Say what a file states of customers known before, to be carried over by itself."""
    return [Later("customer", directory.facts(code)) for code in codes]


def contacts(directory: Directory, rows: Iterable[CustomerRow]) -> list[Later]:
    """Name the people that the customers' file knows; the company itself has a phone too."""
    return [
        Later(
            "contact",
            {
                "customer_id": directory.id_of(row.code),
                "name": (row.contact_name or row.name)[:120],
                "role": row.contact_role and row.contact_role[:120],
                "phone": row.phone and row.phone[:60],
                "email": row.email and row.email[:200],
                "source": "file",
            },
        )
        for row in rows
        if row.contact_name or row.phone or row.email
    ]


def carry_over(work: Work, news: Sequence[Later], at: datetime) -> None:
    """Write what files say of customers: facts corrected, people to talk to."""
    customers = [one.data for one in news if one.kind == "customer"]
    work.execute_many(_CHANGE, [_change(facts, at) for facts in customers])
    work.execute_many(_CONTACT, [dict(one.data) for one in news if one.kind == "contact"])


def first_of_each(rows: Sequence[CustomerRow]) -> list[CustomerRow]:
    """Keep the first line of each customer: further ones only name more people."""
    firsts: dict[str, CustomerRow] = {}
    for row in rows:
        firsts.setdefault(row.code, row)
    return list(firsts.values())


def _change(facts: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {"key": facts["id"], "at": at} | {f"to_{name}": facts[name] for name in _FACTS}
