"""A call taken back: for ten minutes, once, and never by a finger that pressed twice."""

from __future__ import annotations

from bot.screens.conversation import Undo
from bot.screens.gate import QuickOutcome
from bot.use_cases.alerts import scan
from storage import alerts, tables
from tests.bot.talks.stage import (
    JULIE,
    chat,
    rules,
)
from tests.bot.talks.test_call import (
    dupont,
    promised_in_two,
    somebody,
)


def test_undo_takes_the_promise_and_the_contact_back(database_url: str) -> None:
    with chat(database_url) as told:
        promised_in_two(told)
        told.press("terminé")
        told.press("e-mail")
        told.wait(seconds=3)
        said = told.press("Annuler")
        assert "Annulé" in said
        assert "Ne transférez plus" in said
        assert told.all(tables.promise)[0].state == "withdrawn"
        assert told.all(tables.contact_record)[0].withdrawn_at is not None
        assert all(task.done_at for task in told.all(tables.task))
        assert {"promise.withdrawn", "contact.withdrawn"} <= set(told.kinds())


def test_undo_is_refused_after_ten_minutes(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        promised_in_two(told)
        told.press("terminé")
        told.press("e-mail")
        told.wait(minutes=11)
        told.press("Annuler")
        assert "10 minutes" in told.toast
        assert told.all(tables.promise)[0].state == "open"


def test_an_ended_conversation_is_not_made_younger_by_pressing_its_buttons(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        promised_in_two(told)
        step = told.shown[JULIE]
        told.press("terminé")
        told.press("e-mail")
        ended = told.shown[JULIE]
        told.wait(minutes=8)
        told.press_of(step, "terminé")
        told.wait(minutes=3)
        told.press_of(ended, "Annuler")
        assert told.all(tables.promise)[0].state == "open"


def test_undo_works_once(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        promised_in_two(told)
        told.press("terminé")
        told.press("e-mail")
        ended = told.shown[JULIE]
        told.wait(seconds=3)
        told.press_of(ended, "Annuler")
        told.press_of(ended, "Annuler")
        assert told.kinds().count("promise.withdrawn") == 1


def test_undoing_a_call_gives_its_alert_back_to_be_answered_in_time(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = dupont(told)
        scan(told.work, somebody(told), [customer], rules())
        before = alerts.of(told.work, customer)
        assert before is not None
        assert (before.state, before.answer_by is None) == (alerts.RAISED, False)
        told.tap(QuickOutcome(customer))
        while told.all(tables.conversation)[0].state == "active":
            told.press(told.labels()[0])
        assert alerts.answered(told.work, customer) == (alerts.ACKNOWLEDGED, 1)
        told.wait(seconds=3)
        told.tap(Undo(told.all(tables.conversation)[0].id))
        after = alerts.of(told.work, customer)
        assert after is not None
        assert (after.state, after.answered_by) == (alerts.RAISED, None)
        assert after.answer_by == before.answer_by


def test_a_button_pressed_twice_does_not_undo_what_it_recorded(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        told.tap(QuickOutcome(dupont(told)))
        while told.all(tables.conversation)[0].state == "active":
            told.press(told.labels()[0])
        told.wait(seconds=1)
        told.press("↩️ Annuler")
        assert told.toast.startswith("Double appui")
        assert "↩️ Annuler" in told.labels()
        assert "contact.withdrawn" not in told.kinds()
        told.wait(seconds=1)
        told.press("↩️ Annuler")
        assert "contact.withdrawn" in told.kinds()
