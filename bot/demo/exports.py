"""The ledger as the files that a French accounting package exports: cp1252, `;`, decimal comma."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from bot.demo.cast import COMPANY
from bot.demo.debtors import Debtor, code_of
from bot.demo.ledger import Entry, Ledger, Receipt
from bot.demo.situations import Place

CUSTOMERS, HISTORY, OPEN, RECEIPTS = (
    "clients.csv",
    "historique_factures_reglees.csv",
    "creances_ouvertes.csv",
    "reglements.csv",
)
TODAYS_RECEIPTS, TODAYS_OPEN = "paiements_du_jour.csv", "nouvelles_echeances.csv"
Cells = Sequence[str]

_CUSTOMER_HEADER = (
    *("Code client", "Raison sociale", "SIREN", "Représentant", "Encours autorisé", "Devise"),
    *("Conditions de paiement", "Interlocuteur", "Fonction", "Téléphone", "E-mail", "Adresse"),
)
_HISTORY_HEADER = (
    *("Code client", "Raison sociale", "N° facture", "Date facture", "Date échéance"),
    *("Montant TTC", "Devise", "Date règlement"),
)
_OPEN_HEADER = (
    *("Code client", "Raison sociale", "Type pièce", "N° facture", "Date facture"),
    *("Date échéance", "Montant TTC", "Solde dû", "Devise"),
)
_RECEIPT_HEADER = (
    *("Code client", "Date règlement", "Montant", "Devise", "Mode de règlement"),
    *("N° facture", "Libellé"),
)
_KINDS = {"FA": "Facture", "AV": "Avoir", "RG": "Règlement"}


def write_book(ledger: Ledger, folder: Path, printed: date | None = None) -> list[Path]:
    """Write the four files of the book into a folder; return them in the order of import.

    `printed` is the day in the title of the open items, today's without it.
    """
    names = _names(ledger)
    tables = {
        CUSTOMERS: [_CUSTOMER_HEADER, *map(_customer, ledger.debtors)],
        HISTORY: [_HISTORY_HEADER, *(_history(one, names) for one in ledger.paid)],
        OPEN: _open_table(ledger.open, names, printed or ledger.day),
    }
    if ledger.receipts:
        tables[RECEIPTS] = [_RECEIPT_HEADER, *map(_receipt, ledger.receipts)]
    return [_write(folder / name, rows) for name, rows in tables.items()]


def write_examples(ledger: Ledger, folder: Path) -> list[Path]:
    """Write the two files to drop: one keeps a promise, the other raises an alert."""
    kept = [one for one in ledger.open_of(code_of(Place.PROMISE_DUE_TODAY)) if _due(one, ledger)]
    receipts = [
        Receipt(one.customer, ledger.day, one.open_cents, one.currency, "VIREMENT", one.number)
        for one in kept
    ]
    left = [one for one in ledger.open if one not in kept]
    return [
        _write(folder / TODAYS_RECEIPTS, [_RECEIPT_HEADER, *map(_receipt, receipts)]),
        _write(
            folder / TODAYS_OPEN,
            _open_table([*left, *_news(ledger)], _names(ledger), ledger.day),
        ),
    ]


def _news(ledger: Ledger) -> list[Entry]:
    """Return the documents that turn a peaceful customer into an alert: returned bills."""
    code = code_of(Place.NEW_ALERT)
    due = (62, 33)
    return [
        Entry(
            code,
            "FA",
            ledger.day - timedelta(days=late + 30),
            ledger.day - timedelta(days=late),
            cents,
            cents,
            "EUR",
            number=f"RJ{ledger.day.year % 100:02d}-{place:05d}",
        )
        for place, (late, cents) in enumerate(zip(due, (6_840_50, 3_120_00), strict=True), 1)
    ]


def _due(entry: Entry, ledger: Ledger) -> bool:
    return entry.due is not None and entry.due < ledger.day


def _names(ledger: Ledger) -> dict[str, str]:
    return {one.code: one.name for one in ledger.debtors}


def _customer(one: Debtor) -> Cells:
    limit = "" if one.limit_cents is None else amount(one.limit_cents)
    who = (one.contact, one.contact_role, one.phone, one.email, one.town)
    return (one.code, one.name, one.siren, one.rep, limit, one.currency, one.terms, *who)


def _history(one: Entry, names: dict[str, str]) -> Cells:
    days = (day(one.issued), day(one.due))
    money = (amount(one.cents), one.currency)
    return (one.customer, names[one.customer], one.number, *days, *money, day(one.paid_on))


def _open_table(entries: Iterable[Entry], names: dict[str, str], today: date) -> list[Cells]:
    """Lay out the open items with a title above and the euros' total below."""
    ordered = sorted(entries, key=lambda one: (one.customer, one.due or today, one.number))
    euros = [one for one in ordered if one.currency == "EUR"]
    cents, open_cents = sum(one.cents for one in euros), sum(one.open_cents for one in euros)
    total = ("Total général", "", "", "", "", "", amount(cents), amount(open_cents), "EUR")
    title: Cells = (f"{COMPANY} - Créances clients ouvertes au {day(today)}",)
    return [title, (), _OPEN_HEADER, *(_open(one, names) for one in ordered), total]


def _open(one: Entry, names: dict[str, str]) -> Cells:
    days = (day(one.issued), day(one.due))
    money = (amount(one.cents), amount(one.open_cents), one.currency)
    return (one.customer, names[one.customer], _KINDS[one.kind], one.number, *days, *money)


def _receipt(one: Receipt) -> Cells:
    money = (amount(one.cents), one.currency)
    return (one.customer, day(one.on), *money, one.means, one.number, one.reference)


def amount(cents: int) -> str:
    """Write cents as French packages do: « -1 234,50 » without the blank."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}"


def day(value: date | None) -> str:
    """Write a day as dd/mm/yyyy; nothing when there is none."""
    return value.strftime("%d/%m/%Y") if value else ""


def _write(path: Path, rows: Iterable[Cells]) -> Path:
    page = io.StringIO()
    csv.writer(page, delimiter=";", lineterminator="\r\n").writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.getvalue().encode("cp1252"))
    return path
