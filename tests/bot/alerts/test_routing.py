"""Who hears of an alert, and when."""

import pytest

from bot.alerts.routing import Because, Recipient, deliver_at, escalation, recipients
from credit.levels import Level
from credit.people import Role
from tests.credit.builders import POLICY, a_person, paris, weekdays_only

ANA = a_person(Role.REP, "44", id=1, name="Ana")
BEN = a_person(Role.REP, "75", id=2, name="Ben")
CHLOE = a_person(Role.SALES_MANAGER, "44", "49", id=3, name="Chloé")
DAN = a_person(Role.SALES_MANAGER, id=4, name="Dan")
EVE = a_person(Role.CREDIT_MANAGER, id=5, name="Eve")
FAY = a_person(Role.ADMIN, id=6, name="Fay")
EVERYBODY = (ANA, BEN, CHLOE, DAN, EVE, FAY)


def heard(found: tuple[Recipient, ...]) -> list[tuple[str, Because]]:
    return [(recipient.person.name, recipient.because) for recipient in found]


def test_the_owner_of_the_portfolio_hears_of_it() -> None:
    assert heard(recipients("44", EVERYBODY)) == [("Ana", Because.OWNER)]


def test_two_reps_on_one_code_both_hear() -> None:
    second = a_person(Role.REP, "44", id=9, name="Zoe")
    assert [name for name, _ in heard(recipients("44", [*EVERYBODY, second]))] == ["Ana", "Zoe"]


@pytest.mark.parametrize("code", ["99", None])
def test_an_account_of_nobody_goes_to_the_credit_managers(code: str | None) -> None:
    assert heard(recipients(code, EVERYBODY)) == [("Eve", Because.NO_OWNER)]


def test_an_owner_who_left_or_never_started_counts_as_nobody() -> None:
    gone = a_person(Role.REP, "44", active=False)
    invited = a_person(Role.REP, "44", id=8, enrolled=False)
    assert heard(recipients("44", [gone, invited, EVE])) == [("Eve", Because.NO_OWNER)]


def test_without_credit_manager_the_admin_is_the_last_resort() -> None:
    assert heard(recipients(None, [ANA, FAY])) == [("Fay", Because.NO_OWNER)]
    assert recipients(None, [ANA]) == ()


def test_a_red_alert_reaches_the_credit_manager_too() -> None:
    found = recipients("44", EVERYBODY, level=Level.RED_ALERT)
    assert heard(found) == [("Ana", Because.OWNER), ("Eve", Because.RED_ALERT)]


def test_an_absent_rep_is_stood_in_for_along_the_chain() -> None:
    (found,) = recipients("44", EVERYBODY, stand_ins={1: 2, 2: 3})
    assert found == Recipient(CHLOE, Because.STAND_IN, instead_of=1)


@pytest.mark.parametrize("stand_ins", [{1: 2, 2: 1}, {1: 77}])
def test_a_broken_chain_leaves_the_alert_to_its_owner(stand_ins: dict[int, int]) -> None:
    assert heard(recipients("44", EVERYBODY, stand_ins=stand_ins)) == [("Ana", Because.OWNER)]


def test_a_stand_in_who_hears_anyway_hears_once() -> None:
    second = a_person(Role.REP, "44", id=9, name="Zoe")
    found = recipients("44", [ANA, second], stand_ins={1: 9})
    assert heard(found) == [("Zoe", Because.STAND_IN)]


def test_silence_climbs_to_the_manager_of_the_code_then_of_all_then_to_credit() -> None:
    assert heard(escalation("44", EVERYBODY)) == [("Chloé", Because.ESCALATION)]
    assert heard(escalation("75", EVERYBODY)) == [("Dan", Because.ESCALATION)]
    assert heard(escalation("75", [ANA, CHLOE, EVE])) == [("Eve", Because.ESCALATION)]


def test_a_push_waits_for_the_morning_unless_the_account_is_frozen() -> None:
    night = paris(2026, 11, 28, 23)
    calendar, hours = weekdays_only(), POLICY.hours.push
    assert deliver_at(night, calendar, hours) == paris(2026, 11, 30, 7, 30).at
    assert deliver_at(night, calendar, hours, Level.FROZEN) == night.at
