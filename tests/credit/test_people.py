"""What each role sees and may do."""

import pytest

from credit.people import (
    Person,
    Role,
    may_broadcast,
    may_invite,
    may_see,
)
from tests.credit.builders import a_person

REP = a_person(Role.REP, "44", id=1)
TEAM_MANAGER = a_person(Role.SALES_MANAGER, "44", "49", id=2)
HEAD_OF_SALES = a_person(Role.SALES_MANAGER, id=3)
CREDIT = a_person(Role.CREDIT_MANAGER, id=4)
ADMIN = a_person(Role.ADMIN, id=5)
EVERYBODY = (REP, TEAM_MANAGER, HEAD_OF_SALES, CREDIT, ADMIN)


@pytest.mark.parametrize(
    ("person", "own", "other", "nobodys"),
    [
        (REP, True, False, False),
        (TEAM_MANAGER, True, False, False),
        (HEAD_OF_SALES, True, True, True),
        (CREDIT, True, True, True),
        (ADMIN, True, True, True),
    ],
)
def test_each_role_sees_its_portfolios(
    person: Person, own: bool, other: bool, nobodys: bool
) -> None:
    assert may_see(person, "44") is own
    assert may_see(person, "75") is other
    assert may_see(person, None) is nobodys


def test_a_rep_without_a_code_sees_nothing() -> None:
    assert not may_see(a_person(Role.REP), None)
    assert not may_see(a_person(Role.REP), "44")


def test_only_credit_managers_and_admins_broadcast() -> None:
    expected = [False, False, False, True, True]
    assert [may_broadcast(person) for person in EVERYBODY] == expected


def test_a_credit_manager_invites_colleagues_but_no_admin() -> None:
    assert may_invite(CREDIT, Role.REP)
    assert may_invite(CREDIT, Role.CREDIT_MANAGER)
    assert not may_invite(CREDIT, Role.ADMIN)
    assert may_invite(ADMIN, Role.ADMIN)
    assert not any(may_invite(REP, role) or may_invite(TEAM_MANAGER, role) for role in Role)


@pytest.mark.parametrize("role", list(Role))
def test_a_revoked_person_may_nothing(role: Role) -> None:
    gone = a_person(role, "44", active=False)
    assert not any(
        (
            may_see(gone, "44"),
            may_see(gone, "75"),
            may_see(gone, None),
            may_broadcast(gone),
            *(may_invite(gone, other) for other in Role),
        )
    )
