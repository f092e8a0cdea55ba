"""Files that are no ledger: orders, notices, register, insurers, bank returns, brought in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.use_cases import following
from bot.use_cases.import_report import Fault, ImportReport, Notice
from bot.use_cases.refusals import FileRefused
from storage import book_versions, imports, notices, orders, registry, signs
from storage.book_customers import Directory
from storage.events import Origin, record
from storage.stated import Stated
from storage.sync.reading.bodacc import notice_of
from storage.sync.reading.outside import NOTICES, Outside, coded, kind_of, read_outside
from storage.sync.reading.reasons import FileRefused as UnreadableFile

if TYPE_CHECKING:
    from pathlib import Path

    from storage.work import Work

UNKNOWN_CUSTOMER = "unknown_customer"
COLUMNS_MISSING = "columns_missing"
CLOSED = frozenset({"c", "f", "cessee", "fermee", "ferme", "closed", "ceased"})
RANKS = {"a": 0, "b": 1, "c": 2, "d": 3, "e": 4}
Row = Mapping[str, Any]
Facts = Callable[[Row], Mapping[str, Any] | None]


def is_outside(path: Path) -> bool:
    """Tell whether a file is one of these, by its first lines."""
    return kind_of(path) is not None


@dataclass(slots=True)
class _Taking:
    """What the rows of one file did so far."""

    work: Work
    today: date
    file: Outside
    directory: Directory
    sirens: Mapping[str, list[int]]
    stated: Stated = field(default_factory=Stated)
    foreign: int = 0
    touched: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def whose(self, row: Row) -> int | None:
        """Return the customer that a line names by code; None when it names none known."""
        code = row.get("customer")
        return self.directory.id_of(str(code)) if code else None

    def leave(self, row: Row) -> None:
        """Leave a line aside that is about nobody known: a wrong code is a fault."""
        if row.get("customer"):
            self.faults.append(_unknown(row, str(row["customer"])))
        else:
            self.foreign += 1

    def touch(self, moved: Iterable[Row]) -> None:
        """Note on whose account something moved."""
        for row in moved:
            if row.get("customer_id") is not None:
                self.touched.add(row["customer_id"])
            self.touched.update(self.sirens.get(row.get("siren") or "", ()))


def read(
    path: Path, kind: str | None = None, named: Mapping[str, str] | None = None
) -> Outside | None:
    """Read a file of one of these kinds; None when it is of none. No database is needed.

    `kind` says what it is when its headers do not, `named` which header is which column. Raise
    `FileRefused` when nothing in it can be taken.
    """
    try:
        found = read_outside(path, kind, named)
    except UnreadableFile as error:
        raise FileRefused(path.name, error.reason.value) from None
    if found is not None and found.missing:
        data = {"kind": kind, "missing": list(found.missing), "headers": list(found.headers)}
        raise FileRefused(found.file, COLUMNS_MISSING, data)
    if found is not None and not found.rows and found.faults:
        raise FileRefused(found.file, "no_rows", {"rejections": []})
    return found


def take(
    work: Work,
    origin: Origin,
    found: Outside,
    *,
    channel: str,
    subject: Mapping[str, Any],
) -> ImportReport:
    """Bring in what was read of such a file, and list whom it touches: they are looked at after.

    What names no customer of the book is counted and left aside, never kept. `subject` says
    whom to tell of the report in the end (`following.tell`).
    """
    directory = Directory(work, _codes(found))
    taking = _Taking(work, origin.at.today, found, directory, registry.customers_by_siren(work))
    taking.faults = [
        Fault(one.line, one.column, None, one.value, one.reason) for one in found.faults
    ]
    TAKERS[found.kind](taking)
    report = ImportReport(
        file=found.file,
        kind=found.kind,
        as_of=origin.at.today,
        new=taking.stated.new,
        changed=taking.stated.changed,
        unchanged=taking.stated.unchanged,
        rejected=len(taking.faults),
        rejections=tuple(taking.faults),
        notices=(Notice("foreign", {"n": taking.foreign}),) if taking.foreign else (),
        touched=tuple(sorted(taking.touched)),
    )
    run = _keep(work, origin, found, channel, report)
    # no row of the book has this version: it says where what follows stands among imports
    book_versions.begin(work, run)
    following.list_touched(work, run, subject, report)
    return report


def _codes(found: Outside) -> set[str]:
    """Return the codes that the lines name customers by."""
    return {str(row["customer"]) for row in found.rows if row.get("customer")}


def _orders(taking: _Taking) -> None:
    rows = []
    for row in taking.file.rows:
        customer_id = taking.whose(row)
        if customer_id is None:
            taking.faults.append(_unknown(row, str(row["customer"])))
            continue
        rows.append(
            {
                "customer_id": customer_id,
                "number": str(row["order"])[:120],
                "ordered_on": row["on"],
                "currency": row["currency"],
                "amount_minor": row["amount"],
                "status": coded("status", row.get("status")),
                "siret": _siret(row.get("siret")),
                "address": _cut(row.get("address"), 300),
                "buyer": _cut(row.get("buyer"), 120),
            }
        )
    taking.stated = orders.take(taking.work, rows)
    taking.touch(taking.stated.moved)


def _notices(taking: _Taking) -> None:
    """Keep the notices of our customers' SIRENs, and what corrects one that is kept."""
    read = []
    for row in taking.file.rows:
        one = notice_of(row)
        if one is None:
            taking.faults.append(Fault(row["_line"], None, None, "", "missing_date"))
        else:
            read.append(one)
    ours = {one.id for one, _ in read if one.siren in taking.sirens}
    before = notices.known(taking.work, [one.corrects for one, _ in read if one.corrects])
    kept = [
        (one, said)
        for one, said in read
        if one.id in ours or one.corrects in before or one.corrects in ours
    ]
    taking.foreign = len(read) - len(kept)
    taking.stated = notices.take(
        taking.work, [one for one, _ in kept], {one.id: said for one, said in kept}
    )
    taking.touch(taking.stated.moved)
    for moved in taking.stated.moved:  # a correction moves also whom the earlier notice named
        taking.touched.update(taking.sirens.get(before.get(moved["corrects"], ""), ()))


def _registry(taking: _Taking) -> None:
    rows = []
    for row in taking.file.rows:
        siret = _siret(row.get("siret")) or ""
        siren = _siren(row.get("siren")) or siret[:9]
        if siren not in taking.sirens:
            taking.foreign += 1
            continue
        rows.append(
            {
                "siren": siren,
                "siret": siret,
                "active": str(row["state"]).strip().lower() not in CLOSED,
                "changed_on": row.get("on"),
                "naf": _cut(row.get("naf"), 6),
                "address": _cut(row.get("address"), 300),
                "stated_on": taking.today,
            }
        )
    taking.stated = registry.take(taking.work, rows)
    taking.touch(taking.stated.moved)


def _dated(kind: str, facts: Facts) -> Callable[[_Taking], None]:
    """Make the taker of one kind of dated fact; `facts` gives its own columns, None: unread."""

    def take(taking: _Taking) -> None:
        rows = []
        for row in taking.file.rows:
            customer_id, siren = taking.whose(row), _siren(row.get("siren"))
            if customer_id is None and siren not in taking.sirens:
                taking.leave(row)
            elif (own := facts(row)) is None:
                taking.faults.append(_unknown(row, "", "invalid_amount"))
            else:
                on = own.get("on") or row.get("on") or taking.today
                rows.append(_fact(kind, row, own, on, customer_id, siren))
        taking.stated = signs.take(taking.work, rows)
        taking.touch(taking.stated.moved)

    return take


def _fact(
    kind: str,
    row: Row,
    own: Mapping[str, Any],
    on: date,
    customer_id: int | None,
    siren: str | None,
) -> dict[str, Any]:
    who = f"c{customer_id}" if customer_id is not None else f"s{siren}"
    return {
        "kind": kind,
        "key": f"{who}:{on.isoformat()}:{own.get('key', '')}"[:120],
        "customer_id": customer_id,
        "siren": None if customer_id is not None else siren,
        "on": on,
        "ended_on": row.get("ended"),
        "code": own.get("code"),
        "currency": row["currency"],
        "amount_minor": row.get("amount"),
        "data": own.get("data", {}),
    }


def _reject(row: Row) -> Mapping[str, Any]:
    code = str(row["code"]).strip().upper()[:40]
    return {"code": code, "key": f"{code}:{row.get('invoice') or ''}:{row.get('amount')}"}


def _cover(row: Row) -> Mapping[str, Any]:
    return {"code": coded("decision", row.get("decision")) or "granted"}


def _privilege(row: Row) -> Mapping[str, Any]:
    code = coded("entry", row.get("entry")) or "other"
    return {"code": code, "key": f"{code}:{row.get('amount')}"}


def _rating(row: Row) -> Mapping[str, Any] | None:
    text = str(row["rating"]).strip().lower()
    if text in RANKS:
        return {"code": text.upper(), "data": {"rank": RANKS[text]}}
    try:
        score = float(text.replace(",", ".").split("/")[0])
    except ValueError:
        return None
    return {"code": text[:40], "data": {"rank": 4 - min(4, max(0, int(score // 2)))}}


def _accounts(row: Row) -> Mapping[str, Any]:
    data = {name: row.get(name) for name in ("equity", "capital", "result")}
    return {"on": row["closing"], "data": data}


def _bank(row: Row) -> Mapping[str, Any]:
    """Keep that an account is another one: a digest tells, the number is not kept."""
    digest = hashlib.sha256("".join(str(row["iban"]).split()).upper().encode()).hexdigest()[:16]
    return {"code": digest, "key": digest}


TAKERS: Mapping[str, Callable[[_Taking], None]] = {
    "orders": _orders,
    NOTICES: _notices,
    "registry": _registry,
    "rejects": _dated(signs.REJECT, _reject),
    "cover": _dated(signs.COVER, _cover),
    "privileges": _dated(signs.PRIVILEGE, _privilege),
    "rating": _dated(signs.RATING, _rating),
    "accounts": _dated(signs.ACCOUNTS, _accounts),
    "bank": _dated(signs.BANK, _bank),
}


def _unknown(row: Row, value: str, reason: str = UNKNOWN_CUSTOMER) -> Fault:
    return Fault(row["_line"], None, None, value[:120], reason)


def _digits(text: object) -> str:
    return "".join(one for one in str(text or "") if one.isdecimal())


def _siren(text: object) -> str | None:
    digits = _digits(text)
    return digits.zfill(9)[:9] if digits else None


def _siret(text: object) -> str | None:
    digits = _digits(text)
    return digits.zfill(14)[:14] if digits else None


def _cut(text: object, most: int) -> str | None:
    return str(text)[:most] if text else None


def _keep(work: Work, origin: Origin, found: Outside, channel: str, report: ImportReport) -> int:
    """Keep the import and its trace; return its id."""
    counts = report.counts()
    run_id = imports.next_id(work)
    values = {
        "id": run_id,
        "file": found.file[:300],
        "sha256": found.sha256,
        "fingerprint": "",
        "kind": found.kind,
        "as_of": report.as_of,
        "at": origin.at.at,
        "person_id": origin.person_id,
        "channel": channel,
        "report": report.as_json(most=100),
        "partial": True,
        **counts,
    }
    imports.add(work, values)
    done = {"import": run_id, "file": found.file[:300], "kind": found.kind, **counts}
    record(work, origin, "signs.imported", done)
    return run_id
