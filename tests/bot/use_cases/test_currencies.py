"""Sums of several currencies are weighed in floors before they are put in order, never bare."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.screens import balance as balance_screens
from bot.screens.account import balance_lines
from bot.screens.render import speaker
from bot.screens.worklist import amounts
from bot.use_cases import accounts, balances, digest_lines, worklist
from credit.money import Money
from credit.people import Person, Role
from storage import balance, news
from storage.work import Work
from tests.credit.builders import PARIS, TODAY
from tests.day.company import MORNING, a_customer, an_invoice, hire, rules

FLOOR = rules().policy.floor
CURRENCIES = (
    *("AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP"),
    *("HKD", "HUF", "INR", "JPY", "MAD", "NOK", "PLN", "SEK", "TND", "USD"),
)


@pytest.fixture
def lea(work: Work) -> Person:
    return hire(work, "Léa", Role.REP, "R1")


def a_debt(work: Work, name: str, minor: int, currency: str, late: int = 35) -> int:
    customer = a_customer(work, name, name)
    an_invoice(work, customer, f"F-{name}", minor, currency=currency, late=late)
    return customer


def a_book(work: Work) -> list[int]:
    """Let customers owe 2 000 €, 300 000 F CFA (three floors) and 300 €, late since yesterday."""
    return [
        a_debt(work, "SMALL", 30_000, "EUR", late=1),
        a_debt(work, "AFRICA", 300_000, "XOF", late=1),
        a_debt(work, "LARGE", 200_000, "EUR", late=1),
    ]


def test_who_owes_most_is_told_by_what_is_much_in_his_money(work: Work) -> None:
    small, africa, large = a_book(work)
    page = balances.owing(work, None, TODAY, 0, FLOOR)
    assert [one.customer for one in page.lines] == [large, africa, small]


def test_the_pages_of_several_currencies_hold_everybody_once(work: Work) -> None:
    owed = {
        a_debt(work, f"C{n}", 10_000 * (n + 1), currency)
        for n, currency in enumerate(("EUR", "XOF", "USD") * 7)
    }
    pages = [balances.owing(work, None, TODAY, page, FLOOR) for page in range(3)]
    shown = [one for page in pages for one in page.lines]
    weights = [FLOOR.weigh(one.overdue) for one in shown]
    assert {one.customer for one in shown} == owed
    assert (len(shown), {page.pages for page in pages}) == (21, {3})
    assert weights == sorted(weights, reverse=True)
    too_far = balances.owing(work, None, TODAY, 3, FLOOR)
    assert (too_far.page, too_far.lines) == (0, pages[0].lines)


def test_of_however_many_currencies_the_most_overdue_of_each_are_read(work: Work) -> None:
    owing = {  # more currencies than any book has, and more than one page holds
        (currency, 10_000 * (n + 1)): a_debt(work, f"{currency}{n}", 10_000 * (n + 1), currency, 1)
        for currency in CURRENCIES
        for n in range(4)
    }
    a_debt(work, "NOBODY", 1, "EUR", late=1)
    day = TODAY - timedelta(days=1)
    for codes in (None, frozenset({"R1"})):
        for most in (1, 3):
            expected = {(one, at) for one, at in owing if at > 10_000 * (4 - most)}
            count, rows = balance.owed(work, codes, TODAY, most)
            assert {(one.currency, one.overdue) for one in rows} == expected
            assert [one.customer for one in rows] == [
                owing[one.currency, one.overdue] for one in rows
            ]
            assert count == len(owing) + 1
            new = news.new_overdue(work, codes, day, day, most)
            assert {(row.currency, row.minor) for row in new} == expected
            assert [row.place for row in new] == sorted(row.place for row in new)


def test_the_digest_names_the_new_debts_that_weigh_most(work: Work, lea: Person) -> None:
    africa = [a_debt(work, f"X{n}", 90_000, "XOF", late=1) for n in range(5)]  # under a floor
    large = [a_debt(work, f"E{n}", 50_000 + n, "EUR", late=1) for n in range(4)]
    since = MORNING.plus(timedelta(days=-3))
    lines, _ = digest_lines.gather(work, lea, frozenset({"R1"}), MORNING, since, rules())
    new = [one.customer for one in lines if one.kind.value == "new_overdue"]
    assert new == [*reversed(large), africa[0]]


def test_the_bars_of_a_balance_are_those_of_the_heaviest_currency(work: Work, lea: Person) -> None:
    a_book(work)
    found = worklist.balance(work, lea, MORNING)
    owing = balances.owing(work, None, TODAY, 0, FLOOR)
    text = balance_screens.balance(speaker("en", PARIS), found, owing, FLOOR).text
    assert text.index("2,300") < text.index("300,000")


def test_the_lines_of_an_account_begin_with_what_is_late_most(work: Work) -> None:
    customer = a_debt(work, "C1", 300_000, "XOF")
    an_invoice(work, customer, "F2", 200_000, late=35)
    one = accounts.load(work, customer, MORNING, rules())
    lines = balance_lines(one.balances, one.items, one.today, one.floor)
    assert [line.overdue.currency for line in lines] == ["EUR", "XOF"]


def test_amounts_side_by_side_begin_with_euros_whatever_their_units() -> None:
    moneys = [Money.from_minor(minor, code) for minor, code in ((9_000, "XOF"), (5_000, "CHF"))]
    euros = Money.from_minor(10_000, "EUR")
    said = amounts(speaker("en", PARIS), [*moneys, euros], 3)
    assert said == amounts(speaker("en", PARIS), [euros, *reversed(moneys)], 3)
    assert said.startswith("€100")
