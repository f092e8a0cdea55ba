"""A decision on a dispute is taken back after days, and taken anew."""

from __future__ import annotations

import pytest

from bot.screens.dispute import ShowDispute
from bot.screens.dispute_file import FULL, NONE, PART, DecideDispute, ReviseDispute
from storage import tables
from tests.bot.talks.dispute_desk import claimed, decided, labels, news, opened, state
from tests.bot.talks.stage import CLAIRE, JULIE, Chat, chat
from tests.bot.talks.test_disputes_credited import imported, owes

CHANGE = "🔁 Revenir sur la décision"


def rule(told: Chat, key: int, ruling: str) -> None:
    if ruling == PART:
        told.tap(DecideDispute(key, PART), CLAIRE)
        told.type("120", CLAIRE)
        told.type("Une palette sur trois", CLAIRE)
        told.press("Valider", CLAIRE)
    else:
        decided(told, key, ruling, "Vu au dossier")


@pytest.mark.parametrize("ruling", [FULL, PART, NONE])
def test_a_decision_is_changed_days_later_and_the_rep_hears_of_it(
    database_url: str, ruling: str
) -> None:
    with chat(database_url) as told:
        customer, _, key = opened(told)
        rule(told, key, ruling)
        told.wait(days=3)
        told.tap(ShowDispute(key), CLAIRE)
        assert "Revenir sur la décision ?" in told.press(CHANGE, CLAIRE)
        assert state(told) != "open"
        told.press("Oui, trancher à nouveau", CLAIRE)
        [row] = told.all(tables.dispute)
        assert (row.state, row.founded_minor, row.closed_at, row.resume_on) == (
            "open",
            None,
            None,
            None,
        )
        assert claimed(told, customer) == 150_000
        assert "Le crédit a repris sa décision" in news(told, JULIE)[-1]
        assert [one for one in told.all(tables.task) if one.done_at is None] == []
        decided(told, key, FULL, "Photos reçues")
        assert state(told) == "founded"
        assert "Photos reçues" in news(told, JULIE)[-1]


def test_only_credit_changes_a_decision(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told)
        rule(told, key, NONE)
        told.tap(ShowDispute(key))
        assert CHANGE not in labels(told)
        told.tap(ReviseDispute(key, 1))
        assert state(told) == "unfounded"


def test_what_is_closed_or_paid_is_not_decided_anew(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, item, key = opened(told)
        rule(told, key, NONE)
        owes(told, item, 0)
        told.tap(ShowDispute(key), CLAIRE)
        assert CHANGE not in labels(told)
        told.tap(ReviseDispute(key, 1), CLAIRE)
        assert state(told) == "unfounded"


def test_a_dispute_closed_by_its_credit_note_stays_closed(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, item, key = opened(told)
        rule(told, key, PART)
        told.tap(ShowDispute(key), CLAIRE)
        told.press(CHANGE, CLAIRE)
        owes(told, item, 168_000)
        imported(told)
        told.press("Oui, trancher à nouveau", CLAIRE)
        assert state(told) == "closed"
