"""An alert: raised, pushed in working hours, worsened, eased, cleared, overtaken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.use_cases import alert_answers, alerts
from credit.people import Role
from storage import alerts as stored
from storage import tables
from storage.work import Work
from tests.bot.handlers.reception import events
from tests.bot.use_cases.alarms import (
    MONDAY_OPEN,
    SATURDAY,
    WEDNESDAY,
    all_sent,
    known,
    late,
    make_red,
    news,
    owed,
    scanned,
    sent,
)
from tests.credit.builders import paris
from tests.day.company import (
    a_customer,
    an_invoice,
    fresh,
    hire,
    rules,
    signed,
    waiting,
)
from tests.storage.inline import inline


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        fresh(one)
        yield one


def test_a_raised_alert_is_a_new_message_to_the_rep(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    hire(work, "Marc", Role.REP, "R2")
    customer = a_customer(work, "C1", "<b>A & B</b>")
    late(work, customer)
    report = scanned(work, customer)
    assert (report.raised, report.pushed) == (1, 1)
    [row] = waiting(work, stored.NEWS)
    assert (row.person_id, row.not_before) == (lea.id, WEDNESDAY.at)
    body = sent(work, row, 50)
    assert body is not None
    assert body["method"] == "sendMessage"
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in body["params"]["text"]
    assert "disable_notification" not in body["params"]
    assert stored.card_of(work, customer, lea.id) == 50
    one = known(work, customer)
    assert (one.level, one.state, one.pushed_level) == (2, "raised", 2)
    assert [event.data["level"] for event in events(work, "alert.raised")] == [2]


def test_a_saturday_s_alert_waits_for_monday_and_is_never_dropped(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer, now=SATURDAY)
    [row] = news(work, lea)
    assert row.not_before == MONDAY_OPEN
    one = known(work, customer)
    assert one.pushed_at == MONDAY_OPEN
    assert one.answer_by == MONDAY_OPEN + timedelta(days=1)


def test_an_evening_s_alert_waits_for_the_morning(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer, now=paris(2026, 11, 25, 19, 0))
    assert news(work, lea)[0].not_before == paris(2026, 11, 26, 7, 30).at


def test_looking_again_changes_nothing(work: Work) -> None:
    hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    before = known(work, customer)
    again = scanned(work, customer)
    assert (again.unchanged, again.pushed) == (1, 0)
    assert known(work, customer) == before
    assert len(waiting(work, stored.NEWS)) == 1


def test_an_account_that_was_always_fine_leaves_no_row(work: Work) -> None:
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "F1", late=-10)
    assert scanned(work, customer).unchanged == 1
    assert stored.of(work, customer) is None


def test_a_low_level_is_kept_for_the_digest(work: Work) -> None:
    hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    an_invoice(work, customer, "F00", 900_000, late=400, open_minor=0)
    an_invoice(work, customer, "F0", 900_000, late=-30)
    late(work, customer, days=12)
    report = scanned(work, customer)
    assert (report.raised, report.pushed) == (1, 0)
    assert known(work, customer).level == 1
    assert waiting(work, stored.NEWS) == []


def test_a_look_that_must_not_tell_posts_nothing(work: Work) -> None:
    hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    assert scanned(work, customer, tell=False).raised == 1
    assert waiting(work, stored.NEWS) == []
    told = scanned(work, customer)
    assert told.pushed == 1, "it is told at the next look that may tell"


def test_an_update_edits_the_same_message_without_a_sound(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    item = late(work, customer)
    scanned(work, customer)
    all_sent(work, 50)
    owed(work, item, 300_000)
    report = scanned(work, customer)
    assert (report.unchanged, report.pushed) == (1, 0)
    [row] = waiting(work, stored.NEWS)
    assert row.body["news"] is False
    body = sent(work, row, 51)
    assert body is not None
    assert body["method"] == "editMessageText"
    assert body["params"]["message_id"] == 50
    assert stored.card_of(work, customer, lea.id) == 50
    assert waiting(work, stored.MOVED) == []


def test_a_cleared_alert_says_so_in_place_and_keeps_no_answer(work: Work) -> None:
    hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    item = late(work, customer)
    scanned(work, customer)
    all_sent(work, 50)
    owed(work, item, 0)
    assert scanned(work, customer).cleared == 1
    [body] = all_sent(work, 51)
    assert body["method"] == "editMessageText"
    assert "Retour à la normale" in body["params"]["text"]
    one = known(work, customer)
    assert (one.state, one.level, one.answer_by) == ("cleared", 0, None)


def test_raised_again_after_being_cleared_it_rings_and_the_old_card_points_to_it(
    work: Work,
) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1", "Durand")
    item = late(work, customer)
    scanned(work, customer)
    all_sent(work, 50)
    owed(work, item, 0)
    scanned(work, customer)
    all_sent(work, 51)
    owed(work, item, 500_000)
    later = paris(2026, 12, 3, 9)
    assert scanned(work, customer, now=later).raised == 1
    bodies = all_sent(work, 60, later)
    assert [body["method"] for body in bodies] == ["sendMessage", "editMessageText"]
    pointer = bodies[1]
    assert pointer["params"]["message_id"] == 50
    assert pointer["params"]["reply_markup"] == {"inline_keyboard": []}
    assert len(pointer["params"]["text"].splitlines()) == 1
    assert "Durand" in pointer["params"]["text"]
    assert pointer["fallback"] is False
    assert stored.card_of(work, customer, lea.id) == 60


def test_a_higher_level_rings_at_once_and_leaves_one_live_card(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    all_sent(work, 50)
    alert_answers.take_charge(work, signed(WEDNESDAY, lea), lea, customer)
    all_sent(work, 51)
    make_red(work, customer)
    report = scanned(work, customer)
    assert (report.worsened, report.pushed) == (1, 1)
    one = known(work, customer)
    assert (one.state, one.escalated_at, one.snoozed_until) == ("raised", None, None)
    bodies = all_sent(work, 60)
    assert [body["method"] for body in bodies] == ["sendMessage", "editMessageText"]
    assert stored.card_of(work, customer, lea.id) == 60
    assert bodies[1]["params"]["message_id"] == 50


def test_news_that_waits_is_overtaken_by_newer_news_and_rings_once(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer, now=SATURDAY)
    make_red(work, customer)
    scanned(work, customer, now=SATURDAY.plus(timedelta(hours=2)))
    assert len(news(work, lea)) == 1
    states = work.scalars(select(tables.outbox.c.state).order_by(tables.outbox.c.id))
    assert states == ["dropped", "waiting"]


def test_news_of_one_account_does_not_overtake_another_s(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customers = [a_customer(work, f"C{n}") for n in range(12)]
    first, eleventh = customers[0], customers[10]  # "alert:1:" and "alert:11:"
    for customer in (first, eleventh):
        late(work, customer)
    scanned(work, first, eleventh, now=SATURDAY)
    make_red(work, first)
    scanned(work, first, now=SATURDAY.plus(timedelta(hours=2)))
    assert {row.body["customer_id"] for row in news(work, lea)} == {first, eleventh}


@pytest.mark.parametrize("answer", ["acknowledged", "snoozed", "dismissed", "cleared"])
def test_overtaken_news_is_not_sent(work: Work, answer: str) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer, now=SATURDAY)
    [row] = news(work, lea)
    table = tables.alert
    level = 0 if answer == "cleared" else 2
    work.execute(update(table).values(state=answer, level=level))
    assert sent(work, row, 50) is None


def test_news_about_an_account_that_moved_to_another_rep_is_not_sent(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer, now=SATURDAY)
    [row] = news(work, lea)
    work.execute(update(tables.customer_row).values(assigned_code="R2"))
    assert sent(work, row, 50) is None


def test_the_same_level_is_pushed_again_after_seven_days_only(work: Work) -> None:
    hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    all_sent(work, 50)
    assert scanned(work, customer, now=paris(2026, 12, 1, 9)).pushed == 0
    all_sent(work, 55)
    assert scanned(work, customer, now=paris(2026, 12, 2, 9)).pushed == 1
    assert [body["method"] for body in all_sent(work, 60)] == ["sendMessage", "editMessageText"]


def test_an_account_without_a_rep_goes_to_the_credit_manager(work: Work) -> None:
    hire(work, "Léa", Role.REP, "R1")
    claire = hire(work, "Claire", Role.CREDIT_MANAGER)
    customer = a_customer(work, "C1", rep=None)
    late(work, customer)
    scanned(work, customer)
    [row] = waiting(work, stored.NEWS)
    assert (row.person_id, row.body["because"]) == (claire.id, "no_owner")


def test_old_data_pushes_nothing_until_it_is_fresh(work: Work) -> None:
    hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    fresh(work, WEDNESDAY.plus(timedelta(days=-3)))
    report = alerts.scan(work, signed(), [customer], rules())
    assert (report.raised, report.pushed) == (1, 0)
    assert waiting(work, stored.NEWS) == []
    assert scanned(work, customer).pushed == 1
