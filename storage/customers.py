"""Customers as rows: who owns them, how they are found, whom to call there."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.limits import LIMIT_CURRENCY, LIMIT_MINOR, RATED, RISK_CLASS, VALID_UNTIL
from storage.tables import customer, customer_contact, customer_row
from storage.upsert import Upsert
from storage.work import Work

ALL: Final = 1_000_000_000
"""More customers than any book names."""
_BETWEEN_WORDS: Final = {place: " " for place in range(128) if not chr(place).isalnum()}

OWNER = func.coalesce(customer.c.assigned_code, customer.c.rep_code)
OWNED: ColumnElement[str] = func.coalesce(
    customer.c.assigned_code, customer.c.rep_code, literal_column("''")
)
"""The same as the index has it: "" where nobody owns him."""

_OWNER = select(customer.c.id, OWNER.label("code")).where(customer.c.id == bindparam("id"))
# A `Customer`: every tap reads one.
_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (
    customer.c.id,
    customer.c.code,
    customer.c.name,
    customer.c.siren,
    OWNER.label("owner_code"),
    LIMIT_MINOR,
    LIMIT_CURRENCY,
    customer.c.terms,
    RISK_CLASS,
    customer.c.address,
    VALID_UNTIL,
    customer.c.credit_limit_minor,
    customer.c.limit_currency,
    customer.c.risk_class,
)
_WHOLE = select(*_COLUMNS).select_from(RATED)
_BY_ID = _WHOLE.where(customer.c.id == bindparam("id"))
_BY_CODE = _WHOLE.where(customer.c.code == bindparam("code"))
_NAMES = select(customer.c.id, customer.c.search).order_by(customer.c.id).limit(bindparam("most"))
_NAMES_OF = _NAMES.where(OWNED.in_(bindparam("codes", expanding=True)))
_HOLDING = (
    select(customer.c.id, customer.c.search)
    .where(customer.c.search.like(bindparam("first")), customer.c.search.like(bindparam("second")))
    .order_by(customer.c.id)
    .limit(bindparam("most"))
)
# Folded text is a code, a space and a name. SQLite walks its index from the code and the space
# on; PostgreSQL sorts words as people do, and looks through all.
_FOLDED: BindParameter[str] = bindparam("folded", type_=customer.c.search.type)
_CODE = customer.c.search == _FOLDED
_CODED: dict[str, Select[tuple[int]]] = {
    "sqlite": select(customer.c.id)
    .where(
        or_(
            _CODE,
            and_(
                customer.c.search >= _FOLDED + " ",
                customer.c.search < _FOLDED + "!",
            ),
        )
    )
    .order_by(customer.c.id),
    "postgresql": select(customer.c.id)
    .where(or_(_CODE, customer.c.search.startswith(_FOLDED + " ")))
    .order_by(customer.c.id),
}
_THEIRS: BindParameter[list[str]] = bindparam("codes", expanding=True)
# SQLite has no index of `OWNER`, so that it does not walk a whole portfolio for one code
_CODED_OF: dict[str, Select[tuple[int]]] = {
    "sqlite": _CODED["sqlite"].where(OWNER.in_(_THEIRS)),
    "postgresql": _CODED["postgresql"].where(OWNED.in_(_THEIRS)),
}
_FIRST: Select[Any] = select(customer.c.id).limit(literal_column("1")).offset(bindparam("than"))
_FIRST_OF = _FIRST.where(OWNED.in_(bindparam("codes", expanding=True)))
_ORPHAN = literal_column("''") == OWNED
_ORPHANS = (
    select(customer.c.id, customer.c.code, customer.c.name)
    .where(_ORPHAN)
    .order_by(customer.c.name, customer.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
_ORPHAN_COUNT = select(func.count()).select_from(customer).where(_ORPHAN)
_LEAST = select(func.min(OWNED).label("code")).where(literal_column("''") < OWNED)
_EACH = _LEAST.cte("each_code", recursive=True)
_NEXT = select(func.min(OWNED)).where(_EACH.c.code < OWNED).correlate(_EACH).scalar_subquery()
_STEPS = _EACH.union_all(select(_NEXT).where(_EACH.c.code.is_not(None)))
# From code to code through the index: of many customers a company has few codes.
_CODES = select(_STEPS.c.code).where(_STEPS.c.code.is_not(None)).order_by(_STEPS.c.code)
_OF_CODE = select(customer.c.id).where(bindparam("code") == OWNED).limit(1)
_ASSIGN = (
    update(customer_row)
    .where(customer_row.c.id == bindparam("customer"))
    .values(assigned_code=bindparam("to"))
)
_CONTACTS = (
    select(customer_contact)
    .where(customer_contact.c.customer_id == bindparam("customer"))
    .order_by(customer_contact.c.id)
)
_KEEP_CONTACT = Upsert(
    customer_contact,
    keys=("customer_id", "name"),
    update=lambda offered: {
        "role": func.coalesce(offered.role, customer_contact.c.role),
        "phone": func.coalesce(offered.phone, customer_contact.c.phone),
        "email": func.coalesce(offered.email, customer_contact.c.email),
    },
)


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer; the limit is in minor units of its own currency, None when not set.

    Class and limit are those in force, `limit_until` the day on which the credit manager looks
    at them again (None: nobody decided); `ledger_…` is what the ledger states of them.
    """

    id: int
    code: str
    name: str
    siren: str | None
    rep_code: str | None
    limit_minor: int | None
    limit_currency: str | None
    terms: str | None
    risk_class: str | None
    address: str | None
    limit_until: date | None = None
    ledger_limit_minor: int | None = None
    ledger_currency: str | None = None
    ledger_class: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at the customer's."""

    id: int
    name: str
    role: str | None
    phone: str | None
    email: str | None


def fold(text: str) -> str:
    """Fold accents, case and punctuation so that typed names meet stored ones."""
    if text.isascii():
        return " ".join(text.casefold().translate(_BETWEEN_WORDS).split())
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in kept).split())


def owner(work: Work, customer_id: int) -> tuple[bool, str | None]:
    """Tell whether the customer exists, and the rep code that owns it."""
    row = work.first(_OWNER, {"id": customer_id})
    return (row is not None, row.code if row else None)


def by_id(work: Work, customer_id: int) -> Customer | None:
    """Find a customer by id."""
    return _customer(work.first(_BY_ID, {"id": customer_id}))


def by_code(work: Work, code: str) -> Customer | None:
    """Find a customer by the code of the ledger."""
    return _customer(work.first(_BY_CODE, {"code": code}))


def names(work: Work, codes: frozenset[str] | None, most: int = ALL) -> list[tuple[int, str]]:
    """Read (id, folded code and name) of the portfolios `codes`, or of all when None."""
    if codes is None:
        return [(row.id, row.search) for row in work.all(_NAMES, {"most": most})]
    rows = work.all(_NAMES_OF, {"codes": sorted(codes), "most": most})
    return [(row.id, row.search) for row in rows]


def holding(work: Work, first: str, second: str, most: int) -> list[tuple[int, str]]:
    """Read (id, folded code and name) of the first ones that hold two folded words somewhere.

    Folded words are letters and digits, so that none is a pattern.
    """
    rows = work.all(_HOLDING, {"first": f"%{first}%", "second": f"%{second}%", "most": most})
    return [(row.id, row.search) for row in rows]


def are_more(work: Work, codes: frozenset[str] | None, than: int) -> bool:
    """Tell whether the portfolios `codes`, all when None, hold more customers than so many."""
    if codes is None:
        return bool(work.all(_FIRST, {"than": than}))
    return bool(work.all(_FIRST_OF, {"than": than, "codes": sorted(codes)}))


def coded(work: Work, folded: str, codes: frozenset[str] | None = None) -> list[int]:
    """Find whose folded code begins with this one word, and ends there or with another word.

    In the portfolios `codes`, or everywhere when None.
    """
    if codes is None:
        return work.scalars(_CODED[work.dialect], {"folded": folded})
    return work.scalars(_CODED_OF[work.dialect], {"folded": folded, "codes": sorted(codes)})


def orphans(work: Work, skip: int = 0, most: int = 8) -> tuple[int, list[tuple[int, str, str]]]:
    """Count the customers without a rep and read a page of them: (id, code, name)."""
    rows = work.all(_ORPHANS, {"skip": skip, "most": most})
    return int(work.scalar(_ORPHAN_COUNT)), [(row.id, row.code, row.name) for row in rows]


def rep_codes(work: Work) -> list[str]:
    """Read every rep code that owns a customer."""
    return work.scalars(_CODES)


def is_rep_code(work: Work, code: str) -> bool:
    """Tell whether a rep code owns a customer."""
    return bool(code) and work.first(_OF_CODE, {"code": code}) is not None


def assign(work: Work, customer_id: int, code: str) -> None:
    """Give a customer to a rep code; it outlives the next import of the file."""
    work.execute(_ASSIGN, {"customer": customer_id, "to": code})


def contacts(work: Work, customer_id: int) -> list[Contact]:
    """Read the people known at a customer's, in the order they became known."""
    return [
        Contact(row.id, row.name, row.role, row.phone, row.email)
        for row in work.all(_CONTACTS, {"customer": customer_id})
    ]


def keep_contact(
    work: Work,
    customer_id: int,
    name: str,
    *,
    role: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    source: str = "rep",
) -> None:
    """Remember somebody at a customer's; facts already known are kept when none is given."""
    values = {"role": role, "phone": phone, "email": email, "source": source}
    work.execute(_KEEP_CONTACT, {"customer_id": customer_id, "name": name[:120], **values})


def _customer(row: Row[Any] | None) -> Customer | None:
    return row and Customer(*tuple(row))  # the columns in their order
