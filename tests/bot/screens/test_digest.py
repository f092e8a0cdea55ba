"""The digest's weekly line, in one currency and in two."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.alerts.digest import DigestPage
from bot.screens import digest
from bot.screens.render import speaker
from bot.use_cases.digests import Digest, Reader, Weekly
from credit.money import Money
from tests.credit.builders import PARIS
from tests.day.company import MORNING
from tests.day.test_account import clean


def weekly_line(locale: str, *changes: Money) -> str:
    weekly = Weekly(late_days=12, speed=None, kept_percent=None, changes=changes, slowest=())
    found = Digest(
        reader=Reader.REP,
        on=MORNING.today,
        since=MORNING,
        sums=(),
        received=(),
        page=DigestPage((), 0),
        weekly=weekly,
    )
    text = clean(digest.digest(speaker(locale, PARIS), found).text)
    return next(line for line in text.splitlines() if "📊" in line)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def dollars(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((), "📊 12 jours de retard moyen"),
        ((euros("1200"),), "📊 12 jours de retard moyen · échu sur une semaine : ▲ 1 200 €"),
        (
            (euros("1200"), dollars("-300")),
            "📊 12 jours de retard moyen · échu sur une semaine : ▲ 1 200 €, ▼ 300 $US",
        ),
        (
            (euros("0"), dollars("-300")),
            "📊 12 jours de retard moyen · échu sur une semaine : ▼ 300 $US",
        ),
        ((euros("0"), dollars("0")), "📊 12 jours de retard moyen · échu inchangé sur une semaine"),
    ],
)
def test_each_currency_that_moved_is_told_once(changes: tuple[Money, ...], said: str) -> None:
    assert weekly_line("fr", *changes) == said


def test_in_english_too() -> None:
    line = weekly_line("en", euros("-5"), dollars("3000"))
    assert line.endswith("overdue in a week: ▼ €5, ▲ $3,000")
