"""Cards brought up to date: once each, and not at all when the answer to a tap did it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.screens.alert import TakeCharge
from credit.people import Person, Role
from storage import alerts, binding
from storage.work import Work
from tests.bot.use_cases.alarms import all_sent, known, late, news, scanned, sent
from tests.day.company import a_customer, hire, taps, waiting
from tests.storage.inline import inline


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        yield one


@pytest.fixture
def reps(work: Work) -> tuple[Person, Person]:
    return hire(work, "Léa", Role.REP, "R1"), hire(work, "Hugo", Role.REP, "R1")


def test_taking_charge_edits_the_colleague_s_card_and_not_one_s_own_twice(
    work: Work, reps: tuple[Person, Person]
) -> None:
    lea, hugo = reps
    one = a_customer(work, "C1")
    late(work, one)
    scanned(work, one)
    all_sent(work, 100)
    told = taps(work, lea, TakeCharge(one))
    [body] = told.bodies
    [mine] = news(work, lea)
    [theirs] = news(work, hugo)
    [bound] = body["bind"]
    binding.bind(work, mine, body["params"]["message_id"], bound)  # as once the answer has left
    assert sent(work, mine, 0) is None
    edited = sent(work, theirs, 0)
    assert edited is not None
    assert edited["method"] == "editMessageText"
    assert "Léa" in edited["params"]["text"]


def test_a_card_whose_answer_was_overtaken_is_not_put_over_what_is_looked_at_now(
    work: Work, reps: tuple[Person, Person]
) -> None:
    lea, _ = reps
    one = a_customer(work, "C1")
    late(work, one)
    scanned(work, one)
    all_sent(work, 100)
    shown = alerts.card_of(work, one, lea.id)
    assert shown is not None
    [body] = taps(work, lea, TakeCharge(one)).bodies
    [mine] = news(work, lea)
    unseen = {**body["bind"][0], binding.UNSEEN: True}  # he tapped again before it had left
    binding.bind(work, mine, 4_242, unseen)
    assert alerts.card_of(work, one, lea.id) == shown, "what was never shown there is not there"
    assert waiting(work, alerts.MOVED) == []
    binding.bind(work, mine, shown, unseen)
    assert sent(work, mine, 0) is None


def test_two_changes_before_a_card_is_edited_edit_it_once(
    work: Work, reps: tuple[Person, Person]
) -> None:
    lea, _ = reps
    one = a_customer(work, "C1")
    late(work, one)
    scanned(work, one)
    all_sent(work, 100)
    late(work, one, days=5, number="F2", minor=1_000)
    scanned(work, one)
    taps(work, lea, TakeCharge(one))
    bodies = [sent(work, row, 0) for row in news(work, lea)]
    assert len([body for body in bodies if body]) == 1
    card = next(row for row in alerts.cards(work, one) if row.person_id == lea.id)
    assert card.version == known(work, one).version
    assert waiting(work, alerts.MOVED) == []
