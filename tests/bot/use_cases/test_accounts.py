"""An account read whole, the gate before a call, and what can be wrong with an installation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.use_cases import access, accounts, health
from bot.use_cases.refusals import AlreadyEnrolled, InvitationRefused, NotYourRole, NotYours
from credit.gate import GateCode, GateSeverity
from credit.people import Person, Role
from storage import facts, people
from storage.work import Work
from tests.credit.builders import TODAY, eur, paris
from tests.day.company import (
    MORNING,
    a_customer,
    an_invoice,
    contacted,
    disputed,
    fresh,
    hire,
    promised,
    rules,
    signed,
)


@pytest.fixture
def rep(work: Work) -> Person:
    return hire(work, "Léa", Role.REP, "R1")


def loaded(work: Work, customer: int) -> accounts.Account:
    return accounts.load(work, customer, MORNING, rules())


def reasons(work: Work, customer: int, person: Person) -> list[GateCode]:
    verdict = accounts.check_gate(work, loaded(work, customer), person, MORNING, rules())
    return [one.code for one in verdict.reasons]


def test_the_main_currency_is_not_the_one_with_most_small_units(work: Work) -> None:
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "F1", 900_000, late=40)
    an_invoice(work, customer, "Y1", 1_000_000, late=40, currency="JPY")
    assert loaded(work, customer).main_currency == "EUR"


def test_an_account_keeps_currencies_apart_and_claims_what_nobody_contests(
    work: Work, rep: Person
) -> None:
    customer = a_customer(work, "C1", credit_limit_minor=500_000, limit_currency="EUR")
    old = an_invoice(work, customer, "F1", 100_000, late=40)
    an_invoice(work, customer, "F2", 50_000, late=10)
    an_invoice(work, customer, "F3", 70_000, late=-3)
    an_invoice(work, customer, "A1", -20_000, kind="credit_note", late=5)
    an_invoice(work, customer, "U1", 90_000, late=60, currency="USD")
    disputed(work, customer, rep, 100_000, item=old)
    one = loaded(work, customer)
    assert [item.number for item in one.overdue] == ["U1", "F1", "F2"]
    assert [item.number for item in one.claimable] == ["U1", "F2"]
    assert one.claim("EUR") == eur("500")
    assert one.main_currency == "USD"
    assert one.worst_days == 60
    assert one.exposure("EUR") == eur("2000")
    assert one.limit == eur("5000")
    assert one.exposure("CHF").minor == 0


def test_an_account_without_anything_open(work: Work) -> None:
    customer = a_customer(work, "C1")
    one = loaded(work, customer)
    assert (one.overdue, one.worst_days, one.main_currency, one.limit) == ((), 0, "EUR", None)
    assert one.claim("EUR").minor == 0


def test_a_customer_that_does_not_exist_is_refused_as_somebody_else_s(work: Work) -> None:
    with pytest.raises(NotYours):
        loaded(work, 10**9)


def test_the_gate_is_open_when_nothing_speaks_against_the_call(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "F1")
    assert reasons(work, customer, rep) == []


def test_the_gate_says_each_reason_from_the_rows(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    assert reasons(work, customer, rep) == [GateCode.NOTHING_OVERDUE]
    item = an_invoice(work, customer, "F1", 100_000)
    promise_day = TODAY + timedelta(days=2)
    promised(work, customer, rep, 100_000, promise_day, items=[(item, 100_000)])
    assert reasons(work, customer, rep) == [GateCode.PROMISE_RUNNING]
    disputed(work, customer, rep, 100_000, item=item)
    assert reasons(work, customer, rep) == [GateCode.ALL_DISPUTED]


def test_money_that_nobody_matched_explains_the_debt(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "F1", 100_000)
    an_invoice(work, customer, "P1", -100_000, kind="payment", late=0)
    assert reasons(work, customer, rep) == [GateCode.PAID_UNMATCHED]


def test_a_colleague_s_call_is_told_and_one_s_own_answered_call_stops(
    work: Work, rep: Person
) -> None:
    marc = hire(work, "Marc", Role.REP, "R1")
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "F1")
    contacted(work, customer, marc, TODAY - timedelta(days=1), answered=False)
    assert reasons(work, customer, rep) == [GateCode.COLLEAGUE_CALLED]
    assert reasons(work, customer, marc) == []
    contacted(work, customer, rep, TODAY, answered=True)
    assert GateCode.TOO_MANY_CALLS_TODAY in reasons(work, customer, rep)


def test_old_data_warns_and_very_old_data_stops(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "F1")
    for hours, severity in ((30, GateSeverity.WARN), (200, GateSeverity.STOP)):
        facts.put(work, "data_as_of", (MORNING.at - timedelta(hours=hours)).isoformat())
        verdict = accounts.check_gate(work, loaded(work, customer), rep, MORNING, rules())
        assert [(one.code, one.severity) for one in verdict.reasons] == [
            (GateCode.DATA_TOO_OLD, severity)
        ]


def test_out_of_hours_the_gate_says_when_it_opens(work: Work, rep: Person) -> None:
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "F1")
    evening = paris(2026, 11, 25, 20)
    one = accounts.load(work, customer, evening, rules())
    fresh(work, evening)
    verdict = accounts.check_gate(work, one, rep, evening, rules())
    assert [reason.code for reason in verdict.reasons] == [GateCode.OUTSIDE_HOURS]
    assert verdict.reasons[0].data["opens_at"] == paris(2026, 11, 26, 9).at


def offered(work: Work, by: Person | None, role: Role) -> None:
    offer = access.Invitation(role, None, ("R1",), f"payload-{role}")
    access.invite(work, signed(), by, offer)


def test_nobody_hands_out_more_than_his_role_may(work: Work, rep: Person) -> None:
    boss = hire(work, "Claire", Role.CREDIT_MANAGER)
    offered(work, boss, Role.REP)
    offered(work, None, Role.ADMIN)
    with pytest.raises(NotYourRole):
        offered(work, boss, Role.ADMIN)
    with pytest.raises(NotYourRole):
        offered(work, rep, Role.REP)


def test_the_same_payload_cannot_be_offered_twice_to_get_in_twice(work: Work) -> None:
    offered(work, None, Role.REP)
    enrolled = {"payload": f"payload-{Role.REP}", "name": "x" * 500, "locale": "de"}
    person, inviter = access.enrol(work, signed(), telegram_id=70, **enrolled)
    assert (len(person.name), person.locale, inviter) == (120, "fr", None)
    with pytest.raises(AlreadyEnrolled):
        access.enrol(work, signed(), telegram_id=70, **enrolled)
    with pytest.raises(InvitationRefused):
        access.enrol(work, signed(), telegram_id=71, **enrolled)


def test_access_is_closed_by_who_could_have_given_it(work: Work, rep: Person) -> None:
    boss = hire(work, "Claire", Role.CREDIT_MANAGER)
    admin = hire(work, "Ada", Role.ADMIN)
    assert access.revoke(work, signed(), boss, rep.id).name == "Léa"
    with pytest.raises(NotYourRole):
        access.revoke(work, signed(), boss, admin.id)
    with pytest.raises(NotYours):
        access.revoke(work, signed(), boss, 10**9)
    assert [one.name for one in people.active(work)] == ["Claire", "Ada"]


def test_the_installation_says_what_it_lacks(work: Work) -> None:
    found = {one.check: one for one in health.inside(work, MORNING, rules())}
    assert (found["people"].state, found["people"].code) == ("warning", "no_credit_manager")
    assert (found["data"].state, found["data"].data) == ("ok", {"hours": 2})
    hire(work, "Claire", Role.CREDIT_MANAGER)
    later = MORNING.plus(timedelta(hours=60))
    found = {one.check: one for one in health.inside(work, later, rules())}
    assert (found["people"].state, found["people"].data) == ("ok", {"count": 1})
    assert (found["data"].state, found["data"].data) == ("warning", {"hours": 62})
    assert found["rates"].data == {"semester": str(found["rates"].data["semester"])}
