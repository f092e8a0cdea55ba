"""Names on buttons: cut only where several share a row."""

from __future__ import annotations

from bot.screens.account import OpenAccount
from bot.screens.named_rows import ALONE, Named, laid

LONG = "Établissements Lefèvre-Castelnau et Fils de Saint-Brieuc"


def keys(count: int, name: str = "Entreprise Générale Dupont") -> list[Named]:
    return [Named(f"{n} · ", name, OpenAccount(n)) for n in range(1, count + 1)]


def test_who_is_alone_in_a_row_keeps_the_whole_name() -> None:
    ((only,),) = laid(keys(1), 20)
    assert only.label == "1 · Entreprise Générale Dupont"
    *_, (last,) = laid(keys(3), 20)
    assert last.label == "3 · Entreprise Générale Dupont"


def test_two_that_share_a_row_have_its_halves() -> None:
    ((one, two),) = laid(keys(2), 20)
    assert (one.label, two.label) == ("1 · Entreprise Géné…", "2 · Entreprise Géné…")
    assert two.tap == OpenAccount(2)


def test_even_a_row_of_ones_own_has_an_end() -> None:
    ((only,),) = laid(keys(1, LONG), 20)
    assert len(only.label) <= ALONE
    assert only.label.endswith("…")


def test_nobody_has_no_row() -> None:
    assert laid([], 20) == []
