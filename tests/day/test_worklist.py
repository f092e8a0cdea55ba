"""The day: who comes first and why, what falls due, and who may look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

import pytest
from sqlalchemy import insert

from bot.screens.worklist import OWN, ShowBalance, ShowDay, ShowTeam, TaskDone
from bot.use_cases import worklist
from bot.use_cases.worklist import key_of
from credit.people import Role
from credit.priority import Held
from storage import portfolio, tables
from storage.work import Work
from tests.credit.builders import POLICY, TODAY, paris
from tests.day import company
from tests.day.company import MORNING, rules
from tests.day.test_account import clean
from tests.storage.inline import inline


def alarmed(
    work: Work,
    customer: int,
    level: int = 2,
    signal: str = "C1-04",
    figure: Mapping[str, object] = MappingProxyType({"count": 1, "window_days": 90}),
) -> None:
    fired = {"id": signal, "points": 4, "rule": "x", "threshold": "1", "figure": dict(figure)}
    work.execute(
        insert(tables.alert),
        {
            "customer_id": customer,
            "level": level,
            "state": "raised",
            "lights": {"payment": "red"},
            "signals": [{**fired, "action": "call"}],
            "points": 4,
            "version": 1,
            "raised_at": MORNING.at,
            "changed_at": MORNING.at,
        },
    )


def test_money_lateness_and_a_broken_word_come_first(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        ids = [company.a_customer(work, f"C{n}", f"Client {n}") for n in range(5)]
        for one, (minor, late) in zip(
            ids, [(100_000, 10), (100_000, 60), (900_000, 10), (100_000, 10), (1, 1)], strict=True
        ):
            company.an_invoice(work, one, f"F{one}", minor, late=late)
        alarmed(work, ids[3])
        found = worklist.today(work, lea, MORNING, rules())
    assert [one.customer for one in found.calls] == [ids[n] for n in (2, 3, 1, 0, 4)]
    assert found.calls[1].signal is not None


def test_a_late_account_is_not_told_its_amount_and_its_days_twice(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        same, other = (company.a_customer(work, f"C{n}", f"Client {n}") for n in range(2))
        for one in (same, other):
            company.an_invoice(work, one, f"F{one}", 100_000, late=60)
        for one, owed in ((same, "1000.00"), (other, "800.00")):
            amount = {"amount": owed, "currency": "EUR"}
            late = {"amount": amount, "number": f"F{one}", "days": 60}
            alarmed(work, one, signal="C1-01", figure=late)
        told = clean(company.says(work, lea, "/aujourdhui").text)
    assert f"🔴 En retard, d’abord F{same}" in told
    assert f"🔴 En retard : 800 €, dont F{other} depuis 60 jours" in told


def test_what_a_call_cannot_move_is_left_in_peace_and_counted(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        ids = [company.a_customer(work, f"C{n}") for n in range(5)]
        items = [company.an_invoice(work, one, f"F{one}") for one in ids]
        company.disputed(work, ids[0], lea, 100_000, item=items[0])
        due = TODAY + timedelta(days=2)
        company.promised(work, ids[1], lea, 100_000, due, items=[(items[1], 100_000)])
        company.an_invoice(work, ids[2], "A1", -100_000, kind="payment")
        company.contacted(work, ids[3], lea)
        found = worklist.today(work, lea, MORNING, rules())
        told = company.says(work, lea, "/aujourdhui")
    assert [one.customer for one in found.calls] == [ids[4]]
    assert sum(found.held.values()) == 4
    assert "À laisser tranquilles : en litige (1)" in clean(told.text)


def test_the_law_and_the_calendar_leave_in_peace_too(database_url: str) -> None:
    sunday, monday = TODAY - timedelta(days=3), paris(2026, 11, 23, 9)
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        ids = [company.a_customer(work, f"C{n}") for n in range(4)]
        company.an_invoice(work, ids[0], "F0", late=30)
        company.an_invoice(work, ids[1], "F1", late=30)
        company.an_invoice(work, ids[2], "F2", late=(TODAY - sunday).days)
        company.an_invoice(work, ids[3], "F3", late=30)
        for one, lifted_at in ((ids[0], None), (ids[1], monday.at)):
            frozen = {"uid": f"freeze-{one}", "customer_id": one, "signal": "C3-01", "cause": "A1"}
            frozen |= {"since": sunday, "at": monday.at, "lifted_at": lifted_at}
            work.execute(insert(tables.freeze), frozen)
        on_monday = worklist.today(work, lea, monday, rules())
        told = company.says(work, lea, "/aujourdhui")
        on_wednesday = worklist.today(work, lea, MORNING, rules())
    assert [one.customer for one in on_monday.calls] == [ids[1], ids[3]]
    assert on_monday.held == {Held.FROZEN: 1, Held.JUST_DUE: 1}
    assert [one.customer for one in on_wednesday.calls] == [ids[1], ids[3], ids[2]]
    assert on_wednesday.held == {Held.FROZEN: 1}
    assert "gelés, procédure ou radiation (1)" in clean(told.text)


def test_the_set_reading_agrees_with_the_reading_of_one_account(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1")
        first, second = (company.an_invoice(work, one, f"F{n}", late=9 - n) for n in range(2))
        company.disputed(work, one, lea, 30_000, item=first)
        company.disputed(work, one, lea, 10_000)
        company.promised(work, one, lea, 50_000, TODAY, items=[(second, 50_000)])
        from bot.use_cases import accounts

        alone = accounts.load(work, one, MORNING, rules())
        together = portfolio.debtors(work, None, TODAY, POLICY.dispute.rules)
    assert together[0].items == alone.items


def test_the_day_shows_tasks_and_promises_due_and_a_task_is_done_once(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1", "DUPONT")
        task = company.planned(work, one, lea)
        company.promised(work, one, lea, 150_000, TODAY - timedelta(days=1))
        told = company.says(work, lea, "/today")
        after = company.taps(work, lea, told.data("✔ Fait"))
        again = company.taps(work, lea, TaskDone(task))
    assert "☐ rappeler · DUPONT" in clean(told.text)
    assert "DUPONT a promis 1 500,00 € pour le mar. 24/11" in clean(told.text)
    assert "☐ rappeler" not in clean(after.text)
    assert "☐ rappeler" not in clean(again.text)


def test_five_accounts_a_page_and_the_next_ones(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        for n in range(7):
            one = company.a_customer(work, f"C{n}", f"Client {n}")
            company.an_invoice(work, one, f"F{n}", 100_000 * (n + 1))
        first = company.says(work, lea, "/aujourdhui")
        second = company.taps(work, lea, first.data("Suivants"))
    assert next(one for one in first.labels if " · " in one) == "1 · Client 6"
    assert "6. Client 1" in second.text
    assert "‹ Les premiers" in second.labels


def test_an_empty_day_says_so(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        nobody = company.hire(work, "Léa", Role.REP)
        one = company.a_customer(work, "C1")
        company.an_invoice(work, one, "F1")
        told = company.says(work, nobody, "/aujourdhui")
        balance = company.says(work, nobody, "/balance")
    assert "Personne à appeler" in told.text
    assert "Rien n’est ouvert" in balance.text


def test_a_manager_sees_one_line_per_rep_and_opens_it(database_url: str) -> None:
    with inline(database_url) as work:
        company.hire(work, "Léa", Role.REP, "R1")
        chief = company.hire(work, "Paul", Role.SALES_MANAGER, "R1", "R2")
        for code, rep in (("C1", "R1"), ("C2", "R2"), ("C3", "R3")):
            company.an_invoice(work, company.a_customer(work, code, rep=rep), f"F{code}")
        told = company.says(work, chief, "/aujourdhui")
        day = company.taps(work, chief, told.data("Léa"))
        balances = company.says(work, chief, "/balance")
        one = company.taps(work, chief, balances.data("R2"))
        every = company.taps(work, chief, ShowBalance(OWN))
    assert "Léa (R1)" in told.text
    assert "R3" not in told.text + balances.text
    assert "Qui appeler : R1" in clean(day.text)
    assert "1 000,00 €" in clean(one.text)
    assert "2 000,00 €" in clean(every.text)


def test_a_rep_opens_neither_a_team_nor_another_portfolio(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        marc = company.hire(work, "Marc", Role.REP, "R2")
        one = company.a_customer(work, "C1", "SECRET SARL")
        company.an_invoice(work, one, "F1")
        lea = company.hire(work, "Léa", Role.REP, "R1")
        task = company.planned(work, one, lea)
        forged = [
            ShowDay(0, key_of("R1")),
            ShowBalance(key_of("R1")),
            ShowBalance(0),
            ShowTeam(0, "d"),
            TaskDone(task),
            TaskDone(999),
        ]
        told = [company.taps(work, marc, tap) for tap in forged]
    for answer in told:
        assert answer.toast
        assert not answer.text.startswith(("📞", "⚖️"))
        assert "SECRET" not in str(answer.bodies)


def test_the_balance_of_a_rep_names_his_customers_a_page_at_a_time(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        chief = company.hire(work, "Claire", Role.CREDIT_MANAGER)
        for n in range(1, 11):
            one = company.a_customer(work, f"C{n}", f"CLIENT {n:02}")
            company.an_invoice(work, one, f"F{n}", n * 100_000, late=n)
        company.an_invoice(work, one, "A1", -60_000, kind="credit_note")
        other = company.a_customer(work, "X", "AUTRE", rep="R2")
        company.an_invoice(work, other, "FX", 100_000)
        mine = company.says(work, lea, "/balance")
        second = company.taps(work, lea, mine.data("›"))
        account = company.taps(work, lea, second.data("10 · "))
        team = company.says(work, chief, "/balance")
        his = company.taps(work, chief, team.data("Léa"))
        turned = company.taps(work, chief, his.data("›"))
    assert "2. CLIENT 09</b> · 9 000 € échus sur 9 000 € · 9 jours" in clean(mine.text)
    assert "8. CLIENT 03" in mine.text
    assert "CLIENT 02" not in mine.text
    assert "AUTRE" not in mine.text + his.text
    assert "9. CLIENT 02" in second.text
    assert "▓" not in second.text
    assert "CLIENT 01" in account.text
    assert "Léa (R1)" in turned.text
    assert "10. CLIENT 01" in turned.text
    assert "1. CLIENT 10</b> · 10 000 € échus, 9 400 € net des avoirs" in clean(his.text)


def test_the_balance_adds_up_per_currency(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1", "R2")
        one, two = company.a_customer(work, "C1"), company.a_customer(work, "C2", rep="R2")
        for n, late in enumerate((0, 1, 30, 31, 60, 61, 90, 91, 120, 121, 500)):
            company.an_invoice(work, (one, two)[n % 2], f"F{n}", 10_000 + n, late=late)
        company.an_invoice(work, one, "A1", -5_000, kind="credit_note")
        company.an_invoice(work, two, "U1", 7_000, currency="USD")
        found = worklist.balance(work, lea, MORNING)
    euros = found["EUR"]
    assert [money.minor for money in euros.buckets.values()] == [
        20_003,
        20_007,
        20_011,
        20_015,
        20_019,
    ]
    assert euros.not_due.minor == 10_000
    assert euros.total.minor == sum(10_000 + n for n in range(11)) - 5_000
    assert found["USD"].total.minor == 7_000


def test_the_balance_of_a_past_day_counts_what_was_open_then(database_url: str) -> None:
    with inline(database_url) as work:
        one = company.a_customer(work, "C1")
        item = company.an_invoice(work, one, "F1", 100_000, open_minor=0, late=10)
        company.settled(work, item, 100_000, TODAY - timedelta(days=2))
        before = portfolio.aged(work, None, TODAY - timedelta(days=3), past=True)
        after = portfolio.aged(work, None, TODAY, past=True)
    assert before["R1"]["EUR"].overdue.minor == 100_000
    assert after == {}


def test_what_is_settled_on_a_day_to_come_is_not_open_now(database_url: str) -> None:
    with inline(database_url) as work:
        one = company.a_customer(work, "C1")
        bill = company.an_invoice(work, one, "LCR", 100_000, open_minor=0, late=10)
        company.settled(work, bill, 100_000, TODAY + timedelta(days=5))
        company.an_invoice(work, one, "F1", 40_000, late=10)
        now = portfolio.aged(work, None, TODAY)
    assert now["R1"]["EUR"].total.minor == 40_000


@pytest.mark.parametrize("customers", [3, 30])
def test_the_day_takes_as_many_statements_for_thirty_accounts_as_for_three(
    sqlite_url: str, customers: int
) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        for n in range(customers):
            one = company.a_customer(work, f"C{n}")
            company.an_invoice(work, one, f"F{n}")
            alarmed(work, one)
        with company.counted(work) as statements:
            worklist.today(work, lea, MORNING, rules())
        assert len(statements) == 11
