"""The dashboard's counts of deeds: each against rows written by hand, on both databases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, update

from bot.screens.dashboard import ShowDashboard
from bot.use_cases import dashboard
from bot.use_cases.dashboard import REPS
from bot.use_cases.dashboard_deeds import Deeds
from credit.people import Person, Role
from storage import tables
from storage.work import Work
from tests.credit.builders import TODAY
from tests.dashboard.test_dashboard import a_book
from tests.day import company
from tests.day.company import MORNING, rules
from tests.day.test_account import clean
from tests.storage.inline import inline


def deeds(work: Work, who: Person) -> Deeds:
    return dashboard.build(work, who, MORNING, rules()).deeds


def customer(work: Work, code: str) -> int:
    return int(
        work.scalar(tables.customer.select().where(tables.customer.c.code == code)),
    )


def asked(work: Work, one: int, who: Person, hours: float | None, state: str, **more: Any) -> int:
    """Write a request of 3 000 € asked two days ago, answered after so many hours."""
    at = MORNING.at - timedelta(days=2)
    return work.insert(
        insert(tables.release_request),
        {
            "uid": f"r-{state}-{one}-{hours}",
            "customer_id": one,
            "person_id": who.id,
            "amount_minor": 300_000,
            "currency": "EUR",
            "rules": ["B03"],
            "reason": "chantier",
            "asked_at": at,
            "state": state,
            "decided_at": None if hours is None else at + timedelta(hours=hours),
            **more,
        },
    )


def test_contacts_are_counted_by_channel_and_by_who_answered(database_url: str) -> None:
    with inline(database_url) as work:
        lea, chief = a_book(work)
        one, two = customer(work, "C1"), customer(work, "C2")
        company.contacted(work, one, lea, TODAY - timedelta(days=2))
        company.contacted(work, one, lea, TODAY - timedelta(days=3), answered=False)
        company.contacted(work, one, lea, TODAY - timedelta(days=40))
        company.contacted(work, two, chief, TODAY - timedelta(days=1))
        mine, all_of_it = deeds(work, lea).activity, deeds(work, chief).activity
    assert (mine.contacts, mine.answered, mine.channels) == (2, 1, {"call": 2})
    assert (all_of_it.contacts, all_of_it.answered) == (3, 2)
    # ALPHA's oldest debt is 70 days late, first spoken of 40 days ago; BETA's 100, yesterday
    assert mine.first_age == 30
    assert all_of_it.first_age == Decimal(30 + 99) / 2
    assert all_of_it.silent == 0


def test_an_overdue_customer_nobody_spoke_to_is_silent(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        company.contacted(work, customer(work, "C1"), lea, TODAY - timedelta(days=90))
        found = deeds(work, lea).activity
    assert found.first_age is None  # that contact came before the oldest debt was due
    assert found.silent == 1


def test_promises_of_the_month_count_apart_from_those_judged_in_it(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        one, lately = customer(work, "C1"), MORNING.at - timedelta(days=3)
        company.promised(work, one, lea, 50_000, TODAY)
        company.promised(work, one, lea, 20_000, TODAY, state="kept", judged_at=lately)
        company.promised(work, one, lea, 70_000, TODAY, state="broken", judged_at=lately)
        company.promised(work, one, lea, 90_000, TODAY, state="withdrawn")
        long_ago = TODAY - timedelta(days=60)
        company.promised(work, one, lea, 10_000, TODAY, state="kept", made_on=long_ago)
        found = deeds(work, lea).activity
    assert found.made.n == 3
    assert [money.amount for money in found.made.amounts] == [1400]
    assert (found.kept.n, found.judged.n) == (1, 2)
    assert [money.amount for money in found.kept.amounts] == [200]


def test_a_formal_notice_in_two_currencies_counts_once_with_both_amounts(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        notice = {
            "customer_id": customer(work, "C1"),
            "person_id": lea.id,
            "kind": "formal",
            "items": [1],
            "days": 8,
            "body": "MISE EN DEMEURE",
            "drawn_at": MORNING.at,
            "sent_on": TODAY,
        }
        for n, (minor, others) in enumerate(((120_000, {"CHF": 50_000}), (30_000, None))):
            amounts = {"amount_minor": minor, "currency": "EUR", "others": others}
            row = {**notice, **amounts, "uid": f"n{n}"}
            work.execute(insert(tables.formal_notice), row)
        found = deeds(work, lea).legal.notices
    assert found.n == 2
    assert {(one.currency, one.minor) for one in found.amounts} == {
        ("EUR", 150_000),
        ("CHF", 50_000),
    }


def test_requests_are_timed_and_orders_of_the_desk_are_held(database_url: str) -> None:
    with inline(database_url) as work:
        lea, chief = a_book(work)
        one = customer(work, "C1")
        asked(work, one, lea, None, "asked")
        asked(work, one, lea, 1, "granted")
        asked(work, one, lea, 9, "deposit")
        asked(work, one, lea, 2, "refused")
        asked(work, one, lea, None, "draft")
        order = {"customer_id": one, "number": "K1", "ordered_on": TODAY, "currency": "EUR"}
        work.execute(insert(tables.sales_order), {**order, "amount_minor": 5_000, "status": "held"})
        found = deeds(work, chief).orders
        told = company.taps(work, chief, ShowDashboard("orders"))
    assert (found.waiting.n, found.released, found.refused) == (1, 2, 1)
    assert [money.amount for money in found.held.amounts] == [50]
    assert found.hours == 4
    assert (found.in_time, found.target_hours) == (2, 4)
    text = clean(told.text)
    assert "Demandes en attente · <b>1 (3 000 €)" in text
    assert "Réponses en moins de 4 h · <b>67 % (2/3)" in text


def test_what_the_law_dates_is_told_with_its_first_day(database_url: str) -> None:
    with inline(database_url) as work:
        lea, chief = a_book(work)
        one = customer(work, "C1")
        company.an_invoice(work, one, "OLD", 40_000, late=5 * 366)
        company.an_invoice(work, one, "AGED", 30_000, late=4 * 366)
        freeze = {"customer_id": one, "uid": "f", "signal": "C3-01", "cause": "c"}
        work.execute(insert(tables.freeze), {**freeze, "since": TODAY, "at": MORNING.at})
        day = (TODAY + timedelta(days=20)).isoformat()
        task = {"customer_id": one, "person_id": chief.id, "kind": "claim_declaration"}
        more = {"due_on": TODAY, "note": day, "created_at": MORNING.at}
        work.execute(insert(tables.task), {**task, **more, "uid": "t"})
        found = deeds(work, lea).legal
        told = company.taps(work, chief, ShowDashboard("legal"))
    assert found.deadlines == (("claim_declaration", 1, TODAY + timedelta(days=20)),)
    assert found.frozen == 1
    assert [money.amount for money in found.frozen_amounts] == [6700]
    assert (found.ageing.n, found.lapsed.n) == (1, 1)
    assert "Déclarer la créance · <b>1, la première avant le" in clean(told.text)


def test_disputes_have_an_age_and_causes(database_url: str) -> None:
    with inline(database_url) as work:
        lea, chief = a_book(work)
        one = customer(work, "C1")
        company.disputed(work, one, lea, 10_000)
        founded = company.disputed(work, one, lea, 20_000)
        change = update(tables.dispute).where(tables.dispute.c.id == founded)
        work.execute(change.values(state="founded", founded_minor=20_000, reason="L01"))
        found = deeds(work, chief)
        told = company.taps(work, chief, ShowDashboard("disputes"))
    assert found.dispute_age == 4
    assert {(one.reason, one.n, one.founded) for one in found.causes} == {
        ("L01", 1, 1),
        ("L04", 1, 0),
    }
    assert "(dont fondés : 1)" in clean(told.text)


def test_a_guarantee_covers_no_more_than_the_debt(database_url: str) -> None:
    with inline(database_url) as work:
        lea, chief = a_book(work)
        for code, minor, until in (
            ("C1", 9_000_000, TODAY + timedelta(days=9)),
            ("C2", 40_000, None),
            ("C2", 30_000, TODAY - timedelta(days=1)),
        ):
            row = {"customer_id": customer(work, code), "person_id": chief.id, "kind": "surety"}
            money = {"amount_minor": minor, "currency": "EUR", "valid_until": until}
            rest = {"uid": f"{code}{minor}", "files": [], "added_at": MORNING.at}
            work.execute(insert(tables.guarantee), {**row, **money, **rest})
        mine, all_of_it = deeds(work, lea).covered, deeds(work, chief).covered
    assert mine["EUR"].amount == 6000
    assert all_of_it["EUR"].amount == 6400


def test_alerted_accounts_bear_the_light_of_their_level(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        _, chief = a_book(work)
        for code, level in (("C1", 2), ("C2", 3)):
            alert = {"customer_id": customer(work, code), "level": level, "state": "raised"}
            alert |= {"lights": {}, "signals": [], "points": 4, "version": 1}
            alert |= {"raised_at": MORNING.at, "changed_at": MORNING.at}
            work.execute(insert(tables.alert), alert)
        told = company.taps(work, chief, ShowDashboard("risk"))
    assert "🔴🔴 1 en alerte rouge · 🔴 1 en alerte" in clean(told.text)


def test_customers_count_by_class(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        _, chief = a_book(work)
        rows = tables.customer_row
        work.execute(update(rows).where(rows.c.code == "C1").values(risk_class="B"))
        told = company.taps(work, chief, ShowDashboard("risk"))
    assert "Clients par classe · <b>B 1 · sans classe : 1" in clean(told.text)


def test_each_rep_has_his_words_his_disputes_and_his_late_money(database_url: str) -> None:
    with inline(database_url) as work:
        lea, chief = a_book(work)
        one = customer(work, "C1")
        company.promised(work, one, lea, 20_000, TODAY, state="kept")
        company.promised(work, one, lea, 20_000, TODAY, state="broken")
        company.disputed(work, one, lea, 10_000)
        late = company.an_invoice(work, one, "L1", 100_000, late=20, open_minor=0)
        company.settled(work, late, 100_000, TODAY - timedelta(days=4))
        taken = company.an_invoice(work, one, "L2", 30_000, late=20, open_minor=0)
        note = company.an_invoice(work, one, "A1", -30_000, kind="credit_note", open_minor=0)
        company.settled(work, taken, 30_000, TODAY)  # by the credit note: he collected nothing
        company.settled(work, note, -30_000, TODAY)
        partly = company.an_invoice(work, one, "L3", 50_000, late=20, open_minor=0)
        rest = company.an_invoice(work, one, "A2", -20_000, kind="credit_note", open_minor=0)
        day = TODAY - timedelta(days=1)
        company.settled(work, partly, 50_000, day)  # by a credit note of 200 and 300 of money
        company.settled(work, rest, -20_000, day)
        found = dashboard.build(work, chief, MORNING, rules(), REPS).rep_deeds["R1"]
        told = company.taps(work, chief, ShowDashboard(REPS))
        home = dashboard.build(work, chief, MORNING, rules())
    assert (found.kept, found.judged, found.disputes) == (1, 2, 1)
    assert [money.amount for money in found.collected] == [1300]
    assert "🤝 1/2 · ✋ 1 · 💶 1 300 € (25 %)" in clean(told.text)
    assert home.rep_deeds == {}


def test_each_role_begins_with_what_it_acts_on(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea, chief = a_book(work)
        head = company.hire(work, "Hugo", Role.SALES_MANAGER, "R1", "R2")
        first = [company.says(work, who, "/tableau").labels[1] for who in (lea, head, chief)]
    assert first == ["📞 Activité", "👥 Par commercial", "⏱ Vitesse"]
