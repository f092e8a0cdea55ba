"""Named values: plain forms, the four tests, derived figures, screens and parsers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from bot.scripts.derived import derive
from bot.scripts.facts import FactType
from bot.scripts.inputs import Press
from bot.scripts.library import load
from bot.scripts.model import Comparison, Condition, Kind
from bot.scripts.parsers import Refused, parsers_for
from bot.scripts.show import show, step
from bot.scripts.values import Facts, Option, holds, number, plain
from credit.money import Currency
from credit.promise import Means
from tests.bot.scripts.builders import MONDAY, an_account, euros, play


def test_values_become_plain() -> None:
    assert plain(Means.CHEQUE) == "cheque"
    assert plain(date(2026, 1, 2)) == "2026-01-02"
    assert plain(Decimal("1.50")) == "1.50"
    assert plain(euros("3")) == {"amount": "3.00", "currency": "EUR"}
    assert plain({1: [euros("3")]}) == {"1": [{"amount": "3.00", "currency": "EUR"}]}
    assert plain((Option("k", MONDAY, {"day": MONDAY}),)) == [
        Option("k", "2026-11-23", {"day": "2026-11-23"})
    ]
    other = SimpleNamespace(amount=Decimal(2), currency=Currency("USD"))
    assert plain(other) == {"amount": "2", "currency": "USD"}
    assert plain(True) is True


@pytest.mark.parametrize(
    ("value", "figure"),
    [({"amount": "2.50"}, Decimal("2.50")), ([1, 2], Decimal(2)), ("7", Decimal(7)),
     ("NaN", None), ("abc", None), (None, None), (True, None)],
)  # fmt: skip
def test_a_value_is_read_as_a_number_when_it_is_one(value: object, figure: Decimal | None) -> None:
    assert number(value) == figure


@pytest.mark.parametrize(
    ("test", "other", "value", "held"),
    [
        ("is", "a", "a", True), ("is", "a", "b", False), ("is", "a", None, False),
        ("is_not", "a", "b", True), ("is_not", "a", None, True), ("is_not", "a", "a", False),
        ("above", 3, 4, True), ("above", 3, 3, False), ("above", 3, None, False),
        ("above", "bound", 8, True), ("above", "bound", 7, False), ("above", "nobody", 8, False),
        ("missing", True, None, True), ("missing", True, [], True), ("missing", True, 0, False),
        ("missing", False, "x", True), ("missing", False, "", False),
    ],
)  # fmt: skip
def test_the_four_tests(test: str, other: object, value: object, held: bool) -> None:
    condition = Condition("v", Comparison(test), other)
    assert holds(condition, {"v": value, "bound": 7}) is held


def test_no_condition_always_holds() -> None:
    assert holds(None, {})


def test_the_answers_hide_the_facts_and_what_is_derived_hides_both() -> None:
    facts = Facts({"a": 1, "b": 1, "c": 1}, derive=lambda seen: {"c": seen["b"]})
    seen = facts.seen_with({"b": 2})
    assert (seen["a"], seen["b"], seen["c"]) == (1, 2, 2)


def money(figure: str, currency: str = "EUR") -> dict[str, str]:
    return {"amount": figure, "currency": currency}


def test_amounts_of_several_currencies_are_never_added() -> None:
    lines = [{"amount": money("1")}, {"amount": money("1", "USD")}]
    assert "promise_total" not in derive({"lines": lines})
    assert "promise_too_small" not in derive(
        {"lines": lines[:1], "promise_least_amount": money("5", "USD")}
    )


def test_amounts_that_are_no_numbers_are_left_out() -> None:
    assert "promise_total" not in derive({"amount": money("abc")})
    assert "promise_total" not in derive({"amount": money("NaN")})


def test_the_rest_is_what_can_be_claimed_and_is_not_yet_promised() -> None:
    found = derive({"amount_claimable": money("100"), "amount": money("30.50")})
    assert found["promise_rest"] == money("69.50")
    assert found["promise_partial"] is True


def test_a_dispute_of_this_call_is_never_taken_off_twice() -> None:
    seen = {"amount_overdue": money("100"), "dispute_amount": money("40")}
    assert derive({**seen, "amount_claimable": money("100")})["claimable_now"] == money("60")
    assert derive({**seen, "amount_claimable": money("60")})["claimable_now"] == money("60")
    assert derive({**seen, "amount_claimable": money("50")})["claimable_now"] == money("50")
    assert derive(seen)["claimable_now"] == money("60")


def test_a_whole_invoice_disputed_is_its_balance() -> None:
    facts = an_account()
    seen = facts.seen_with({"invoice": 1, "dispute_scope": "whole"})
    assert (seen["disputed_now"], seen["disputed_number"]) == (money("500.00"), "F-1001")
    assert facts.seen_with({"invoice": 99}).get("disputed_number") is None


def test_a_screen_says_the_figures_of_the_account() -> None:
    script, facts = load()["call"], an_account()
    turn = play(script, facts, "go", "c0", "yes")
    shown = show(script, turn.call, facts)
    assert shown.phase == "state"
    assert shown.text.values["amount_claimable"] == money("1500.00")
    assert shown.text.types["due_date"] is FactType.DATE
    assert step(script, turn.call).id == "state"
    assert shown.can_go_back


def test_a_fact_that_is_missing_has_its_neutral_words() -> None:
    script = load()["call"]
    turn = play(script, Facts(), "go", "other", "yes", "skip")
    text = show(script, turn.call, Facts()).text
    assert text.neutral["due_date"] == {"fr": "son échéance", "en": "its due date"}
    assert text.values == {}


def test_an_answer_that_is_a_choice_is_said_by_its_button() -> None:
    script, facts = load()["call"], an_account()
    turn = play(script, facts, "promised", "all", "d0", "transfer", "c0", "ok", "yes")
    said = show(script, turn.call, facts).text.values["means"]
    assert said == {"fr": "Virement", "en": "Bank transfer"}


def test_a_choice_that_no_button_bears_is_said_as_it_is() -> None:
    script, facts = load()["call"], an_account()
    turn = play(script, facts, "promised", "all", "d0", "transfer", "c0", "ok", "yes")
    odd = replace(turn.call, answers={**turn.call.answers, "means": "barter"})
    assert show(script, odd, facts).text.values["means"] == "barter"


def test_ticked_options_show_and_an_option_without_its_words_shows_a_dash() -> None:
    script = load()["promise"]
    facts = an_account(invoice_options=(Option("i0", 1, {"number": "F-1"}), Option("i1", 2)))
    turn = play(script, facts, "'900", "pick", "i0")
    shown = show(script, turn.call, facts)
    assert [button.picked for button in shown.buttons] == [True, False]
    assert shown.controls == ("done",)
    assert shown.buttons[1].label.neutral["number"] == {"fr": "—", "en": "—"}


def test_a_silent_end_has_no_text() -> None:
    script = load()["snooze"]
    silent = replace(script.steps["end"], say=())
    quiet = replace(script, steps={**script.steps, "end": silent})
    turn = play(quiet, an_account(), "d0")
    assert show(quiet, turn.call, an_account()).text.words == {}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.NAME, "  Mme   Roche ", "Mme Roche"),
        (Kind.NAME, "x" * 81, Refused("too_long")),
        (Kind.NOTE, " ", Refused("empty")),
        (Kind.MESSAGE, "Une ligne\nune autre ", "Une ligne\nune autre"),
        (Kind.NUMBER, " 12 ", 12),
        (Kind.NUMBER, "douze", Refused("not_a_number")),
        (Kind.NAME, "50", Refused("not_a_name")),
        (Kind.NAME, "06 39 98 00 00", Refused("not_a_name")),
        (Kind.NAME, "Mme Roche 2", "Mme Roche 2"),
        (Kind.DATE, "demain", date(2026, 11, 24)),
        (Kind.DATE, "15", date(2026, 12, 15)),
        (Kind.DATE, "32", Refused("not_a_date")),
        (Kind.DATE, "hein", Refused("not_a_date")),
        (Kind.PAST_DATE, "lundi dernier", date(2026, 11, 16)),
        (Kind.PAST_DATE, "hein", Refused("not_a_past_date")),
        (Kind.PAST_DATE, "24/11/2026", Refused("to_come")),
        (Kind.AMOUNT, "1 500,50 €", euros("1500.50")),
        (Kind.AMOUNT, "beaucoup", Refused("not_an_amount")),
    ],
)
def test_typed_answers_are_read(kind: Kind, text: str, value: object) -> None:
    assert parsers_for("fr")[kind](text, {"currency": "EUR"}, MONDAY) == value


def test_a_wrong_press_on_a_photo_step_is_stale() -> None:
    script, facts = load()["dispute"], an_account()
    turn = play(script, facts, "'L01", "none", "'10", "'écart")
    assert play(script, facts, Press("done", turn.call.version), turn=turn).stale
