"""Answer one input of a conversation: pure, the same input gives the same turn.

```mermaid
stateDiagram-v2
    [*] --> active: start
    active --> active: press, text, photo, voice, back
    active --> left: leave
    left --> active: resume, or anything said; a button of the step left is an answer at once
    active --> done: an outcome is reached
    done --> [*]
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.scripts import matching, travel
from bot.scripts.buttons import (
    CONTROLS,
    DONE,
    NEXT,
    PREVIOUS,
    choices_of,
    controls_of,
    options_of,
    page_of,
    takes_files,
)
from bot.scripts.call import Call, Notice, State, Turn
from bot.scripts.inputs import Back, Input, Leave, Photo, Press, Resume, Typed, Voice
from bot.scripts.matching import Candidate
from bot.scripts.model import Branch, Choice, Kind, Script, Step
from bot.scripts.parsers import PLAIN_PARSERS, Parsers, Refused
from bot.scripts.values import Facts, Option, plain
from bot.scripts.words import words

MOST_PICKED = 200
MOST_PHOTOS = 10


@dataclass(frozen=True, slots=True)
class _Scene:
    """Everything one turn needs to look at."""

    script: Script
    call: Call
    step: Step
    facts: Facts
    seen: Mapping[str, object]
    parsers: Parsers


_Button = tuple[Step, Choice | Option] | str


def start(script: Script, facts: Facts, given: Mapping[str, object] | None = None) -> Turn:
    """Open a conversation at version 1, with the answers already known in `given`."""
    answers = {name: plain(value) for name, value in (given or {}).items()}
    call = Call(script.id, script.digest, script.start, answers, version=1)
    return travel.begin(script, call, facts)


def answer(
    script: Script, call: Call, given: Input, facts: Facts, parsers: Parsers = PLAIN_PARSERS
) -> Turn:
    """Take one input and return the call after it, with its effects; the version rises.

    But for an old button: it changes nothing, or who taps twice would always be one behind.
    """
    turn = _respond(script, call, given, facts, parsers)
    if turn.notice is Notice.STALE and getattr(given, "version", call.version) != call.version:
        return turn
    return replace(turn, call=replace(turn.call, version=call.version + 1))


def _respond(script: Script, call: Call, given: Input, facts: Facts, parsers: Parsers) -> Turn:
    if call.state is State.DONE:
        return Turn(call, notice=Notice.STALE)
    if call.digest != script.digest:
        return _carried_over(script, call, facts)
    if getattr(given, "version", None) not in (None, call.version):
        return Turn(replace(call, state=State.ACTIVE), notice=Notice.STALE)
    if isinstance(given, Leave):
        return Turn(replace(call, state=State.LEFT))
    taken_up = replace(call, state=State.ACTIVE)
    if isinstance(given, Resume) or (call.state is State.LEFT and not _presses(given, call)):
        return Turn(taken_up, notice=Notice.RESUMED)
    call, step = taken_up, script.steps[call.step]
    scene = _Scene(script, call, step, facts, facts.seen_with(call.answers), parsers)
    return _act(scene, given)


def _presses(given: Input, call: Call) -> bool:
    """Tell whether this is a button of the very step where the call was left."""
    return getattr(given, "version", None) == call.version


def _act(scene: _Scene, given: Press | Typed | Photo | Voice | Back) -> Turn:
    match given:
        case Press(key=key):
            return _press(scene, key)
        case Typed(text=text, typed_on=typed_on):
            return _typed(scene, text, typed_on)
        case Photo(file_id, unique_id):
            return _file(scene, {"file_id": file_id, "unique_id": unique_id})
        case Voice():
            return _voice(scene, given)
        case _:
            return _back(scene.call)


def _carried_over(script: Script, call: Call, facts: Facts) -> Turn:
    """Find the present step, or the latest one left, in a script that changed; else begin again."""
    moved = replace(call, digest=script.digest, state=State.ACTIVE, picked=(), page=0)
    while not _stands(script, moved.step):
        if not moved.history:
            return replace(travel.begin(script, moved, facts), notice=Notice.SCRIPT_CHANGED)
        moved = travel.step_back(moved)
    kept = tuple(frame for frame in moved.history if _stands(script, frame.step))
    return Turn(replace(moved, history=kept), notice=Notice.SCRIPT_CHANGED)


def _stands(script: Script, step: str) -> bool:
    return step in script.steps and script.steps[step].stops


def _back(call: Call) -> Turn:
    if not call.history:
        return Turn(call, notice=Notice.NO_WAY_BACK)
    return Turn(travel.step_back(call))


def _press(scene: _Scene, key: str) -> Turn:
    if key in CONTROLS:
        return _control(scene, key)
    for choice in choices_of(scene.step, scene.seen):
        if choice.key == key:
            return _choose(scene, scene.step, choice)
    for option in options_of(scene.step, scene.seen):
        if option.key == key:
            return _pick(scene, option)
    return Turn(scene.call, notice=Notice.STALE)


def _control(scene: _Scene, key: str) -> Turn:
    if key not in controls_of(scene.step, scene.call, scene.seen):
        return Turn(scene.call, notice=Notice.STALE)
    if key in (NEXT, PREVIOUS):
        here = page_of(scene.step, scene.call, scene.seen).number
        return Turn(replace(scene.call, page=here + (1 if key == NEXT else -1)))
    return _record(scene, _picked_values(scene)) if key == DONE else _leave_blank(scene)


def _picked_values(scene: _Scene) -> list[object]:
    if takes_files(scene.step):
        return list(scene.call.picked)
    options = options_of(scene.step, scene.seen)
    return [plain(option.value) for option in options if option.key in scene.call.picked]


def _leave_blank(scene: _Scene) -> Turn:
    answers = {name: old for name, old in scene.call.answers.items() if name != scene.step.into}
    return travel.go(scene.script, scene.call, answers, scene.step.then, scene.facts)


def _choose(scene: _Scene, step: Step, choice: Choice) -> Turn:
    answers = {**scene.call.answers, **choice.sets}
    if step.into and choice.records:
        value = scene.seen.get(choice.value_from) if choice.value_from else choice.value
        answers[step.into] = value
    return _go(scene, answers, choice.then or step.then)


def _pick(scene: _Scene, option: Option) -> Turn:
    if not scene.step.many:
        return _record(scene, plain(option.value))
    picked = scene.call.picked
    if option.key in picked:
        left = tuple(key for key in picked if key != option.key)
        return Turn(replace(scene.call, picked=left))
    return Turn(replace(scene.call, picked=(*picked, option.key)[:MOST_PICKED]))


def _record(scene: _Scene, value: object) -> Turn:
    """Keep the value under the step's own name (the loader made sure it has one) and go on."""
    answers = {**scene.call.answers, str(scene.step.into): value}
    return _go(scene, answers, scene.step.then)


def _go(scene: _Scene, answers: Mapping[str, object], then: tuple[Branch, ...]) -> Turn:
    return travel.go(scene.script, scene.call, answers, then, scene.facts)


def _voice(scene: _Scene, voice: Voice) -> Turn:
    if scene.step.ask is not Kind.PROOF:
        return Turn(scene.call, notice=Notice.NOT_UNDERSTOOD)
    ids = {"file_id": voice.file_id, "unique_id": voice.unique_id}
    return _file(scene, {**ids, "seconds": voice.seconds, "size": voice.size})


def _file(scene: _Scene, value: dict[str, object]) -> Turn:
    if not takes_files(scene.step):
        return Turn(scene.call, notice=Notice.NOT_UNDERSTOOD)
    if not scene.step.many:
        return _record(scene, value)
    if value in scene.call.picked:
        return Turn(scene.call)
    return Turn(replace(scene.call, picked=(*scene.call.picked, value)[:MOST_PHOTOS]))


def _typed(scene: _Scene, text: str, typed_on: date) -> Turn:
    buttons = _buttons(scene)
    exact = matching.exactly(text, buttons)
    if exact is not None:
        return _use(scene, exact)
    if scene.step.ask is not None and not takes_files(scene.step):
        return _parsed(scene, text, typed_on)
    found = matching.by_number(text, _on_screen(scene)) or matching.nearly(text, buttons)
    if found is None:
        found = _elsewhere(scene, text)
    return Turn(scene.call, notice=Notice.NOT_UNDERSTOOD) if found is None else _use(scene, found)


def _parsed(scene: _Scene, text: str, typed_on: date) -> Turn:
    parser = scene.parsers.get(scene.step.ask) if scene.step.ask else None
    value = parser(text, scene.seen, typed_on) if parser else Refused("no_parser")
    if not isinstance(value, Refused):
        return _record(scene, plain(value))
    near = matching.nearly(text, _buttons(scene))
    if near is not None:
        return _use(scene, near)
    return Turn(scene.call, notice=Notice.REFUSED, refusal=value.code)


def _use(scene: _Scene, button: _Button) -> Turn:
    if isinstance(button, str):
        return _control(scene, button)
    step, source = button
    return _pick(scene, source) if isinstance(source, Option) else _choose(scene, step, source)


def _elsewhere(scene: _Scene, text: str) -> _Button | None:
    """Look for the text among the choices of the steps that this one may search."""
    steps = [scene.script.steps[name] for name in scene.step.find_in]
    choices = [(step, choice) for step in steps for choice in choices_of(step, scene.seen)]
    candidates = [_of_choice(step, choice) for step, choice in choices]
    exact = matching.exactly(text, candidates)
    return exact if exact is not None else matching.nearly(text, candidates)


def _buttons(scene: _Scene) -> list[Candidate[_Button]]:
    options = options_of(scene.step, scene.seen)
    own = [_of_choice(scene.step, choice) for choice in choices_of(scene.step, scene.seen)]
    return [*(_of_option(scene.step, one) for one in options), *own, *_control_words(scene)]


def _on_screen(scene: _Scene) -> tuple[Candidate[_Button], ...]:
    page = page_of(scene.step, scene.call, scene.seen)
    own = [_of_choice(scene.step, choice) for choice in choices_of(scene.step, scene.seen)]
    return (*(_of_option(scene.step, one) for one in page.options), *own)


def _of_option(step: Step, option: Option) -> Candidate[_Button]:
    """Call an option by the texts of its label: a number, a name."""
    labels = tuple(part for part in option.label.values() if isinstance(part, str))
    return Candidate((step, option), labels)


def _of_choice(step: Step, choice: Choice) -> Candidate[_Button]:
    return Candidate((step, choice), tuple(choice.label.words.values()), (choice.key, *choice.also))


def _control_words(scene: _Scene) -> list[Candidate[_Button]]:
    names = controls_of(scene.step, scene.call, scene.seen)
    labels = words().controls
    return [Candidate(name, tuple(labels[name].values())) for name in names]
