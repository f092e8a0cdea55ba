"""Payment terms as files say them, and the due dates that they make (handbook 3.2)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.terms import Count
from storage.sync.reading.terms_said import terms_said

A, B = Count.THEN_MONTH_END, Count.MONTH_END_THEN


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("30 jours", "net-30"),
        ("30", "net-30"),
        ("60 jours net", "net-60"),
        ("60 jours nets date de facture", "net-60"),
        ("60J", "net-60"),
        ("Net 30 days", "net-30"),
        ("30 days from invoice date", "net-30"),
        ("Virement 45 jours", "net-45"),
        ("comptant", "net-0"),
        ("Au comptant", "net-0"),
        ("à réception", "net-0"),
        ("Chèque à réception de facture", "net-0"),
        ("Due on receipt", "net-0"),
        ("Paiement à la commande", "net-0"),
        ("Contre remboursement", "net-0"),
        ("30 jours fin de mois", "eom-a-30"),
        ("30J FDM", "eom-a-30"),
        ("30JFDM", "eom-a-30"),
        ("LCR 45 j. fin de mois", "eom-a-45"),
        ("30 FDM le 10", "eom-a-30-10"),
        ("30 jours fin de mois, le 10 du mois suivant", "eom-a-30-10"),
        ("30 jours fin de mois + 10 jours", "eom-a-30-10"),
        ("30 days end of month", "eom-a-30"),
        ("45 jours puis fin de mois", "eom-a-45"),
        ("fin de mois", "eom-a-0"),
        ("fin de mois le 15", "eom-a-0-15"),
        ("fin de mois + 45 jours", "eom-b-45"),
        ("FDM 45", "eom-b-45"),
        ("fin de mois puis 45 jours", "eom-b-45"),
        ("eom-b-45", "eom-b-45"),
        ("NET-60", "net-60"),
    ],
)
def test_a_term_is_read(text: str, terms: str) -> None:
    assert str(terms_said(text).terms) == terms


@pytest.mark.parametrize(
    "text",
    [
        "50 % à la commande, solde 30 jours",
        "30 %",
        "30/60/90",
        "30 jours date de livraison",
        "30 jours fin de décade",
        "30 jours réception",
        "999 jours",
        "30 jours fin de mois le 31",
        "30 jours le 10",
        "à convenir",
        "ZB30 N",
        "1 mois",
        "avant contre",
    ],
)
def test_a_term_that_is_not_understood_is_not_guessed(text: str) -> None:
    said = terms_said(text)
    assert said.terms is None
    assert not said.silent


@pytest.mark.parametrize("text", ["", "Virement", "Chèque", "Prélèvement SEPA", "LCR"])
def test_a_means_of_payment_alone_says_no_term(text: str) -> None:
    assert terms_said(text) == (None, True, False)


VECTORS = [  # the table of handbook 3.2: issued, A, B
    (date(2026, 1, 15), date(2026, 3, 31), date(2026, 3, 17)),
    (date(2026, 1, 31), date(2026, 3, 31), date(2026, 3, 17)),
    (date(2026, 11, 17), date(2027, 1, 31), date(2027, 1, 14)),
    (date(2026, 12, 31), date(2027, 2, 28), date(2027, 2, 14)),
    (date(2027, 1, 1), date(2027, 2, 28), date(2027, 3, 17)),
    (date(2028, 1, 10), date(2028, 2, 29), date(2028, 3, 16)),
]


@pytest.mark.parametrize(("issued", "by_a", "by_b"), VECTORS)
def test_days_end_of_month_are_counted_in_the_way_asked_for(
    issued: date, by_a: date, by_b: date
) -> None:
    text = "45 jours fin de mois"
    first, second = terms_said(text, A), terms_said(text, B)
    assert first.terms is not None
    assert second.terms is not None
    assert (first.terms.due(issued), second.terms.due(issued)) == (by_a, by_b)
    assert first.both_ways
    assert second.both_ways


@pytest.mark.parametrize("text", ["45 jours puis fin de mois", "fin de mois + 45 jours"])
def test_words_that_say_their_own_count_are_read_so_whatever_is_asked_for(text: str) -> None:
    assert terms_said(text, A) == terms_said(text, B)
    assert not terms_said(text).both_ways


def test_days_after_a_month_end_are_not_mixed_with_the_other_count() -> None:
    assert terms_said("30 jours fin de mois + 10 jours", B).terms is None


@given(st.text(max_size=150), st.sampled_from([A, B]))
def test_any_text_is_read_without_a_fault(text: str, count: Count) -> None:
    said = terms_said(text, count)
    assert said.terms is None or 0 <= said.terms.days <= 3650
