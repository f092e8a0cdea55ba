"""The typology: value against risk."""

from dataclasses import replace
from decimal import Decimal

import pytest

from credit.risk_class import RiskClass
from credit.typology import Cell, cell
from tests.credit.builders import POLICY, eur

HANDBOOK = {
    Cell.DEVELOP: ("AB", "60000"),
    Cell.SECURE: ("C", "60000"),
    Cell.REDUCE: ("DE", "60000"),
    Cell.AUTOMATE: ("AB", "1200"),
    Cell.FRAME: ("C", "1200"),
    Cell.AVOID: ("DE", "1200"),
}


@pytest.mark.parametrize("wanted", Cell)
def test_each_cell_of_the_handbook(wanted: Cell) -> None:
    classes, turnover = HANDBOOK[wanted]
    for letter in classes:
        assert cell(eur(turnover), RiskClass(letter), POLICY.typology) is wanted


def test_the_threshold_itself_is_of_high_value_and_belongs_to_a_currency() -> None:
    policy = replace(POLICY.typology, high_from={"EUR": Decimal(1000)}, other=Decimal(9))
    assert cell(eur("1000"), RiskClass.A, policy) is Cell.DEVELOP
    assert cell(eur("999.99"), RiskClass.A, policy) is Cell.AUTOMATE
    assert policy.threshold("USD").amount == 9


def test_a_threshold_that_everybody_reaches_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        replace(POLICY.typology, other=Decimal(0))
