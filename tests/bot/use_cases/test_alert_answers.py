"""What becomes of an alert: taken in charge, put off, set aside, or left without an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from bot.use_cases import alert_answers, alert_watch
from bot.use_cases.refusals import NotYours, Outdated
from credit.moment import Moment
from credit.people import Person, Role
from storage import alerts as stored
from storage import people, tables
from storage.work import Work
from tests.bot.handlers.reception import events
from tests.bot.use_cases.alarms import (
    MONDAY_OPEN,
    WEDNESDAY,
    all_sent,
    known,
    late,
    news,
    owed,
    scanned,
    sent,
)
from tests.credit.builders import paris
from tests.day.company import (
    a_customer,
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


def test_without_an_answer_the_manager_hears_of_it_once(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    chief = hire(work, "Magali", Role.SALES_MANAGER, "R1")
    hire(work, "Other", Role.SALES_MANAGER, "R2")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    all_sent(work, 50)
    almost = paris(2026, 11, 26, 8, 59)
    assert alert_watch.escalate_unanswered(work, signed(almost), rules()) == 0
    thursday = paris(2026, 11, 26, 9, 1)
    assert alert_watch.escalate_unanswered(work, signed(thursday), rules()) == 1
    [row] = waiting(work, stored.NEWS)
    assert (row.person_id, row.body["because"]) == (chief.id, "escalation")
    body = sent(work, row, 70)
    assert body is not None
    assert "sans réponse depuis un jour ouvré" in body["params"]["text"]
    assert alert_watch.escalate_unanswered(work, signed(thursday), rules()) == 0
    assert stored.card_of(work, customer, lea.id) == 50
    assert len(events(work, "alert.escalated")) == 1


def test_a_card_brought_up_to_date_still_says_why_it_came_until_somebody_answers(
    work: Work,
) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    chief = hire(work, "Magali", Role.SALES_MANAGER, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    all_sent(work, 50)
    alert_watch.escalate_unanswered(work, signed(paris(2026, 11, 26, 9, 1)), rules())
    all_sent(work, 70)
    friday = paris(2026, 11, 27, 9)

    def edited() -> dict[int, str]:
        bodies = [body for body in all_sent(work, 80, friday) if "message_id" in body["params"]]
        return {body["params"]["chat_id"]: body["params"]["text"] for body in bodies}

    scanned(work, customer, now=friday)
    told = edited()[chief.telegram_id or 0]
    assert "67 jours" in told
    assert "sans réponse depuis un jour ouvré" in told
    alert_answers.take_charge(work, signed(friday, lea), lea, customer)
    answered = edited()[chief.telegram_id or 0]
    assert "Léa s’en charge" in answered
    assert "sans réponse" not in answered


def test_an_answer_in_time_spares_the_manager_and_shows_on_every_card(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    luc = hire(work, "Luc", Role.REP, "R1")
    hire(work, "Magali", Role.SALES_MANAGER, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    all_sent(work, 50)
    alert_answers.take_charge(work, signed(WEDNESDAY, lea), lea, customer)
    bodies = all_sent(work, 60)
    assert {body["params"]["chat_id"] for body in bodies} == {lea.telegram_id, luc.telegram_id}
    assert all("Léa s’en charge" in body["params"]["text"] for body in bodies)
    assert all(body["method"] == "editMessageText" for body in bodies)
    friday = paris(2026, 11, 27, 10)
    assert alert_watch.escalate_unanswered(work, signed(friday), rules()) == 0
    assert events(work, "alert.acknowledged")[0].person_id == lea.id


def test_who_takes_charge_twice_is_noted_once_and_another_one_anew(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    luc = hire(work, "Luc", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    for person in (lea, lea, luc, lea):
        alert_answers.take_charge(work, signed(WEDNESDAY, person), person, customer)
    told = [event.person_id for event in events(work, "alert.acknowledged")]
    assert told == [lea.id, luc.id, lea.id]


def test_an_answer_never_falls_between_a_look_and_what_it_writes(postgres_url: str) -> None:
    with inline(postgres_url) as work:
        fresh(work)
        lea = hire(work, "Léa", Role.REP, "R1")
        customer = a_customer(work, "C1")
        late(work, customer)
        scanned(work, customer)
    with inline(postgres_url) as look:
        scanned(look, customer)
        with pytest.raises(OperationalError, match="lock timeout"):
            takes_charge(postgres_url, lea, customer, wait="50ms")
    takes_charge(postgres_url, lea, customer, wait="0")
    with inline(postgres_url) as work:
        assert stored.answered(work, customer) == (stored.ACKNOWLEDGED, lea.id)


def takes_charge(url: str, person: Person, customer: int, *, wait: str) -> None:
    """Take charge in a transaction of its own, waiting so long for who holds the alert."""
    with inline(url) as tap:
        tap.execute(text(f"set local lock_timeout = '{wait}'"), {})
        alert_answers.take_charge(tap, signed(WEDNESDAY), person, customer)


def put_off(work: Work, person: Person, until: date) -> int:
    """Let an account alarm and its rep hide the card until a day; return the customer."""
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    all_sent(work, 50)
    alert_answers.snooze(work, signed(WEDNESDAY, person), person, customer, until, rules())
    return customer


def woken(work: Work, now: Moment) -> int:
    """Wake whose snooze is over, as the clock does."""
    return alert_watch.wake_snoozed(work, signed(now), rules(), alert_watch.waking(work, now))


def test_a_snoozed_alert_wakes_in_the_morning_of_its_day_and_rings(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    all_sent(work, 50)
    until = datetime(2026, 11, 28, tzinfo=UTC).date()  # a Saturday: it wakes on Monday
    done = alert_answers.snooze(work, signed(WEDNESDAY, lea), lea, customer, until, rules())
    assert (done.state, done.snoozed_until) == ("snoozed", MONDAY_OPEN)
    all_sent(work, 51)
    sunday = paris(2026, 11, 29, 12)
    assert woken(work, sunday) == 0
    assert alert_watch.escalate_unanswered(work, signed(sunday), rules()) == 0
    monday = paris(2026, 11, 30, 7, 31)
    assert woken(work, monday) == 1
    assert woken(work, monday) == 0
    one = known(work, customer)
    assert (one.state, one.snoozed_until) == ("raised", None)
    assert one.answer_by == paris(2026, 12, 1, 7, 31).at
    bodies = all_sent(work, 60, monday)
    assert bodies[0]["method"] == "sendMessage"
    assert "délai" in bodies[0]["params"]["text"] or "temps" in bodies[0]["params"]["text"]
    assert stored.card_of(work, customer, lea.id) == 60


def test_a_snoozed_alert_of_an_account_given_away_wakes_for_its_new_rep(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    marc = hire(work, "Marc", Role.REP, "R2")
    put_off(work, lea, date(2026, 11, 27))
    work.execute(update(tables.customer_row).values(assigned_code="R2"))
    friday = paris(2026, 11, 27, 9)
    assert woken(work, friday) == 1
    [row] = [one for one in news(work, marc) if one.body["news"]]
    assert row.body["because"] == "owner"
    assert [one for one in news(work, lea) if one.body["news"]] == []


def test_whose_alert_was_answered_since_it_was_looked_up_is_left_asleep(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = put_off(work, lea, date(2026, 11, 27))
    friday = paris(2026, 11, 27, 9)
    over = alert_watch.waking(work, friday)
    assert over == [customer]
    assert alert_watch.wake_snoozed(work, signed(friday), rules(), []) == 0
    later = date(2026, 12, 4)
    alert_answers.snooze(work, signed(friday, lea), lea, customer, later, rules())
    assert alert_watch.wake_snoozed(work, signed(friday), rules(), over) == 0
    assert [row for row in news(work, lea) if row.body["news"]] == []
    assert known(work, customer).state == "snoozed"


def test_a_bot_that_was_off_does_not_wake_people_at_night(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    put_off(work, lea, date(2026, 11, 27))
    woken(work, paris(2026, 11, 28, 3))
    assert [row.not_before for row in news(work, lea) if row.body["news"]] == [MONDAY_OPEN]


def test_what_lasts_stays_put_off_but_a_rise_comes_through(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = put_off(work, lea, date(2026, 12, 20))
    assert scanned(work, customer, now=paris(2026, 12, 8, 9)).pushed == 0
    assert known(work, customer).state == "snoozed"
    table = tables.alert
    work.execute(update(table).values(level=1, pushed_level=1, points=1))
    assert scanned(work, customer, now=paris(2026, 12, 8, 10)).pushed == 1
    assert (known(work, customer).state, known(work, customer).snoozed_until) == ("raised", None)


def test_a_dismissal_keeps_the_word_for_each_rule_that_fired(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    alert_answers.dismiss(work, signed(WEDNESDAY, lea), lea, customer, "already_paid", "vu hier")
    rows = work.all(select(tables.rule_feedback).order_by(tables.rule_feedback.c.signal))
    fired = sorted(str(one["id"]) for one in known(work, customer).signals)
    assert [row.signal for row in rows] == fired
    assert {(row.reason, row.person_id) for row in rows} == {("already_paid", lea.id)}
    assert known(work, customer).state == "dismissed"
    data = events(work, "alert.dismissed")[0].data
    assert data == {"level": 2, "reason": "already_paid", "note": "vu hier"}


def test_an_alert_that_is_gone_cannot_be_answered(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customer = a_customer(work, "C1")
    item = late(work, customer)
    with pytest.raises(NotYours):
        alert_answers.take_charge(work, signed(WEDNESDAY, lea), lea, customer)
    scanned(work, customer)
    owed(work, item, 0)
    scanned(work, customer)
    with pytest.raises(Outdated):
        alert_answers.dismiss(work, signed(WEDNESDAY, lea), lea, customer, "already_paid")
    assert work.all(select(tables.rule_feedback)) == []


def test_whoever_left_is_told_nothing(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    claire = hire(work, "Claire", Role.CREDIT_MANAGER)
    people.revoke(work, lea.id, WEDNESDAY.at)
    customer = a_customer(work, "C1")
    late(work, customer)
    scanned(work, customer)
    assert [row.person_id for row in waiting(work, stored.NEWS)] == [claire.id]
