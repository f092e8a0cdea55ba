"""A rep who comes in late: the alerts raised before him reach him, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.screens.gathered import BringCard
from bot.screens.tap import encode
from bot.screens.worklist import OWN, ShowDay
from credit.moment import Moment
from credit.people import Role
from storage import alert_volume, alerts
from storage.customers import ALL
from storage.outbox import Outgoing
from storage.work import Work
from tests.bot.handlers.reception import CHAT, an_invitation, command
from tests.bot.use_cases.alarms import MONDAY_OPEN, SATURDAY, late, scanned
from tests.day.company import MORNING, a_customer, hire, rendered, rules, waiting
from tests.day.test_account import clean
from tests.storage.inline import inline

MOST = rules().policy.volume.cards_an_hour


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        yield one


def in_alarm(work: Work, many: int, now: Moment = MORNING) -> dict[int, int]:
    """Put customers in alarm, the last ones owing most days; return their invoices."""
    owing = {}
    for n in range(many):
        one = a_customer(work, f"C{n}", f"Client {n}")
        owing[one] = late(work, one, days=65 + n, number=f"F{n}")
    scanned(work, *owing, now=now)
    return owing


def cards(work: Work) -> list[Outgoing]:
    return [row for row in waiting(work, alerts.NEWS) if row.chat_id == CHAT]


def comes_in(work: Work, role: Role = Role.REP, now: Moment = MORNING) -> None:
    an_invitation(work, role=role, codes=("R1",) if role is Role.REP else (), now=now)
    welcome = command(work, "/start secret", now=now).bodies[0]
    assert "Bienvenue" in welcome["params"]["text"]


def test_a_rep_enrolled_after_the_import_gets_the_cards_of_his_portfolio(work: Work) -> None:
    owing = in_alarm(work, 2)
    theirs = a_customer(work, "X1", rep="R2")
    late(work, theirs)
    scanned(work, theirs)
    comes_in(work)
    assert {row.body["customer_id"] for row in cards(work)} == set(owing)
    assert waiting(work, alert_volume.GATHERED) == []
    card = rendered(work, cards(work)[0])
    assert "votre portefeuille" in clean(card.text)


def test_a_large_portfolio_comes_as_some_cards_and_one_message(work: Work) -> None:
    in_alarm(work, MOST + 2)
    comes_in(work)
    heaviest = [row.customer_id for row in alerts.gravest(work, None, ALL)]
    assert [row.body["customer_id"] for row in cards(work)] == heaviest[:MOST]
    [rest] = waiting(work, alert_volume.GATHERED)
    told = rendered(work, rest)
    assert "2 autres alertes" in clean(told.text)
    assert told.data("Qui appeler") == encode(ShowDay(0, OWN))
    assert told.data("2 · ") == encode(BringCard(heaviest[-1]))


def test_what_somebody_answered_already_is_not_told_again(work: Work) -> None:
    colleague = hire(work, "Hugo", Role.REP, "R1")
    one, two = in_alarm(work, 2)
    assert alerts.answer(work, one, alerts.ACKNOWLEDGED, colleague.id, MORNING.at)
    comes_in(work)
    assert [row.body["customer_id"] for row in cards(work)] == [two]


def test_out_of_hours_the_cards_wait_for_the_morning(work: Work) -> None:
    in_alarm(work, MOST + 1, now=SATURDAY)
    comes_in(work, now=SATURDAY)
    assert [row.not_before for row in cards(work)] == [MONDAY_OPEN] * MOST
    [rest] = waiting(work, alert_volume.GATHERED)
    assert rest.not_before > MONDAY_OPEN


@pytest.mark.parametrize("role", [Role.SALES_MANAGER, Role.CREDIT_MANAGER])
def test_who_has_no_portfolio_of_his_own_is_not_flooded(work: Work, role: Role) -> None:
    in_alarm(work, 6)
    comes_in(work, role)
    assert cards(work) == []
    assert [row for row in waiting(work, alert_volume.GATHERED) if row.chat_id == CHAT] == []
