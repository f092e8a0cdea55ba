"""Every reason not to call."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from credit.gate import (
    GateCode,
    GateFacts,
    GateReason,
    GateSeverity,
    GateVerdict,
    PastContact,
    gate,
    positions,
)
from credit.moment import Moment
from credit.receivable import ItemKind, OpenItem
from tests.credit.builders import POLICY, TODAY, an_item, eur, paris, weekdays_only

NOW = paris(2026, 11, 25, 10)


def facts(*items: OpenItem, **changes: object) -> GateFacts:
    known = GateFacts(
        now=NOW,
        reader_id=1,
        positions=positions(items, TODAY),
        data_as_of=NOW.plus(timedelta(hours=-3)).at,
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def verdict(*items: OpenItem, **changes: object) -> GateVerdict:
    return gate(facts(*items, **changes), weekdays_only(), POLICY.gate)


def only(found: GateVerdict) -> GateReason:
    (reason,) = found.reasons
    return reason


def called(hours_ago: int, *, by: int = 1, answered: bool = False) -> PastContact:
    return PastContact(NOW.plus(timedelta(hours=-hours_ago)).at, by, "Claire", answered)


def test_the_all_clear_comes_with_the_age_of_the_data() -> None:
    found = verdict(an_item())
    assert found.clear
    assert not found.stopped
    assert found.data_age == timedelta(hours=3)


def test_nothing_overdue_is_no_reason_to_call() -> None:
    assert only(verdict(an_item(days_past_due=0))).code is GateCode.NOTHING_OVERDUE
    assert verdict(an_item(days_past_due=0)).stopped


def test_a_wholly_disputed_account_is_left_alone() -> None:
    reason = only(verdict(an_item(100_000, disputed_minor=100_000)))
    assert reason.code is GateCode.ALL_DISPUTED
    assert reason.data == {"disputed": (eur("1000"),)}


def test_a_refused_dispute_names_the_day_on_which_dunning_resumes() -> None:
    friday = date(2026, 11, 27)
    disputed = an_item(100_000, disputed_minor=100_000)
    reason = only(verdict(disputed, resumes_on=friday))
    assert reason.code is GateCode.DISPUTE_REFUSED
    assert reason.data == {"disputed": (eur("1000"),), "until": friday}
    assert verdict(an_item(100_000, disputed_minor=30_000), resumes_on=friday).clear


def test_a_partial_dispute_leaves_the_rest_to_claim() -> None:
    assert verdict(an_item(100_000, disputed_minor=30_000)).clear


def test_a_promise_on_everything_overdue_gives_peace_until_its_day() -> None:
    friday = date(2026, 11, 27)
    reason = only(verdict(an_item(100_000, promised_until=friday, disputed_minor=40_000)))
    assert reason.code is GateCode.PROMISE_RUNNING
    assert reason.data == {"promised": (eur("600"),), "until": friday}


def test_a_promise_gone_by_or_on_a_part_stops_nothing() -> None:
    assert verdict(an_item(promised_until=date(2026, 11, 24))).clear
    part = an_item(100_000, promised_until=date(2026, 11, 27), promised_minor=40_000)
    assert verdict(part).clear


def test_money_received_but_not_matched_must_not_be_asked_again() -> None:
    cash = an_item(-60_000, id=2, kind=ItemKind.PAYMENT)
    note = an_item(-10_000, id=3, kind=ItemKind.CREDIT_NOTE)
    reason = only(verdict(an_item(100_000, disputed_minor=30_000), cash, note))
    assert reason.code is GateCode.PAID_UNMATCHED
    assert reason.data["unapplied_cash"] == (eur("600"),)
    assert reason.data["credit_notes"] == (eur("100"),)
    assert reason.data["unspoken"] == (eur("700"),)
    assert verdict(an_item(100_001, disputed_minor=30_000), cash, note).clear


def test_one_currency_covered_does_not_excuse_the_other() -> None:
    cash = an_item(-100_000, id=2, kind=ItemKind.PAYMENT)
    dollars = an_item(100_000, id=3, currency="USD")
    assert verdict(an_item(100_000), cash, dollars).clear
    assert [p.overdue.currency for p in positions([dollars, cash], TODAY)] == ["EUR", "USD"]


SATURDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 23)


def due_saturday(today: date) -> GateVerdict:
    """Look, a morning at ten, at an invoice that fell due on a Saturday."""
    item = replace(an_item(100_000), due_on=SATURDAY)
    now = paris(today.year, today.month, today.day, 10)
    seen = GateFacts(
        now=now,
        reader_id=1,
        positions=positions([item], today),
        data_as_of=now.plus(timedelta(hours=-3)).at,
    )
    return gate(seen, weekdays_only(), POLICY.gate)


def test_what_fell_due_on_a_day_off_waits_for_the_next_worked_day() -> None:
    """Handbook 3.2: tolerance of the next business day before dunning."""
    reason = only(due_saturday(MONDAY))
    assert (reason.code, reason.severity) == (GateCode.JUST_DUE, GateSeverity.STOP)
    assert reason.data == {"due": SATURDAY, "until": MONDAY}
    assert due_saturday(MONDAY + timedelta(days=1)).clear


def test_an_older_debt_is_called_for_although_another_fell_due_on_a_day_off() -> None:
    older = replace(an_item(5_000, id=2), due_on=date(2026, 11, 20))
    late = replace(an_item(100_000), due_on=SATURDAY)
    now = paris(2026, 11, 23, 10)
    seen = facts(now=now, data_as_of=now.at, positions=positions([older, late], MONDAY))
    assert gate(seen, weekdays_only(), POLICY.gate).clear


def test_insolvency_comes_before_everything() -> None:
    found = verdict(an_item(days_past_due=0), insolvent_since=date(2026, 11, 1))
    assert [reason.code for reason in found.reasons] == [
        GateCode.INSOLVENCY,
        GateCode.NOTHING_OVERDUE,
    ]


@pytest.mark.parametrize(
    ("hours", "severity"),
    [(24, None), (25, GateSeverity.WARN), (168, GateSeverity.WARN), (169, GateSeverity.STOP)],
)
def test_old_data_warns_and_very_old_data_stops(hours: int, severity: GateSeverity | None) -> None:
    found = verdict(an_item(), data_as_of=NOW.plus(timedelta(hours=-hours)).at)
    assert [reason.severity for reason in found.reasons] == ([severity] if severity else [])


def test_without_data_nothing_is_overdue_and_no_age_is_shown() -> None:
    found = verdict(data_as_of=None)
    assert only(found).code is GateCode.NOTHING_OVERDUE
    assert found.data_age is None


def test_a_colleagues_call_is_told_with_the_day_to_try_again() -> None:
    found = verdict(an_item(), contacts=(called(40, by=2), called(26, by=3, answered=True)))
    reason = only(found)
    assert (reason.code, reason.severity) == (GateCode.COLLEAGUE_CALLED, GateSeverity.WARN)
    assert reason.data["name"] == "Claire"
    assert reason.data["at"] == called(26).at
    assert reason.data["again_on"] == date(2026, 11, 27)


def test_ones_own_calls_and_old_ones_are_no_obstacle() -> None:
    assert verdict(an_item(), contacts=(called(26), called(24 * 3, by=2))).clear


@pytest.mark.parametrize(
    ("contacts", "code"),
    [
        ((called(1, answered=True),), GateCode.TOO_MANY_CALLS_TODAY),
        (
            (called(30, answered=True), called(80, answered=True)),
            GateCode.TOO_MANY_CALLS_THIS_WEEK,
        ),
        ((called(0), called(1), called(2)), GateCode.TOO_MANY_ATTEMPTS),
    ],
)
def test_the_customer_is_not_harassed_unless_he_asked(
    contacts: tuple[PastContact, ...], code: GateCode
) -> None:
    reason = only(verdict(an_item(), contacts=contacts))
    assert (reason.code, reason.severity) == (code, GateSeverity.STOP)
    assert verdict(an_item(), contacts=contacts, asked_to_be_called=True).clear


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (paris(2026, 11, 25, 12, 30), paris(2026, 11, 25, 14)),
        (paris(2026, 11, 28, 10), paris(2026, 11, 30, 9)),
    ],
)
def test_outside_calling_hours_the_next_opening_is_said(now: Moment, opens: Moment) -> None:
    reason = only(verdict(an_item(), now=now, data_as_of=now.at))
    assert (reason.code, reason.severity) == (GateCode.OUTSIDE_HOURS, GateSeverity.WARN)
    assert reason.data == {"opens_at": opens.at}


def test_stops_come_before_warnings() -> None:
    found = verdict(
        an_item(days_past_due=0),
        now=paris(2026, 11, 25, 20),
        contacts=(called(20, by=2),),
    )
    severities = [reason.severity for reason in found.reasons]
    assert severities == [GateSeverity.STOP, GateSeverity.WARN, GateSeverity.WARN]
