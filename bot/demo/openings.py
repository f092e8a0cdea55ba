"""Accounts that the reps ask to open: one being filled in, one that waits, one opened."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.debtors import fictional_siren

DRAFT, SENT, ACCEPTED = "draft", "sent", "accepted"
PLACES = (701, 702, 703)
"""Beyond those of the ledger's customers: these companies are not in it yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A file: whose, what was answered in order, since how many days, and what came of it."""

    rep: str
    days_ago: int
    state: str
    answers: tuple[tuple[str, str], ...]


FIRST, SECOND, THIRD = (fictional_siren(place) for place in PLACES)
OPENINGS = (
    Asked(
        "CMO",
        1,
        DRAFT,
        (
            ("siren", FIRST),
            ("name", "Couverture Lanterneau SARL"),
            ("limit", "8 000"),
            ("form", "sarl"),
        ),
    ),
    Asked(
        "KHA",
        1,
        SENT,
        (
            ("siren", SECOND),
            ("name", "Carrelages Vermeillac SAS"),
            ("iban", "FR7630006000010000010451223"),
            ("holder", "Paul Vermeillac"),
            ("limit", "15 000"),
            ("terms", "eom45"),
            ("form", "sas"),
            ("kbis_day", "12/03/2026"),
            ("seat", "4 quai des Tanneurs"),
            ("signatory", "Mme Vermeillac, présidente"),
            ("turnover", "140 000"),
            ("means", "direct_debit"),
            ("channel", "platform"),
            ("site", "Atelier neuf, deux camions, trois chantiers en cours."),
        ),
    ),
    Asked(
        "JWH",
        2,
        ACCEPTED,
        (
            ("siren", THIRD),
            ("name", "Jardins Ombrelune SARL"),
            ("iban", "FR7630006000010000020884349"),
            ("holder", "JARDINS OMBRELUNE"),
            ("limit", "6 000"),
            ("terms", "net30"),
            ("form", "sarl"),
            ("order_number", "no"),
            ("retention", "yes"),
        ),
    ),
)
"""The three files; keys of numbers are right, the companies do not exist."""
