"""/reglages: each choice is a tap, kept at once, and only what is offered is taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

import pytest

from bot.screens.settings import ChooseDigest, ChoosePace
from bot.use_cases import digests
from credit.people import Pace, Role
from storage import people
from storage.work import Work
from tests.bot.handlers.reception import command, events, press
from tests.credit.builders import paris
from tests.day.company import fresh, hire, rules
from tests.storage.inline import inline


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        fresh(one)
        yield one


def labels(body: dict[str, object]) -> list[str]:
    rows = body["params"]["reply_markup"]["inline_keyboard"]  # type: ignore[index]
    return [one["text"] for row in rows for one in row]


def test_the_page_shows_what_is_chosen(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    assert lea.telegram_id is not None
    left = command(work, "/reglages", lea.telegram_id)
    assert "Alertes\xa0: <b>tout de suite</b>" in left.text
    assert "6 fiches par heure au plus" in left.text
    assert "Résumé\xa0: <b>07:45</b>" in left.text
    shown = labels(left.bodies[0])
    assert [one for one in shown if one.startswith("✓")] == [
        "✓ Tout de suite",
        "✓ 07:45",
        "✓ Français",
    ]


@pytest.mark.parametrize("pace", list(Pace))
def test_a_pace_is_kept(work: Work, pace: Pace) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    assert lea.telegram_id is not None
    left = press(work, ChoosePace(pace.value), lea.telegram_id)
    assert left.methods == ["editMessageText"]
    assert left.toast == "C’est noté."
    known = people.by_id(work, lea.id)
    assert known is not None
    assert known.pace is pace
    assert len(events(work, "person.pace")) == (pace is not Pace.NOW)


def test_the_digest_comes_at_the_chosen_hour(work: Work) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    assert lea.telegram_id is not None
    press(work, ChooseDigest(9 * 60 + 30), lea.telegram_id)
    known = people.by_id(work, lea.id)
    assert known is not None
    assert known.digest_at == time(9, 30)
    assert digests.due(work, paris(2026, 11, 25, 9, 29), rules()) == []
    assert digests.due(work, paris(2026, 11, 25, 9, 30), rules()) == [lea.id]


@pytest.mark.parametrize("tap", [ChoosePace("never"), ChooseDigest(3 * 60), ChooseDigest(-1)])
def test_what_is_not_offered_is_not_taken(work: Work, tap: ChoosePace | ChooseDigest) -> None:
    lea = hire(work, "Léa", Role.REP, "R1")
    assert lea.telegram_id is not None
    left = press(work, tap, lea.telegram_id)
    assert left.methods == ["answerCallbackQuery"]
    assert people.by_id(work, lea.id) == lea
