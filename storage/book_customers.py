"""Customers as files state them: created, corrected, and given their contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import groupby, repeat
from typing import Any

from sqlalchemy import bindparam, func, select, update

from storage.book_follow import Later
from storage.book_load import ROWS, chunks, insert_columns, reserve
from storage.bulk import Bulk
from storage.customers import fold
from storage.sync.reading.row_columns import RowColumns
from storage.sync.reading.rows import CustomerRow
from storage.tables import customer, customer_contact, customer_row, import_run
from storage.upsert import Upsert
from storage.work import Work

LONGEST_CODE = 60
_FACTS = (
    "code",
    "name",
    "siren",
    "rep_code",
    "credit_limit_minor",
    "limit_currency",
    "terms",
    "group_code",
    "address",
)
_FACTS_OF = select(customer.c.id, *(customer.c[name] for name in _FACTS))
_KNOWN = Bulk(_FACTS_OF)
_NAMED = _FACTS_OF.where(customer.c.code.in_(bindparam("codes", expanding=True)))
FEW = 1000
"""How many customers are read by their codes at a time."""
MANY = 20 * FEW
"""How many are read by their codes at most: of more, everybody is."""
_CHANGE = (
    update(customer_row)
    .where(customer_row.c.id == bindparam("key"))
    .values(
        {name: bindparam(f"to_{name}") for name in (*_FACTS, "search")}
        | {"changed_at": bindparam("at")}
    )
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

_SAID = ("customer_name", "rep_code", "siren", "terms")

Facts = dict[str, Any]


class Directory:
    """The customers of the book while a file is read into it."""

    def __init__(self, work: Work, codes: AbstractSet[str] | None = None) -> None:
        """Read those with some `codes`, or all: there are thousands, not millions."""
        self._work = work
        self._known: dict[str, Facts] = {}
        self._asked = codes if codes is None or len(codes) <= MANY else None
        if self._asked is None:
            self._read(_KNOWN.rows(work, {}))
        for some in chunks(sorted(self._asked or ()), FEW):
            self._read(work.all(_NAMED, {"codes": some}))
        self._before: dict[str, Facts] = {}  # of those whose facts a line has changed
        self._new: dict[str, Facts] = {}
        self._unnumbered: list[Facts] = []  # new ones without an id yet
        self._unwritten: list[Facts] = []
        self._written: set[str] = set()  # new ones who are in the book already
        self._last_id = 0
        self._told: dict[str, int] = {}  # the hash of what a line said last
        self._file_speaks = bool(work.scalar(_CUSTOMERS_FILES))

    def _read(self, rows: Iterable[Sequence[Any]]) -> None:
        self._known |= {row[1]: dict(zip(("id", *_FACTS), row, strict=True)) for row in rows}

    def _look_up(self, code: str) -> Facts | None:
        """Find a customer by his code, one too who was not asked for."""
        if self._asked is not None and code not in self._known and code not in self._asked:
            self._read(self._work.all(_NAMED, {"codes": [code]}))
        return self._known.get(code)

    def id_of(self, code: str) -> int | None:
        """Return a customer's id, None when the book does not know him."""
        found: int | None = self._known.get(code, {}).get("id")
        return found

    def known_id(self, code: str) -> int:
        """Return the id of a customer that was met or stated, once he has one."""
        return int(self._known[code]["id"])

    def codes_of(self, ids: AbstractSet[int]) -> tuple[str, ...]:
        """Name the codes of some customers, in order."""
        return tuple(sorted(c for c, one in self._known.items() if one.get("id") in ids))

    def facts(self, code: str) -> Facts:
        """Return what is known of a customer now, his id too."""
        return dict(self._known[code])

    def terms_of(self, code: str) -> str | None:
        """Return the payment terms that are known of a customer who was met."""
        terms: str | None = self._known[code]["terms"]
        return terms

    def meet(self, rows: RowColumns) -> list[int]:
        """Learn what lines about items say of their customers; return the customer of each.

        They tell only what is not known yet. The customers' file has the last word about
        reps; without one, the newest line has.
        """
        told = self._told
        codes = rows.column("customer_code") or ()
        others = (rows.column(name) or repeat(None) for name in _SAID)
        for said, _ in groupby(zip(codes, *others, strict=False)):
            code, mark = said[0], hash(said)
            if told.get(code) != mark:
                told[code] = mark
                self._learn(*said)
        self._number()
        known = self._known
        return [known[code]["id"] for code in codes]

    def _learn(
        self, code: str, name: str | None, rep: str | None, siren: str | None, terms: str | None
    ) -> None:
        facts = self._look_up(code)
        if facts is None:
            short = rep[:LONGEST_CODE] if rep else None
            own = {"name": name or code, "rep_code": short, "siren": siren or None}
            self._begin(code, {**own, "terms": terms[:120] if terms else None})
            return
        said: Facts = {}
        if name and facts["name"] == facts["code"]:
            said["name"] = name
        if rep and not (self._file_speaks and facts["rep_code"]):
            said["rep_code"] = rep[:LONGEST_CODE]
        if siren and not facts["siren"]:
            said["siren"] = siren
        if terms and not facts["terms"]:
            said["terms"] = terms[:120]
        self._take(facts, said)

    def state(self, row: CustomerRow) -> None:
        """Take what the customers' file says; what it leaves out stays as it was."""
        facts = self._look_up(row.code)
        if facts is None:
            facts = self._begin(row.code, {"name": row.name})
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
        self._take(facts, {name: value for name, value in said.items() if value is not None})

    def _begin(self, code: str, facts: Facts) -> Facts:
        fresh = dict.fromkeys(_FACTS) | {"code": code} | facts
        self._known[code] = self._new[code] = fresh
        self._unnumbered.append(fresh)
        self._unwritten.append(fresh)
        return fresh

    def _take(self, facts: Facts, said: Facts) -> None:
        """Change facts, and keep what they were."""
        news = {name: value for name, value in said.items() if facts[name] != value}
        if news:
            code = facts["code"]
            if code not in self._new or code in self._written:
                self._before.setdefault(code, dict(facts))
            facts |= news

    def _number(self) -> None:
        """Give the new customers their ids."""
        fresh, self._unnumbered = self._unnumbered, []
        if not fresh:
            return
        ids = reserve(self._work, customer_row, len(fresh), self._last_id)
        for facts, one in zip(fresh, ids, strict=True):
            facts["id"] = self._last_id = one

    def write(self, at: datetime, version: int) -> tuple[list[str], list[str]]:
        """Write what is new or changed; return the codes created and the codes corrected."""
        self.write_new(at, version)
        changed = [code for code, before in self._before.items() if before != self._known[code]]
        self._work.execute_many(_CHANGE, [_change(self._known[code], at) for code in changed])
        return list(self._new), [code for code in changed if code not in self._new]

    def write_new(self, at: datetime, version: int) -> None:
        """Write who is new, as far as he is known: what else is said of him comes at the end."""
        self._number()
        fresh, self._unwritten = self._unwritten, []
        self._written.update(facts["code"] for facts in fresh)
        for some in chunks(fresh, ROWS):
            _add(self._work, some, at, version)


def _add(work: Work, customers: Sequence[Facts], at: datetime, version: int) -> None:
    """Write new customers; what nobody states of any is left out: a driver is slow with it."""
    columns: dict[str, list[Any]] = {
        name: [facts[name] for facts in customers] for name in ("id", *_FACTS)
    }
    stated = {name: column for name, column in columns.items() if set(column) != {None}}
    stated["search"] = list(map(_search, customers))
    stated["changed_at"], stated["since"] = [at] * len(customers), [version] * len(customers)
    insert_columns(work, customer_row, list(stated), list(stated.values()))


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
    told = {f"to_{name}": facts[name] for name in _FACTS}
    return {"key": facts["id"], "at": at, "to_search": _search(facts)} | told


def _search(facts: Mapping[str, Any]) -> str:
    return fold(f"{facts['code']} {facts['name']}")[:400]
