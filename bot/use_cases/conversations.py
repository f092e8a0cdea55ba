"""Conversations: begun, answered turn by turn, put down, taken up, undone; one at a time each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.scripts import engine
from bot.scripts.call import Call, Notice, State, Turn, from_json, to_json
from bot.scripts.inputs import Leave
from bot.scripts.model import Kind
from bot.scripts.parsers import parsers_for
from bot.use_cases import conversation_facts, effects
from bot.use_cases.alerts import scan
from bot.use_cases.conversation_facts import Knowledge, Subject
from bot.use_cases.effects import CONFIRMATION, Recorded, Scene
from bot.use_cases.refusals import NotYours, Outdated, Refused
from credit.people import may_see
from storage import conversations, customers

if TYPE_CHECKING:
    from bot.scripts.inputs import Input
    from bot.scripts.model import Script
    from bot.scripts.values import Facts
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.conversations import Held
    from storage.events import Origin
    from storage.work import Work

CALL = "call"
ASKED_ABOUT = "asked_about"


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation at one moment, and what the turn that led here has brought.

    `fresh` is what this turn recorded; `refused` why its effects were not carried out.
    """

    held: Held
    call: Call
    script: Script
    facts: Facts
    turn: Turn | None = None
    fresh: tuple[Recorded, ...] = ()
    refused: Refused | None = None

    @property
    def confirmed(self) -> tuple[tuple[int, str], ...]:
        """Return the promises whose confirmation is to be shown now, with the channel."""
        return tuple((key, detail) for what, key, detail in self.fresh if what == CONFIRMATION)


@dataclass(frozen=True, slots=True)
class Opening:
    """Which conversation to begin, about which account or other subject, knowing what already."""

    script: str
    customer_id: int | None = None
    subject_id: int | None = None
    given: Mapping[str, object] | None = None


def begin(work: Work, origin: Origin, person: Person, opening: Opening, rules: Rules) -> Talk:
    """Begin a conversation; the one that the person held is left, to be taken up later."""
    reachable(work, person, opening.customer_id)
    leave_others(work, person)
    script = rules.scripts[opening.script]
    subject = Subject(
        work, person, origin.at, rules, script.id, opening.customer_id, opening.subject_id
    )
    known = conversation_facts.build(subject)
    turn = engine.start(script, known.facts, opening.given)
    conversation_id = conversations.add(
        work,
        person_id=person.id,
        customer_id=opening.customer_id,
        subject_id=opening.subject_id,
        call=json.loads(to_json(turn.call)),
        at=origin.at.at,
    )
    held = _must(conversations.by_id(work, conversation_id))
    return _seen(subject, held, turn, None if turn.effects else known)


def say(work: Work, origin: Origin, person: Person, held: Held, given: Input, rules: Rules) -> Talk:
    """Carry one input to the conversation, and out what it leads to, as one change.

    When an effect is refused, nothing moves: the present step is shown again with the reason.
    """
    if held.state == conversations.DONE:
        return _over(look(work, origin, person, held, rules))
    if not isinstance(given, Leave):
        leave_others(work, person, but=held.id)
    call = from_json(json.dumps(held.call))
    subject = _subject(work, person, origin, held, rules, call)
    script, known = _script(held, rules), conversation_facts.build(subject)
    parsers = parsers_for(person.locale)
    # What is written about a customer is short (handbook 11.2).
    parsers = {**parsers, Kind.TEXT: parsers[Kind.NOTE]}
    turn = engine.answer(script, call, given, known.facts, parsers)
    scene = _scene(work, origin, person, held, rules)
    try:
        _carry_out(scene, turn)
    except Refused as refused:
        stays = Turn(replace(call, version=call.version + 1, state=State.ACTIVE))
        return replace(_kept(subject, held, stays, held.made, known), refused=refused)
    if scene.made != list(held.made) and held.customer_id is not None:
        scan(work, origin, [held.customer_id], rules)
    talk = _kept(subject, held, turn, tuple(scene.made), known)
    return replace(talk, fresh=tuple(scene.made[len(held.made) :]))


def _carry_out(scene: Scene, turn: Turn) -> None:
    """Carry out the effects of a turn: all of them, or none when one is refused."""
    if not turn.effects:
        return
    with scene.work.attempt():
        for effect in turn.effects:
            effects.carry_out(scene, effect)


def look(work: Work, origin: Origin, person: Person, held: Held, rules: Rules) -> Talk:
    """Read a conversation as it stands; nothing changes."""
    call = from_json(json.dumps(held.call))
    subject = _subject(work, person, origin, held, rules, call)
    known = conversation_facts.build(subject)
    script = _script(held, rules)
    return Talk(held, call, script, conversation_facts.completed(known, rules, script, call))


def ask_about(work: Work, held: Held, text: str) -> Held:
    """Keep a typed text beside the conversation until the person says whether it is an answer.

    The next thing said in it forgets the text.
    """
    call = {**held.call, ASKED_ABOUT: text}
    conversations.save(work, held.id, call, held.made, held.changed_at)
    return replace(held, call=call)


def asked_about(held: Held, version: int) -> str | None:
    """Return the text that was kept at this version; None when the conversation went on since."""
    text = held.call.get(ASKED_ABOUT)
    current = held.state == conversations.ACTIVE and held.call["version"] == version
    return str(text) if text and current else None


def own(work: Work, person: Person, conversation_id: int) -> Held:
    """Find a person's own conversation, the account still his; else `NotYours`."""
    held = conversations.by_id(work, conversation_id)
    if held is None or held.person_id != person.id:
        raise NotYours
    reachable(work, person, held.customer_id)
    return held


def active(work: Work, person: Person) -> Held | None:
    """Find the conversation that the person's texts belong to.

    One whose account is no longer his is left: his texts go elsewhere.
    """
    held = next(iter(conversations.active_of(work, person.id)), None)
    if held is None or is_reachable(work, person, held.customer_id):
        return held
    leave_others(work, person)
    return None


def unfinished(work: Work, person: Person) -> Held | None:
    """Find what the person may take up again: his latest conversation that has not ended."""
    held = conversations.unfinished_of(work, person.id)
    return held if held and is_reachable(work, person, held.customer_id) else None


def unfinished_call(work: Work, person: Person, customer_id: int) -> Held | None:
    """Find the person's call on this account that has not ended."""
    return conversations.unfinished_on(work, person.id, customer_id, CALL)


def reachable(work: Work, person: Person, customer_id: int | None) -> None:
    """Refuse an account that is not in the person's portfolio (None: about no account)."""
    if not is_reachable(work, person, customer_id):
        raise NotYours


def is_reachable(work: Work, person: Person, customer_id: int | None) -> bool:
    """Tell whether the account is in the person's portfolio (None: about no account)."""
    if customer_id is None:
        return True
    found, code = customers.owner(work, customer_id)
    return found and may_see(person, code)


def leave_others(work: Work, person: Person, but: int = 0) -> None:
    """Put down what the person holds, except one conversation; it can be taken up again."""
    for held in conversations.active_of(work, person.id):
        if held.id != but:
            call = {**held.call, "state": State.LEFT.value}
            conversations.save(work, held.id, call, held.made, held.changed_at)


def _subject(
    work: Work, person: Person, origin: Origin, held: Held, rules: Rules, call: Call
) -> Subject:
    return Subject(
        work, person, origin.at, rules, held.script, held.customer_id, held.subject_id, call
    )


def _script(held: Held, rules: Rules) -> Script:
    script = rules.scripts.get(held.script)
    if script is None:  # the file is gone since
        raise Outdated
    return script


def _scene(work: Work, origin: Origin, person: Person, held: Held, rules: Rules) -> Scene:
    return Scene(
        work, origin, person, rules, held.id, held.customer_id, held.subject_id, list(held.made)
    )


def _over(talk: Talk) -> Talk:
    """Answer a button of a conversation that has ended: it stays as it ended."""
    return replace(talk, turn=Turn(talk.call, notice=Notice.STALE))


def _kept(
    subject: Subject, held: Held, turn: Turn, made: tuple[Recorded, ...], known: Knowledge
) -> Talk:
    """Write the conversation as the turn leaves it, and read what its screen needs."""
    at = subject.now.at
    plain = json.loads(to_json(turn.call))
    conversations.save(subject.work, held.id, plain, made, at)
    held = replace(held, call=plain, made=made, state=turn.call.state.value, changed_at=at)
    # What was recorded or answered in this turn may change the facts themselves.
    answered = "invoice" in turn.call.answers or held.script in conversation_facts.BUILDERS
    moved = bool(turn.effects) or answered
    return _seen(subject, held, turn, None if moved else known)


def _seen(subject: Subject, held: Held, turn: Turn, known: Knowledge | None) -> Talk:
    """Gather what the screen after a turn needs; `known` None reads the account once more."""
    subject = replace(subject, call=turn.call)
    script = _script(held, subject.rules)
    known = known or conversation_facts.build(subject)
    facts = conversation_facts.completed(known, subject.rules, script, turn.call)
    return Talk(held, turn.call, script, facts, turn)


def _must(held: Held | None) -> Held:
    if held is None:  # it was written in this very transaction
        raise Outdated
    return held
