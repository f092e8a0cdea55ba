"""The order and the length of a digest."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.digest import DigestKind, DigestLine, is_worth_sending, page, weight
from credit.money import Money
from tests.credit.builders import POLICY, eur

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def line(
    kind: DigestKind, amount: str | None = None, *, subject: int = 1, currency: str = "EUR"
) -> DigestLine:
    money = None if amount is None else Money(Decimal(amount), currency)
    return DigestLine(kind, 7, money, subject)


def test_lines_are_ordered_by_amount_and_urgency() -> None:
    alert = line(DigestKind.ALERT, "5000")
    promise = line(DigestKind.PROMISE_DUE, "4000")
    kept = line(DigestKind.PROMISE_KEPT, "9000")
    planned = line(DigestKind.CALL_PLANNED)
    found = page([planned, kept, alert, promise], POLICY.digest, POLICY.floor)
    assert found.lines == (promise, alert, kept, planned)
    assert found.hidden == 0


def test_a_digest_has_twelve_lines_and_says_how_many_more_there_are() -> None:
    lines = [line(DigestKind.ALERT, str(n + 1), subject=n) for n in range(20)]
    found = page(lines, POLICY.digest, POLICY.floor)
    assert len(found.lines) == 12
    assert found.hidden == 8
    assert found.lines[0].amount == eur("20")


def test_small_money_of_one_currency_does_not_outweigh_another() -> None:
    yen = line(DigestKind.ALERT, "30000", currency="JPY")
    euros = line(DigestKind.ALERT, "1000", subject=2)
    assert page([yen, euros], POLICY.digest, POLICY.floor).lines == (euros, yen)


def test_a_kind_without_a_weight_has_the_default_one() -> None:
    eased = line(DigestKind.ALERT_EASED, "150")
    assert weight(eased, POLICY.digest, POLICY.floor) == POLICY.digest.default_urgency


def test_nothing_to_say_is_said_on_monday_only() -> None:
    something = [line(DigestKind.ALERT, "1")]
    assert is_worth_sending(something, TUESDAY, POLICY.digest)
    assert is_worth_sending([], MONDAY, POLICY.digest)
    assert not is_worth_sending([], TUESDAY, POLICY.digest)


LINES = st.lists(
    st.builds(
        DigestLine,
        st.sampled_from(DigestKind),
        st.integers(1, 9),
        st.none() | st.integers(0, 10**8).map(lambda minor: Money.from_minor(minor, "EUR")),
        st.integers(1, 99),
    ),
    max_size=30,
)


@given(LINES)
def test_no_hidden_line_outweighs_a_shown_one(lines: list[DigestLine]) -> None:
    found = page(lines, POLICY.digest, POLICY.floor)
    weights = [weight(one, POLICY.digest, POLICY.floor) for one in found.lines]
    assert weights == sorted(weights, reverse=True)
    assert len(found.lines) + found.hidden == len(lines)
    hidden = [one for one in lines if one not in found.lines]
    for one in hidden:
        assert weight(one, POLICY.digest, POLICY.floor) <= weights[-1]
