"""Files as a French ledger exports them, and what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

CUSTOMERS = (
    "Code client",
    "Raison sociale",
    "Représentant",
    "Plafond",
    "Contact",
    "Téléphone",
)
RECEIVABLES = (
    "Code client",
    "Raison sociale",
    "Représentant",
    "N° facture",
    "Date facture",
    "Date échéance",
    "Montant TTC",
    "Solde dû",
    "Devise",
)
PAYMENTS = ("Code client", "Date règlement", "Montant réglé", "Mode", "N° facture")

Line = Sequence[str]


def table(headings: Sequence[str], lines: Iterable[Line]) -> bytes:
    """Write a file as Sage does for Excel: cp1252, semicolons, no quotes."""
    rows = [";".join(headings), *(";".join(line) for line in lines)]
    return ("\r\n".join(rows) + "\r\n").encode("cp1252")


MOREL = ("C001", "Garage Morel & Fils", "R1")
MARTIN = ("C002", "Boulangerie Martin", "R2")
LAMBERT = ("C003", "Fleurs Lambert", "R1")

# On 10 March 2026 the garage owes 6 000 € since 30 and 12 days, and 900 € not due yet.
OPEN_ON_TUESDAY: tuple[Line, ...] = (
    (*MOREL, "F-101", "08/12/2025", "08/02/2026", "4 200,00", "4 200,00", "EUR"),
    (*MOREL, "F-102", "26/12/2025", "26/02/2026", "1 800,00", "1 800,00", "EUR"),
    (*MOREL, "F-103", "02/03/2026", "02/05/2026", "900,00", "900,00", "EUR"),
    (*MARTIN, "F-201", "10/12/2025", "10/02/2026", "750,00", "750,00", "EUR"),
)
# The same once more, with a customer nobody has heard of yet.
OPEN_TWICE: tuple[Line, ...] = (
    *OPEN_ON_TUESDAY,
    (*LAMBERT, "F-301", "05/12/2025", "05/02/2026", "640,00", "640,00", "EUR"),
)
# A week later: the first invoice is half paid, the baker has settled, nothing else moved.
OPEN_A_WEEK_LATER: tuple[Line, ...] = (
    (*MOREL, "F-101", "08/12/2025", "08/02/2026", "4 200,00", "2 200,00", "EUR"),
    *OPEN_ON_TUESDAY[1:3],
)
# In April nothing more has been paid, and the garage has bought again.
OPEN_IN_APRIL: tuple[Line, ...] = (
    *OPEN_A_WEEK_LATER,
    (*MOREL, "F-104", "02/04/2026", "02/06/2026", "300,00", "300,00", "EUR"),
)


def customers() -> bytes:
    """Write the customers' file."""
    return table(
        CUSTOMERS,
        [
            (*MOREL, "5 000,00", "Jeanne Petit", "01 44 55 66 77"),
            (*MARTIN, "10 000,00", "Paul Roux", "01 99 88 77 66"),
        ],
    )


def receivables(lines: Iterable[Line]) -> bytes:
    """Write the open items' file."""
    return table(RECEIVABLES, lines)


def payments(lines: Iterable[Line]) -> bytes:
    """Write the payments' file."""
    return table(PAYMENTS, lines)
