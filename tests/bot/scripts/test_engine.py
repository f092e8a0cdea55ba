"""The engine: one input, one turn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.scripts.call import Notice, State, from_json, to_json
from bot.scripts.engine import MOST_PHOTOS, answer, start
from bot.scripts.inputs import Back, Leave, Photo, Press, Resume
from bot.scripts.model import Outcome
from bot.scripts.parsers import PLAIN_PARSERS
from bot.scripts.values import Facts, Option
from tests.bot.scripts.builders import (
    END,
    PARSERS,
    SAY,
    a_script,
    an_account,
    as_input,
    label,
    play,
    some_invoices,
)

COLOURS = f"""
[steps.one]
{SAY}
as = "colour"
choose = [
  {{ key = "red", label = {label("Rouge", "Red")}, also = ["carmin", "M07"] }},
  {{ key = "blue", label = {label("Bleu", "Blue")}, set = {{ sea = true }} }},
  {{ key = "bluish", label = {label("Bleuâtre", "Bluish")}, records = false }},
]
then = "two"
[steps.two]
{SAY}
ask = "text"
as = "why"
optional = true
then = "end"
{END}
"""

LIST = f"""
[steps.one]
{SAY}
choose_from = "invoice_options"
option = {{ fr = "{{number}}", en = "{{number}}" }}
as = "items"
many = true
choose = [ {{ key = "none", label = {label("Aucune", "None")}, records = false }} ]
then = "end"
{END}
"""

PHOTOS = f"""
[steps.one]
{SAY}
ask = "photo"
as = "photos"
many = MANY
optional = true
then = "end"
{END}
"""


def test_a_press_records_its_answer_and_goes_on() -> None:
    turn = play(a_script(COLOURS), Facts(), "blue")
    assert (turn.call.step, turn.call.answers) == ("two", {"colour": "blue", "sea": True})
    assert (turn.call.version, turn.call.state, turn.effects) == (2, State.ACTIVE, ())


def test_a_choice_may_record_nothing() -> None:
    assert play(a_script(COLOURS), Facts(), "bluish").call.answers == {}


def test_the_end_of_the_script_is_an_outcome() -> None:
    turn = play(a_script(COLOURS), Facts(), "red", "skip")
    assert (turn.call.state, turn.call.outcome) == (State.DONE, Outcome.SENT)


def test_a_stale_press_shows_the_present_step_and_does_nothing() -> None:
    script = a_script(COLOURS)
    turn = play(script, Facts(), "red")
    again = answer(script, turn.call, Press("red", 1), Facts())
    assert again.stale
    assert again.call == turn.call
    assert again.effects == ()


def test_who_taps_twice_and_then_looks_again_goes_on() -> None:
    script = a_script(COLOURS)
    turn = play(script, Facts(), "red")
    again = answer(script, turn.call, Press("red", 1), Facts())
    after = answer(script, again.call, Press("skip", turn.call.version), Facts())
    assert not after.stale
    assert after.call.state is State.DONE


@pytest.mark.parametrize("key", ["green", "next", "done", "skip"])
def test_a_button_that_is_not_there_is_stale(key: str) -> None:
    assert play(a_script(COLOURS), Facts(), key).stale


def test_a_finished_call_answers_nothing_more() -> None:
    turn = play(a_script(COLOURS), Facts(), "red", "skip", "red")
    assert turn.stale
    assert turn.call.outcome is Outcome.SENT


@pytest.mark.parametrize(
    ("typed", "colour"),
    [("ROUGE", "red"), ("red", "red"), ("1", "red"), ("2.", "blue"), ("Carmin", "red"),
     ("m07", "red"), ("plutôt carmin foncé", "red"), ("bleu", "blue"), ("ro", "red")],
)  # fmt: skip
def test_a_typed_label_number_or_word_is_a_press(typed: str, colour: str) -> None:
    assert play(a_script(COLOURS), Facts(), f"'{typed}").call.answers["colour"] == colour


@pytest.mark.parametrize("typed", ["", "ble", "9", "0", "vert", "x", "👍"])
def test_a_text_that_means_nothing_or_two_things_is_not_understood(typed: str) -> None:
    turn = play(a_script(COLOURS), Facts(), f"'{typed}")
    assert turn.not_understood
    assert (turn.call.step, turn.call.version) == ("one", 2)


def test_a_typed_answer_is_recorded_and_a_refused_one_says_why() -> None:
    script = a_script(COLOURS)
    assert play(script, Facts(), "red", "'parce que").call.answers["why"] == "parce que"
    turn = play(script, Facts(), "red", "'" + "x" * 501)
    assert (turn.notice, turn.refusal, turn.call.step) == (Notice.REFUSED, "too_long", "two")


def test_a_control_may_be_typed_by_its_name() -> None:
    turn = play(a_script(COLOURS), Facts(), "red", "'passer")
    assert turn.call.outcome is Outcome.SENT
    assert "why" not in turn.call.answers


def test_skipping_forgets_an_earlier_answer() -> None:
    script = a_script(COLOURS)
    turn = start(script, Facts(), {"why": "déjà dit"})
    assert "why" not in play(script, Facts(), "red", "skip", turn=turn).call.answers


def test_without_a_parser_the_answer_is_refused() -> None:
    script = a_script(COLOURS.replace('ask = "text"', 'ask = "date"'))
    call = play(script, Facts(), "red").call
    turn = answer(script, call, as_input("'lundi", call), Facts())
    assert turn.refusal == "no_parser"


def test_a_refused_text_may_still_be_the_beginning_of_a_button() -> None:
    script = a_script(
        f"""
[steps.one]
{SAY}
ask = "date"
as = "day"
choose = [ {{ key = "never", label = {label("Jamais de la vie", "Never ever")}, records = false }} ]
then = "end"
{END}"""
    )
    assert play(script, an_account(), "'jamais").call.outcome is Outcome.SENT
    assert play(script, an_account(), "'hein").notice is Notice.REFUSED


def test_a_date_is_kept_in_iso_form() -> None:
    script = a_script(COLOURS.replace('ask = "text"', 'ask = "date"'))
    assert play(script, Facts(), "red", "'15/12").call.answers["why"] == "2026-12-15"


def test_back_returns_to_the_step_and_the_answers_before() -> None:
    script = a_script(COLOURS)
    before = start(script, Facts()).call
    after = play(script, Facts(), "blue", Back()).call
    assert (after.step, after.answers, after.history) == (before.step, before.answers, ())
    assert after.version == 3


def test_back_restores_an_answer_that_was_changed_on_the_way() -> None:
    script = a_script(COLOURS)
    turn = play(script, Facts(), "blue", Back(), turn=start(script, Facts(), {"colour": "grey"}))
    assert turn.call.answers == {"colour": "grey"}


def test_there_is_no_way_back_from_the_first_step() -> None:
    turn = play(a_script(COLOURS), Facts(), Back())
    assert turn.notice is Notice.NO_WAY_BACK


def test_an_old_back_button_is_stale() -> None:
    assert play(a_script(COLOURS), Facts(), "red", Back(version=1)).stale


def test_nobody_walks_back_over_an_effect() -> None:
    script = a_script(
        f"""
[steps.one]
{SAY}
choose = [ {{ key = "go", label = {label("Va", "Go")}, then = "act" }} ]
[steps.act]
effect = [ {{ do = "confirmation", with = {{ channel = "email" }} }} ]
then = "two"
[steps.two]
{SAY}
choose = [ {{ key = "go", label = {label("Va", "Go")}, then = "end" }} ]
{END}"""
    )
    turn = play(script, Facts(), "go")
    assert [effect.name for effect in turn.effects] == ["confirmation"]
    assert play(script, Facts(), Back(), turn=turn).notice is Notice.NO_WAY_BACK


def test_a_call_is_left_and_taken_up_again_at_the_same_step() -> None:
    script = a_script(COLOURS)
    left = play(script, Facts(), "red", Leave())
    assert left.call.state is State.LEFT
    assert play(script, Facts(), Leave(), turn=left).call.state is State.LEFT
    back = play(script, Facts(), Resume(), turn=left)
    assert (back.call.state, back.call.step, back.notice) == (State.ACTIVE, "two", Notice.RESUMED)


def test_anything_said_to_a_call_that_was_left_takes_it_up_and_is_not_swallowed() -> None:
    script = a_script(COLOURS)
    turn = play(script, Facts(), "red", Leave(), "'n'importe quoi")
    assert (turn.notice, turn.call.state) == (Notice.RESUMED, State.ACTIVE)
    assert "why" not in turn.call.answers


def test_a_button_still_shown_by_a_call_that_another_put_aside_is_an_answer() -> None:
    script = a_script(COLOURS)
    shown = play(script, Facts()).call
    turn = answer(script, replace(shown, state=State.LEFT), Press("red", shown.version), Facts())
    assert (turn.notice, turn.call.state, turn.call.step) == (None, State.ACTIVE, "two")


def test_a_stale_button_of_a_call_that_was_left_takes_it_up() -> None:
    script = a_script(COLOURS)
    turn = play(script, Facts(), "red", Leave(), Press("red", 1))
    assert (turn.notice, turn.call.state) == (Notice.STALE, State.ACTIVE)


def test_several_options_are_ticked_unticked_and_recorded() -> None:
    facts = Facts({"invoice_options": some_invoices(3)})
    turn = play(a_script(LIST), facts, "i0", "i2", "i1", "i0", "done")
    assert turn.call.answers["items"] == [1, 2]


def test_done_is_not_there_before_anything_is_ticked() -> None:
    assert play(a_script(LIST), Facts({"invoice_options": some_invoices(3)}), "done").stale


def test_two_thousand_invoices_are_paged_and_found_by_their_number() -> None:
    facts = Facts({"invoice_options": some_invoices(2000)})
    script = a_script(LIST)
    assert play(script, facts, "next", "next", "previous").call.page == 1
    assert play(script, facts, "previous").stale
    turn = play(script, facts, "'F-2999", "'2", "done")
    assert turn.call.answers["items"] == [1, 1999]


def test_a_number_typed_is_the_rank_on_the_page() -> None:
    facts = Facts({"invoice_options": some_invoices(20)})
    turn = play(a_script(LIST), facts, "next", "'1", "done")
    assert turn.call.answers["items"] == [7]


def test_an_option_that_is_gone_is_stale() -> None:
    assert play(a_script(LIST), Facts(), "i0").stale


def test_a_single_option_is_recorded_at_once() -> None:
    script = a_script(LIST.replace("many = true", ""))
    facts = Facts({"invoice_options": some_invoices(3)})
    assert play(script, facts, "i1").call.answers["items"] == 1


def test_photos_are_gathered_until_done() -> None:
    script = a_script(PHOTOS.replace("MANY", "true"))
    first, second = Photo("f1", "u1"), Photo("f2", "u2")
    turn = play(script, Facts(), first, second, first, "done")
    assert turn.call.answers["photos"] == [
        {"file_id": "f1", "unique_id": "u1"},
        {"file_id": "f2", "unique_id": "u2"},
    ]


def test_photos_have_a_limit() -> None:
    script = a_script(PHOTOS.replace("MANY", "true"))
    many = [Photo(f"f{rank}") for rank in range(MOST_PHOTOS + 3)]
    assert len(play(script, Facts(), *many).call.picked) == MOST_PHOTOS


def test_a_single_photo_is_recorded_at_once() -> None:
    turn = play(a_script(PHOTOS.replace("MANY", "false")), Facts(), Photo("f1"))
    assert turn.call.answers["photos"] == {"file_id": "f1", "unique_id": ""}


def test_a_photo_where_none_is_asked_is_not_understood() -> None:
    assert play(a_script(COLOURS), Facts(), Photo("f1")).not_understood


def test_a_text_where_a_photo_is_asked_is_not_understood() -> None:
    assert play(a_script(PHOTOS.replace("MANY", "true")), Facts(), "'voilà").not_understood


def test_a_call_in_json_comes_back_the_same() -> None:
    script = a_script(PHOTOS.replace("MANY", "true"))
    for moves in [(), (Photo("f1"),), (Photo("f1"), "done"), (Leave(),)]:
        call = play(script, Facts(), *moves).call
        assert from_json(to_json(call)) == call


def test_a_script_that_changed_keeps_the_step_that_still_exists() -> None:
    turn = play(a_script(COLOURS), Facts(), "red")
    newer = a_script(COLOURS + "\n# reworded\n")
    moved = answer(newer, turn.call, Press("red", 2), Facts())
    assert (moved.notice, moved.call.step, moved.call.digest) == (
        Notice.SCRIPT_CHANGED,
        "two",
        newer.digest,
    )


def test_a_script_that_lost_the_step_goes_back_to_one_that_it_still_has() -> None:
    turn = play(a_script(COLOURS), Facts(), "red")
    renamed = a_script(COLOURS.replace("steps.two", "steps.three").replace('"two"', '"three"'))
    moved = answer(renamed, turn.call, Resume(), Facts())
    assert (moved.call.step, moved.call.answers) == ("one", {})


def test_a_script_that_lost_every_step_begins_again() -> None:
    lost = replace(play(a_script(COLOURS), Facts()).call, step="gone", digest="old")
    moved = answer(a_script(COLOURS), lost, Resume(), Facts())
    assert (moved.notice, moved.call.step) == (Notice.SCRIPT_CHANGED, "one")


def test_the_same_input_gives_the_same_turn() -> None:
    script = a_script(COLOURS)
    call = start(script, Facts()).call
    assert answer(script, call, Press("red", 1), Facts()) == answer(
        script, call, Press("red", 1), Facts()
    )


def test_typed_words_are_looked_for_in_the_steps_that_may_be_searched() -> None:
    script = a_script(
        f"""
[steps.one]
{SAY}
choose = [ {{ key = "more", label = {label("Plus", "More")}, then = "two" }} ]
find_in = ["two"]
[steps.two]
{SAY}
as = "reason"
choose = [
  {{ also = ["chèque"], key = "m01", value = "M01", label = {label("Chèque parti")} }},
  {{ key = "m02", value = "M02", label = {label("Autre", "Other")} }},
]
then = "end"
{END}"""
    )
    for typed in ("'m01", "'le chèque est parti", "'cheque parti"):
        assert play(script, Facts(), typed).call.answers == {"reason": "M01"}
    assert play(script, Facts(), "'rien de tout cela").not_understood


def test_an_option_may_stand_for_something_with_no_words() -> None:
    facts = Facts({"invoice_options": (Option("i0", 5),)})
    assert play(a_script(LIST), facts, "i0", "done").call.answers["items"] == [5]


def test_the_plain_parsers_serve_when_none_are_given() -> None:
    script = a_script(COLOURS)
    turn = play(script, Facts(), "red")
    assert set(PLAIN_PARSERS) < set(PARSERS)
    assert answer(script, turn.call, as_input("'ok", turn.call), Facts()).call.outcome
