"""People, portfolios and invitations as rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from credit.people import Role, may_see
from storage import people, tables
from storage.work import Work
from tests.day.company import MORNING, hire
from tests.storage.inline import inline

AT = MORNING.at


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        yield one


def add(work: Work, role: Role = Role.REP, *codes: str, name: str = "Léa") -> int:
    return people.add(work, telegram_id=7, name=name, role=role, locale="fr", codes=codes, at=AT)


def test_a_person_is_found_by_telegram_and_by_id(work: Work) -> None:
    number = add(work, Role.REP, "R2", "R1")
    one = people.by_telegram(work, 7)
    assert one is not None
    assert one == people.by_id(work, number)
    assert (one.name, one.role, one.codes, one.active) == (
        "Léa",
        Role.REP,
        frozenset({"R1", "R2"}),
        True,
    )
    assert people.by_telegram(work, 8) is None
    assert people.by_id(work, number + 1) is None


def test_people_are_counted_by_role_and_by_portfolios_once_each(work: Work) -> None:
    hire(work, "Rémi", Role.REP, "R1", "R2")
    hire(work, "Rose", Role.REP)
    hire(work, "Mona", Role.SALES_MANAGER, "R1")
    gone = hire(work, "Gaël", Role.REP, "R3")
    hire(work, "Claire", Role.CREDIT_MANAGER)
    people.revoke(work, gone.id, AT)
    assert people.by_role(work) == {Role.REP: 2, Role.SALES_MANAGER: 1, Role.CREDIT_MANAGER: 1}
    assert people.with_portfolios(work) == 2


def test_a_numeric_id_may_need_more_than_thirty_two_bits(work: Work) -> None:
    people.add(work, telegram_id=2**52, name="x", role=Role.ADMIN, locale="en", codes=(), at=AT)
    assert people.by_telegram(work, 2**52) is not None


def test_revoking_closes_and_adding_again_opens_the_same_person_anew(work: Work) -> None:
    number = add(work, Role.REP, "R1")
    people.set_locale(work, number, "en")
    people.set_unreachable(work, 7, AT)
    people.revoke(work, number, AT)
    gone = people.by_telegram(work, 7)
    assert gone is not None
    assert gone.active is False
    assert people.active(work) == []
    assert add(work, Role.SALES_MANAGER, "R2", name="Léa P.") == number
    back = people.by_id(work, number)
    assert back is not None
    assert (back.name, back.role, back.codes, back.locale) == (
        "Léa P.",
        Role.SALES_MANAGER,
        frozenset({"R2"}),
        "en",
    )
    assert people.is_reachable(work, number)
    row = work.first(select(tables.person).where(tables.person.c.id == number))
    assert row is not None
    assert row.revoked_at is None


def test_everybody_active_comes_with_his_codes_in_two_statements(work: Work) -> None:
    hire(work, "A", Role.REP, "R1", "R2")
    hire(work, "B", Role.ADMIN)
    read = people.active(work)
    assert [(one.name, one.codes) for one in read] == [("A", {"R1", "R2"}), ("B", frozenset())]
    listed = people.listing(work)
    assert [(one["name"], one["codes"]) for one in listed] == [("A", ["R1", "R2"]), ("B", [])]


def test_an_accounts_people_are_its_reps_and_the_desk(work: Work) -> None:
    hire(work, "A", Role.REP, "R1", "R2")
    hire(work, "B", Role.REP, "R3")
    hire(work, "C", Role.SALES_MANAGER, "R3", "R4")
    hire(work, "D", Role.SALES_MANAGER)
    hire(work, "E", Role.CREDIT_MANAGER)
    gone = hire(work, "F", Role.REP, "R1")
    people.revoke(work, gone.id, AT)
    everybody = people.active(work)
    assert [one.name for one in people.desk(work)] == ["E"]
    assert [name for _, name in people.named(work, Role.SALES_MANAGER)] == ["C", "D"]
    for code in ("R1", "R2", "R3", "R9", None):
        around = people.around(work, code)
        assert {one for one in around if may_see(one, code)} == {
            one for one in everybody if may_see(one, code)
        }
        assert len(around) == len({one.id for one in around})
        assert all(may_see(one, code) for one in around)


def test_who_writes_can_be_reached_again(work: Work) -> None:
    number = add(work)
    people.set_unreachable(work, 7, AT)
    assert not people.is_reachable(work, number)
    people.met(work, 7, AT + timedelta(hours=1))
    assert people.is_reachable(work, number)


def test_of_taps_within_minutes_only_the_first_is_noted(work: Work) -> None:
    number = add(work)
    found = select(tables.person.c.last_seen_at).where(tables.person.c.id == number)
    minute = timedelta(minutes=1)
    for at, noted in (
        (AT, AT),
        (AT + 4 * minute, AT),
        (AT + 5 * minute, AT + 5 * minute),
        (AT + 9 * minute, AT + 5 * minute),
        (AT - 60 * minute, AT - 60 * minute),  # the clock was set right
    ):
        people.met(work, 7, at)
        assert work.scalar(found) == noted


def test_who_blocked_the_bot_and_taps_within_minutes_is_reached_again(work: Work) -> None:
    number = add(work)
    people.met(work, 7, AT)
    people.set_unreachable(work, 7, AT)
    people.met(work, 7, AT + timedelta(minutes=1))
    assert people.is_reachable(work, number)


def test_whose_access_was_closed_is_nobody_and_is_not_noted(work: Work) -> None:
    number = add(work)
    assert people.met(work, 7, AT) == people.by_id(work, number)
    people.revoke(work, number, AT)
    assert people.met(work, 7, AT + timedelta(hours=1)) is None
    assert people.met(work, 8, AT) is None
    found = select(tables.person.c.last_seen_at).where(tables.person.c.id == number)
    assert work.scalar(found) == AT


def test_an_invitation_is_used_once_and_before_it_expires(work: Work) -> None:
    number = add(work)
    values = {"role": "rep", "name": None, "codes": ["R1"], "created_by": number, "created_at": AT}
    for digest, days in (("good", 1), ("late", 0)):
        expires = AT + timedelta(days=days)
        people.add_invitation(work, {**values, "hash": digest, "expires_at": expires})
    assert not people.use_invitation(work, "unknown", AT)
    assert not people.use_invitation(work, "late", AT)
    assert people.use_invitation(work, "good", AT)
    assert not people.use_invitation(work, "good", AT)
    people.invitation_used_by(work, "good", number)
    row = people.invitation_of(work, "good")
    assert row is not None
    assert (row.used_at, row.used_by, row.codes) == (AT, number, ["R1"])
