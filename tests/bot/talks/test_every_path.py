"""Every effect and every end of every script, reached through the chat with real effects."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain

import pytest

from bot.screens.conversation import Say
from bot.screens.screen import TEXT_LIMIT, visible_length
from bot.scripts.call import Call, State
from bot.scripts.engine import answer, start
from bot.scripts.inputs import Input, Photo, Press, Typed
from bot.scripts.library import load
from bot.scripts.model import Kind, Script
from bot.scripts.parsers import parsers_for
from bot.scripts.show import show
from bot.scripts.values import Facts
from bot.use_cases import alerts, contacts, conversation_facts, conversations, promises
from bot.use_cases.contacts import ContactRequest
from bot.use_cases.conversation_facts import Subject
from bot.use_cases.conversations import Opening
from bot.use_cases.promises import PromiseRequest
from credit.moment import Moment
from credit.promise import Means, PromiseLine
from storage import people, tables
from storage.events import Origin
from tests.bot.talks.stage import (
    CLAIRE,
    JULIE,
    NOW,
    PARIS,
    TODAY,
    Chat,
    account,
    chat,
    invoice,
    rules,
    texts,
)

OF_AN_ACCOUNT = ("call", "contact", "dispute", "not_relevant", "promise", "snooze")
TYPED = {Kind.AMOUNT: ("900", "10"), Kind.DATE: ("27/11", "25/12"), Kind.NUMBER: ("3",)}
LONGEST = 24


def moves(script: Script, call: Call, facts: Facts) -> Iterator[Input]:
    shown = show(script, call, facts)
    for key in chain((button.key for button in shown.buttons), shown.controls):
        yield Press(key, call.version)
    if shown.ask is Kind.PHOTO:
        if not call.picked:
            yield Photo("f1", "u1")
    elif shown.ask:
        for text in TYPED.get(shown.ask, ("Mme <Roche> & fils",)):
            yield Typed(text, TODAY)


def paths(script: Script, facts: Facts) -> list[tuple[Input, ...]]:
    """Find the shortest inputs to every way into a recording step or an end."""
    parsers = {**parsers_for("fr"), Kind.TEXT: parsers_for("fr")[Kind.NOTE]}
    first = start(script, facts).call
    waiting: deque[tuple[Call, tuple[Input, ...]]] = deque([(first, ())])
    seen: set[tuple[object, ...]] = set()
    found: dict[tuple[object, ...], tuple[Input, ...]] = {}
    while waiting:
        call, path = waiting.popleft()
        for move in moves(script, call, facts):
            turn = answer(script, call, move, facts, parsers)
            way = (*path, move)
            if turn.effects or turn.call.state is State.DONE:
                found.setdefault((call.step, turn.call.step, len(turn.effects)), way)
            partial = facts.seen_with(turn.call.answers).get("promise_partial")
            known = (turn.call.step, "approval" in turn.call.answers, partial)
            if turn.call.state is State.ACTIVE and known not in seen and len(way) < LONGEST:
                seen.add(known)
                waiting.append((turn.call, way))
    return list(found.values())


def furnished(told: Chat) -> int:
    customer = account(told.work, name="Dupont & <fils>")
    for number, cents, late in (("F-1", 150_000, 70), ("F-2", 90_050, 20), ("F-3", 500, 2)):
        invoice(told.work, customer, number, cents, late)
    invoice(told.work, customer, "A-1", -10_000, 10, kind="credit_note")
    alerts.scan(told.work, Origin(None, None, told.now, "scan"), [customer], rules())
    return customer


@contextmanager
def forgotten(told: Chat) -> Iterator[None]:
    raw = told.work.raw()
    raw.execute("savepoint path")
    try:
        yield
    finally:
        raw.execute("rollback to path")
        raw.execute("release path")


def play(told: Chat, customer: int, script: str, path: tuple[Input, ...]) -> None:
    claire = people.by_telegram(told.work, CLAIRE)
    assert claire is not None
    origin = Origin(claire.id, None, told.now, "begin")
    talk = conversations.begin(told.work, origin, claire, Opening(script, customer), rules())
    for given in path:
        held = told.all(tables.conversation)[-1]
        if isinstance(given, Press):
            told.tap(Say(talk.held.id, given.key, held.version), who=CLAIRE)
            assert "dépassée" not in told.toast
        elif isinstance(given, Typed):
            told.type(given.text, who=CLAIRE)
        elif isinstance(given, Photo):
            told.photo(given.file_id, who=CLAIRE)
        assert all(visible_length(text) <= TEXT_LIMIT for text in texts(told.bodies))


def trying(told: Chat, customer: int) -> None:
    """Give the account a past: two broken promises, and two calls that nobody answered."""
    julie = people.by_telegram(told.work, JULIE)
    assert julie is not None
    request = PromiseRequest("EUR", (PromiseLine(TODAY, 240_550),), Means.TRANSFER)
    for rank in range(2):
        origin = Origin(julie.id, None, Moment(NOW - timedelta(days=30 - rank), PARIS), f"p{rank}")
        kept = promises.make(told.work, origin, julie, customer, request, rules())
        contacts.record_contact(
            told.work, origin, julie, customer, ContactRequest("no_answer", reason="M24")
        )
        broken = tables.promise.update().where(tables.promise.c.id == kept.promise.id)
        told.work.execute(broken.values(state="broken"))
    told.work.execute(tables.task.delete())


@pytest.mark.parametrize("name", OF_AN_ACCOUNT)
def test_every_recording_and_every_end_is_carried_out(sqlite_url: str, name: str) -> None:
    ended = set()
    with chat(sqlite_url) as told:
        customer = furnished(told)
        ended |= walked(told, customer, name)
        trying(told, customer)
        ended |= walked(told, customer, name)
    assert ended == {step.outcome for step in load()[name].steps.values() if step.outcome}


def walked(told: Chat, customer: int, name: str) -> set[str]:
    """Walk every path to a recording or an end, each forgotten afterwards; return the ends."""
    claire = people.by_telegram(told.work, CLAIRE)
    assert claire is not None
    subject = Subject(told.work, claire, told.now, rules(), name, customer, None)
    ended = set()
    for path in paths(load()[name], conversation_facts.build(subject).facts):
        with forgotten(told):
            play(told, customer, name, path)
            last = told.all(tables.conversation)[-1]
            if last.state == "done":
                ended.add(last.outcome)
                undoes(told)
    return ended


def undoes(told: Chat) -> None:
    """Undo, when something was recorded, and look for what is left."""
    if not any("Annuler" in label for label in told.labels(CLAIRE)):
        return
    told.wait(seconds=3)
    told.press("Annuler", who=CLAIRE)
    recorded = [row for row in told.all(tables.contact_record) if row.conversation_id]
    assert all(row.withdrawn_at for row in recorded)
    assert not [row for row in told.all(tables.promise) if row.state == "open"]
    assert not [row for row in told.all(tables.dispute) if row.state == "open"]
    assert not [row for row in told.all(tables.task) if row.done_at is None]
