"""Whatever a person does, a conversation stands: no crash, versions rise, back inverts a step."""

from __future__ import annotations

import json
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from bot.scripts.call import Call, Notice, State, from_json, to_json
from bot.scripts.engine import answer, start
from bot.scripts.inputs import Back, Input, Leave, Photo, Press, Resume, Typed
from bot.scripts.library import load
from bot.scripts.model import LOCALES, Script
from bot.scripts.show import Filling, show
from bot.scripts.values import Facts
from tests.bot.scripts.builders import MONDAY, PARSERS, an_account

SCRIPTS = some.sampled_from(sorted(load().values(), key=lambda script: script.id))
WORDS = some.sampled_from(
    [
        "1",
        "2",
        "9",
        "oui",
        "100",
        "12,50",
        "vendredi",
        "15/12",
        "M07",
        "chèque",
        "F-1001",
        "",
        "NaN",
    ]
)
MOVES = some.one_of(
    some.tuples(some.just("button"), some.integers(0, 12), some.booleans()),
    some.tuples(some.just("typed"), WORDS | some.text(max_size=30)),
    some.sampled_from([("back",), ("leave",), ("resume",), ("photo",), ("junk",)]),
)
KNOWN = an_account().known


@some.composite
def accounts(draw: some.DrawFn) -> Facts:
    kept = draw(some.sets(some.sampled_from(sorted(KNOWN))))
    counts = {
        name: draw(some.integers(0, 4))
        for name in ("broken_promises", "bad_faith_score", "attempts")
    }
    return Facts({**{name: KNOWN[name] for name in kept}, **counts})


def input_of(move: tuple[object, ...], call: Call, keys: list[str]) -> Input:
    match move:
        case ("button", int(rank), bool(fresh)):
            key = keys[rank % len(keys)] if keys else "none"
            return Press(key, call.version - (not fresh))
        case ("typed", str(text)):
            return Typed(text, MONDAY)
    simple: dict[object, Input] = {
        "back": Back(),
        "leave": Leave(),
        "resume": Resume(),
        "photo": Photo("f1"),
    }
    return simple.get(move[0], Press("junk", call.version))


@settings(max_examples=150, deadline=None)
@given(SCRIPTS, accounts(), some.lists(MOVES, max_size=40))
def test_any_sequence_of_inputs_leaves_a_sound_conversation(
    script: Script, facts: Facts, moves: list[tuple[object, ...]]
) -> None:
    call = start(script, facts).call
    for move in moves:
        shown = show(script, call, facts)
        keys = [*(button.key for button in shown.buttons), *shown.controls]
        given = input_of(move, call, keys)
        turn = answer(script, call, given, facts, PARSERS)
        old = turn.stale and getattr(given, "version", call.version) != call.version
        assert turn.call.version == call.version + (not old)
        assert turn.call.step in script.steps
        assert from_json(to_json(turn.call)) == turn.call
        assert (turn.call.outcome is None) == (turn.call.state is not State.DONE)
        if turn.notice is not None:
            assert turn.effects == ()
        if not turn.effects and len(turn.call.history) > len(call.history):
            back = answer(script, turn.call, Back(), facts)
            if turn.call.state is not State.DONE:
                assert (back.call.step, back.call.answers) == (call.step, call.answers)
                assert back.call.history == call.history
        call = turn.call


@settings(max_examples=60, deadline=None)
@given(SCRIPTS, accounts(), some.lists(some.integers(0, 12), max_size=30))
def test_every_screen_can_be_filled_and_every_live_button_pressed(
    script: Script, facts: Facts, ranks: list[int]
) -> None:
    call = start(script, facts).call
    for rank in ranks:
        shown = show(script, call, facts)
        for filling in [shown.text, *(button.label for button in shown.buttons)]:
            assert_can_be_filled(filling)
        keys = [*(button.key for button in shown.buttons), *shown.controls]
        if call.state is State.DONE or not keys:
            return
        turn = answer(script, call, Press(keys[rank % len(keys)], call.version), facts, PARSERS)
        assert turn.notice is None
        json.dumps([effect.arguments for effect in turn.effects])
        call = turn.call


def assert_can_be_filled(filling: Filling) -> None:
    json.dumps(filling.values)
    for locale in LOCALES:
        words = {**filling.values, **{name: said[locale] for name, said in filling.neutral.items()}}
        filling.words.get(locale, "").format(**words)


@given(some.dates(min_value=date(2020, 1, 1)), some.integers(0, 400))
def test_an_old_button_never_has_an_effect(day: date, age: int) -> None:
    script, facts = load()["snooze"], an_account(call_back_chips=())
    turn = answer(script, start(script, facts).call, Typed("demain", day), facts, PARSERS)
    assert turn.effects
    assert turn.effects[0].arguments["until"] == (day + timedelta(days=1)).isoformat()
    again = answer(script, turn.call, Press("keep", turn.call.version - 1 - age), facts, PARSERS)
    assert (again.notice, again.effects) == (Notice.STALE, ())
