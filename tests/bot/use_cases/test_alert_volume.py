"""Too many alerts at once: some ring, the rest is told in one message, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.screens.gathered import BringCard
from bot.screens.tap import encode
from bot.use_cases import alert_posting
from credit.moment import Moment
from credit.people import Pace, Person, Role
from storage import alert_volume, people, tables
from storage import alerts as stored
from storage.outbox import Outgoing
from storage.work import Work
from tests.bot.handlers.reception import press
from tests.bot.use_cases.alarms import (
    MONDAY_OPEN,
    SATURDAY,
    WEDNESDAY,
    late,
    make_red,
    news,
    scanned,
    sent,
)
from tests.credit.builders import PARIS, paris
from tests.day.company import a_customer, fresh, hire, rules, signed, waiting
from tests.storage.inline import inline

MOST = rules().policy.volume.cards_an_hour
MINUTES = timedelta(minutes=rules().policy.volume.gather_minutes)
HOUR = timedelta(hours=1)


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        fresh(one)
        yield one


def slipping(work: Work, count: int, code: str = "R1", first: int = 1) -> list[int]:
    """Let so many accounts of a portfolio be late."""
    found = [
        a_customer(work, f"{code}-{n:02d}", f"Client {code} {n:02d}", code)
        for n in range(first, first + count)
    ]
    for customer in found:
        late(work, customer)
    return found


def gathering(work: Work, person: Person | None = None) -> list[Outgoing]:
    rows = waiting(work, alert_volume.GATHERED)
    return [row for row in rows if person is None or row.person_id == person.id]


def kept(work: Work) -> set[int]:
    return set(work.scalars(select(tables.gathered_alert.c.customer_id)))


def told(work: Work, row: Outgoing, now: Moment, message_id: int = 90) -> dict[str, Any]:
    body = sent(work, row, message_id, now)
    assert body is not None
    return body


def buttons(body: dict[str, Any]) -> list[str]:
    rows = body["params"]["reply_markup"]["inline_keyboard"]
    return [one["callback_data"] for row in rows for one in row]


def test_an_hours_share_rings_and_one_message_names_the_rest(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customers = slipping(work, MOST + 3)
    assert scanned(work, *customers).pushed == MOST + 3
    rung = [row.body["customer_id"] for row in news(work, lea)]
    assert rung == customers[:MOST]
    [row] = gathering(work, lea)
    assert row.not_before == WEDNESDAY.at + MINUTES
    body = told(work, row, WEDNESDAY.plus(MINUTES))
    text = body["params"]["text"]
    assert "<b>3 autres alertes</b>" in text
    for n in (1, 2, 3):
        assert f"{n}. 🔴 <b>Client R1 {MOST + n:02d}</b> · En retard" in text
    assert [encode(BringCard(one)) for one in customers[MOST:]] == buttons(body)[:3]
    assert kept(work) == set()
    assert gathering(work) == []


def test_what_is_told_is_true_when_it_leaves(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customers = slipping(work, MOST + 4)
    scanned(work, *customers)
    answered, moved, stays, over = customers[MOST:]
    table = tables.alert
    work.execute(
        update(table).where(table.c.customer_id == answered).values(state=stored.ACKNOWLEDGED)
    )
    row = tables.customer_row
    work.execute(update(row).where(row.c.id == moved).values(assigned_code="R2"))
    work.execute(
        update(table).where(table.c.customer_id == over).values(state=stored.CLEARED, level=0)
    )
    [waits] = gathering(work, lea)
    body = told(work, waits, WEDNESDAY.plus(MINUTES))
    assert "<b>1 autre alerte</b>" in body["params"]["text"]
    assert buttons(body)[0] == encode(BringCard(stays))


def test_when_all_of_it_was_answered_nothing_is_sent_and_nothing_stays(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customers = slipping(work, MOST + 1)
    scanned(work, *customers)
    work.execute(update(tables.alert).values(state=stored.ACKNOWLEDGED))
    [row] = gathering(work, lea)
    assert sent(work, row, 90, WEDNESDAY.plus(MINUTES)) is None
    later = WEDNESDAY.plus(HOUR)
    assert alert_posting.lost(work, later) == [lea.id]
    left = gathering(work, lea)
    assert alert_posting.tell_again(work, signed(later), rules()) == 1
    assert gathering(work, lea) == left
    assert kept(work) == set()
    assert alert_posting.lost(work, later) == []


def test_the_next_message_of_the_kind_comes_an_hour_later(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    scanned(work, *slipping(work, MOST + 1))
    [first] = gathering(work, lea)
    told(work, first, WEDNESDAY.plus(MINUTES))
    later = WEDNESDAY.plus(timedelta(minutes=20))
    scanned(work, *slipping(work, 2, first=50), now=later)
    [second] = gathering(work, lea)
    assert second.not_before == first.not_before + HOUR
    assert len(kept(work)) == 2


def test_a_red_alert_that_does_not_ring_is_told_within_minutes(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    scanned(work, *slipping(work, MOST + 1))
    [first] = gathering(work, lea)
    told(work, first, WEDNESDAY.plus(MINUTES))
    later = WEDNESDAY.plus(timedelta(minutes=20))
    mild, red = slipping(work, 2, first=50)
    scanned(work, mild, red, now=later)
    known = stored.of(work, red)
    assert known is not None
    alert_posting.post_card(
        work, signed(later), replace(known, level=3), lea, rules(), because="owner", when=later.at
    )
    assert [row.not_before for row in gathering(work, lea)] == [
        first.not_before + HOUR,
        later.at + MINUTES,
    ]
    soon = told(work, gathering(work, lea)[1], later.plus(MINUTES))
    assert "<b>2 autres alertes</b>" in soon["params"]["text"]
    assert sent(work, gathering(work, lea)[0], 91, later.plus(HOUR)) is None


def test_an_hour_later_cards_ring_again(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    scanned(work, *slipping(work, MOST))
    scanned(work, *slipping(work, 1, first=60), now=WEDNESDAY.plus(HOUR))
    assert len(news(work, lea)) == MOST + 1
    assert gathering(work) == []


def test_the_weekends_alerts_are_counted_when_they_ring(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    scanned(work, *slipping(work, MOST), now=SATURDAY)
    scanned(work, *slipping(work, 1, first=60), now=SATURDAY.plus(timedelta(hours=20)))
    assert {row.not_before for row in news(work, lea)} == {MONDAY_OPEN}
    [row] = gathering(work, lea)
    assert row.not_before == MONDAY_OPEN + MINUTES


def test_news_that_is_overtaken_leaves_its_place_to_what_overtakes_it(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customers = slipping(work, MOST)
    scanned(work, *customers, now=SATURDAY)
    for customer in customers:
        make_red(work, customer)
    scanned(work, *customers, now=SATURDAY.plus(HOUR))
    assert [row.body["customer_id"] for row in news(work, lea)] == customers
    assert gathering(work) == []


def test_the_gravest_ring_first(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customers = slipping(work, MOST)
    grave = a_customer(work, "Z", "Grave", credit_limit_minor=100_000, limit_currency="EUR")
    late(work, grave)
    scanned(work, *customers, grave)
    known = {one: stored.of(work, one) for one in (*customers, grave)}
    assert max(known, key=lambda one: known[one].points) == grave  # type: ignore[union-attr]
    assert news(work, lea)[0].body["customer_id"] == grave
    assert kept(work) == {customers[-1]}


def test_each_person_has_a_share_of_his_own(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    marc = hire(work, "Marc", Role.REP, "R2")
    scanned(work, *slipping(work, MOST + 1), *slipping(work, MOST, "R2"))
    assert len(news(work, lea)) == len(news(work, marc)) == MOST
    assert [row.person_id for row in gathering(work)] == [lea.id]


def test_a_frozen_account_always_rings(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    scanned(work, *slipping(work, MOST + 1))
    frozen = slipping(work, 1, first=70)[0]
    people.set_pace(work, lea.id, Pace.DIGEST)
    scanned(work, frozen)
    assert len(news(work, lea)) == MOST
    known = stored.of(work, frozen)
    assert known is not None
    reader = people.by_id(work, lea.id)
    assert reader is not None
    for level, rings in ((2, False), (4, True)):
        graver = replace(known, level=level)
        alert_posting.post_card(
            work, signed(), graver, reader, rules(), because="owner", when=WEDNESDAY.at
        )
        assert (frozen in {row.body["customer_id"] for row in news(work, lea)}) is rings


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (WEDNESDAY, paris(2026, 11, 25, 11, 30)),
        (paris(2026, 11, 25, 14), paris(2026, 11, 25, 16, 30)),
        (paris(2026, 11, 27, 18), paris(2026, 11, 30, 11, 30)),
    ],
)
def test_who_wants_it_twice_a_day_hears_of_all_at_his_hour(
    work: Work, now: Moment, then: Moment
) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    people.set_pace(work, lea.id, Pace.TWICE)
    scanned(work, *slipping(work, 2), now=now)
    assert news(work, lea) == []
    [row] = gathering(work, lea)
    assert row.not_before == then.at
    text = told(work, row, then)["params"]["text"]
    assert "<b>2 alertes</b>" in text
    assert "/reglages" not in text


def test_who_wants_the_digest_alone_is_not_rung_but_for_red_alerts(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    people.set_pace(work, lea.id, Pace.DIGEST)
    customer = slipping(work, 1)[0]
    scanned(work, customer)
    assert (news(work, lea), gathering(work), kept(work)) == ([], [], set())
    known = stored.of(work, customer)
    assert known is not None
    assert known.answer_by is not None, "silence still climbs to the manager"
    reader = people.by_id(work, lea.id)
    assert reader is not None
    red = replace(known, level=3)
    alert_posting.post_card(
        work, signed(), red, reader, rules(), because="owner", when=WEDNESDAY.at
    )
    assert len(news(work, lea)) == 1


def test_a_card_of_its_own_takes_an_account_out_of_the_rest(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customers = slipping(work, MOST + 2)
    scanned(work, *customers)
    assert kept(work) == set(customers[MOST:])
    make_red(work, customers[-1])
    scanned(work, customers[-1], now=WEDNESDAY.plus(HOUR))
    assert kept(work) == {customers[MOST]}
    assert news(work, lea)[-1].body["customer_id"] == customers[-1]


def test_a_tap_brings_the_card_below_the_list(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customers = slipping(work, MOST + 2)
    scanned(work, *customers)
    assert lea.telegram_id is not None
    left = press(work, BringCard(customers[-1]), lea.telegram_id)
    assert left.methods == ["sendMessage"]
    assert f"Client R1 {MOST + 2:02d}" in left.text
    assert "Je m" in str(left.bodies[0]["params"]["reply_markup"])
    assert kept(work) == {customers[MOST]}


def test_a_message_that_went_astray_is_written_again(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    scanned(work, *slipping(work, MOST + 1))
    [row] = gathering(work, lea)
    later = Moment(row.not_before + timedelta(minutes=11), PARIS)
    assert alert_posting.lost(work, later) == []  # it is still on its way
    work.execute(update(tables.outbox).where(tables.outbox.c.id == row.id).values(state="failed"))
    assert alert_posting.lost(work, Moment(row.not_before, PARIS)) == []
    assert alert_posting.tell_again(work, signed(later), rules()) == 1
    [again] = gathering(work, lea)
    assert again.not_before == later.at
    assert alert_posting.lost(work, later) == []


def test_what_went_astray_for_many_is_written_again_a_few_at_a_time(work: Work) -> None:
    reps = [hire(work, f"Rep {n}", Role.REP, f"R{n}") for n in range(3)]
    answered = []
    for n in range(3):
        customers = slipping(work, MOST + 1, f"R{n}")
        scanned(work, *customers)
        answered.append(customers[0])
    later = Moment(max(row.not_before for row in gathering(work)) + timedelta(minutes=11), PARIS)
    work.execute(update(tables.outbox).values(state="failed"))
    alert_volume.keep(work, reps[2].id, answered[0], WEDNESDAY.at)  # which he may not see
    known = tables.gathered_alert
    mine = known.c.person_id == reps[1].id
    stale = work.scalars(select(known.c.customer_id).where(mine))
    work.execute(update(tables.alert).where(tables.alert.c.customer_id == stale[0]).values(level=0))
    done = []
    while alert_posting.tell_again(work, signed(later), rules(), 1):
        done.append(len(alert_posting.lost(work, later)))
    assert done == [2, 1, 0]
    again = {row.person_id for row in gathering(work)}
    assert again == {reps[0].id, reps[2].id}
    assert work.scalars(select(known.c.customer_id).where(mine)) == []


def test_what_came_while_the_message_left_stays_for_the_next(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    customers = slipping(work, MOST + 1)
    scanned(work, *customers)
    [row] = gathering(work, lea)
    at = WEDNESDAY.plus(MINUTES)
    told(work, row, at)
    alert_volume.keep(work, lea.id, customers[-1], at.at)
    alert_volume.told(work, lea.id, customers, at.at - timedelta(seconds=1))
    assert kept(work) == {customers[-1]}
    assert isinstance(alert_volume.gather_at(work, lea.id), datetime)
    late_enough = at.plus(timedelta(minutes=11))
    assert alert_posting.tell_again(work, signed(late_enough), rules()) == 1
