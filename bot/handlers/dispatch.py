"""One update, one transaction: who is it, may he, what happens, what does he see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from bot.handlers import menus
from bot.handlers.registry import REGISTRY, MessageFunction
from bot.handlers.request import Answer, Bind, Request
from bot.screens import access as access_screens
from bot.screens import refusal
from bot.screens.posting import Body, bare, editing, sending, working
from bot.screens.render import Speaker
from bot.screens.screen import Screen
from bot.screens.tap import Tap, decode
from bot.use_cases import access, welcoming
from bot.use_cases.refusals import InvitationRefused, NotYourRole, NotYours, Refused
from credit.moment import Moment
from credit.people import Person, may_see
from storage import alerts, customers, inbox, outbox, people
from storage.events import Origin, record
from storage.work import Work

ATTACHED = frozenset({"photo", "voice"})
ANSWER = 0  # the outbox priority of what answers a tap or a message


@dataclass(frozen=True, slots=True)
class Wish:
    """What an update asks, free of Telegram's own types."""

    update_id: int
    telegram_id: int
    chat_id: int
    first_name: str
    language: str | None
    now: Moment
    press: str | None = None  # callback data
    query_id: str | None = None
    tapped: int | None = None
    command: str | None = None
    arguments: str = ""
    kind: str = "text"  # text, photo, voice, document, edited, other
    incoming: Any = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What the dispatcher needs besides the update: rules, and a speaker per language."""

    rules: Any
    speaker: Callable[[str | None], Speaker]


def handle(work: Work, wish: Wish, desk: Desk) -> None:
    """Carry out one update inside the caller's transaction; a second delivery does nothing."""
    inbox.finish(work, wish.update_id, wish.now)
    if wish.kind in {"left", "back"}:
        people.set_unreachable(work, wish.telegram_id, wish.now.at if wish.kind == "left" else None)
        return
    person = people.met(work, wish.telegram_id, wish.now.at)
    if person is None:
        _meet(work, wish, desk)
        return
    request = _request(work, wish, desk, person)
    try:
        with work.attempt():  # a refusal undoes what the handler had written before it
            answer = _answer(request, wish)
    except Refused as refused:
        _audit(request, wish, refused)
        answer = _refusal(request, wish, refused)
    _post(work, wish, person.id, answer)


def _meet(work: Work, wish: Wish, desk: Desk) -> None:
    """Answer somebody unknown: an invitation, or one polite line a day."""
    speaker = desk.speaker(wish.language)
    if wish.command == "start" and wish.arguments and _enter(work, wish, desk, speaker):
        return
    day = wish.now.today.isoformat()
    body = _with_query(sending(access_screens.stranger(speaker), wish.chat_id), wish)
    told = _tell_stranger(work, wish, body, f"stranger:{wish.telegram_id}:{day}")
    if told is None and wish.query_id is not None:  # told today already: his key stops waiting
        quiet: Body = {"method": "answerCallbackQuery", "params": _query(wish, None)}
        _tell_stranger(work, wish, quiet, f"u{wish.update_id}")


def _tell_stranger(work: Work, wish: Wish, body: Body, dedupe: str) -> int | None:
    return outbox.post(
        work,
        kind="stranger",
        person_id=None,
        chat_id=wish.chat_id,
        body=body,
        priority=ANSWER,
        at=wish.now,
        dedupe=dedupe,
    )


def _enter(work: Work, wish: Wish, desk: Desk, speaker: Speaker) -> bool:
    """Let in who brings a good invitation; any other payload gets the stranger's line."""
    origin = Origin(None, wish.update_id, wish.now, f"u{wish.update_id}")
    try:
        person, inviter = access.enrol(
            work,
            origin,
            telegram_id=wish.telegram_id,
            payload=wish.arguments,
            name=wish.first_name,
            locale=speaker.locale,
        )
    except InvitationRefused:
        return False
    request = _request(work, wish, desk, person)
    _post(
        work, wish, person.id, Answer(access_screens.welcome(request.speaker, person), edit=False)
    )
    menus.post(work, person, request.speaker, wish.now, f"menu:u{wish.update_id}")
    _tell_inviter(work, wish, desk, person, inviter)
    welcoming.hand_over_alerts(work, request.origin, person, desk.rules)
    return True


def _tell_inviter(work: Work, wish: Wish, desk: Desk, person: Person, inviter: int | None) -> None:
    host = people.by_id(work, inviter) if inviter else None
    if host is None or not host.active or host.telegram_id is None:
        return
    screen = access_screens.arrived(desk.speaker(host.locale), person)
    outbox.post(
        work,
        kind="answer",
        person_id=host.id,
        chat_id=host.telegram_id,
        body=sending(screen, host.telegram_id),
        priority=1,
        at=wish.now,
        dedupe=f"arrived:{person.id}:u{wish.update_id}",
    )


def _request(work: Work, wish: Wish, desk: Desk, person: Person) -> Request:
    return Request(
        work=work,
        person=person,
        chat_id=wish.chat_id,
        now=wish.now,
        origin=Origin(person.id, wish.update_id, wish.now, f"u{wish.update_id}"),
        rules=desk.rules,
        speaker=desk.speaker(person.locale),
        incoming=wish.incoming,
        tapped=wish.tapped,
    )


def _answer(request: Request, wish: Wish) -> Answer:
    if wish.press is not None:
        return _pressed(request, wish.press)
    if wish.command is not None:
        return _commanded(request, wish)
    if wish.kind == "edited":
        return Answer(access_screens.not_read_again(request.speaker), edit=False)
    chain: dict[str, list[MessageFunction]] = {
        "text": REGISTRY.texts,
        "photo": REGISTRY.photos,
        "voice": REGISTRY.voices,
        "document": REGISTRY.documents,
    }
    for function in chain.get(wish.kind, ()):
        answer = function(request)
        if answer is not None:
            return replace(answer, edit=False) if answer.redirect is None else answer
    attached = wish.kind in ATTACHED
    return Answer(access_screens.not_understood(request.speaker, attached=attached), edit=False)


def _pressed(request: Request, data: str) -> Answer:
    tap = decode(data)
    handler = REGISTRY.taps.get(type(tap)) if tap else None
    if tap is None or handler is None:
        return Answer(toast=access_screens.outdated(request.speaker), alert=True)
    if request.person.role not in handler.roles:
        raise NotYourRole
    if handler.customer is not None:
        check_row(request, handler.customer(request.work, tap))
    return _beside_card(request, tap, handler.function(request, tap))


def _beside_card(request: Request, tap: Tap, answer: Answer) -> Answer:
    """Keep an alert card where it is: what is opened from it comes below, not in its place."""
    customer_id = getattr(tap, "customer", None)
    moves = answer.screen is not None and answer.edit and answer.redirect is None
    if customer_id is None or not moves or any(bind.what == "card" for bind in answer.bind):
        return answer
    card = alerts.card_of(request.work, customer_id, request.person.id)
    return replace(answer, edit=False) if card == request.tapped else answer


def check_row(request: Request, customer_id: int) -> None:
    """Refuse a row of somebody else's portfolio exactly as a row that does not exist."""
    found, rep_code = customers.owner(request.work, customer_id)
    if not found or not may_see(request.person, rep_code):
        raise NotYours


def _commanded(request: Request, wish: Wish) -> Answer:
    handler = REGISTRY.command(wish.command or "")
    if handler is None:
        return Answer(_unknown(request, wish.command or ""), edit=False)
    if request.person.role not in handler.roles:
        raise NotYourRole
    return replace(handler.function(request, wish.arguments), edit=False)


def _unknown(request: Request, typed: str) -> Screen:
    """Say that there is no such command, and name the one of his that is most like it."""
    his = [name for name, _ in menus.commands_of(request.person, request.speaker)]
    near = get_close_matches(typed, his, n=1)
    return access_screens.unknown_command(request.speaker, typed, *near)


def _audit(request: Request, wish: Wish, refused: Refused) -> None:
    if isinstance(refused, NotYours | NotYourRole):
        what = (wish.press or wish.command or "")[:64]
        record(
            request.work,
            request.origin,
            "access.refused",
            {"what": what, "why": type(refused).__name__},
        )


def _refusal(request: Request, wish: Wish, refused: Refused) -> Answer:
    text = refusal.words(request.speaker, refused)
    if wish.press is not None and len(text) <= refusal.TOAST_LIMIT:
        return Answer(toast=text, alert=True)
    return Answer(refusal.screen(request.speaker, refused), edit=False)


def _post(work: Work, wish: Wish, person_id: int, answer: Answer) -> None:
    """Store every message of an answer, ready to post, in the order it is to be read."""
    bodies = [_first(wish, answer)]
    bodies += [sending(screen, wish.chat_id) for screen in answer.more]
    if answer.retire is not None:
        bodies.append(bare(wish.chat_id, answer.retire))
    for number, body in enumerate(one for one in bodies if one):
        outbox.post(
            work,
            kind="answer",
            person_id=person_id,
            chat_id=wish.chat_id,
            body=body,
            priority=ANSWER,
            at=wish.now,
            dedupe=f"u{wish.update_id}:{number}",
        )


def _first(wish: Wish, answer: Answer) -> Body | None:
    target = answer.redirect or (wish.tapped if answer.edit else None)
    if answer.screen is None:
        if wish.query_id is not None:
            return {"method": "answerCallbackQuery", "params": _query(wish, answer)}
        return working(wish.chat_id) if answer.working else None
    if target is not None:
        body = editing(answer.screen, wish.chat_id, target)
    else:
        body = sending(answer.screen, wish.chat_id)
    body["bind"] = [_bound(bind) for bind in answer.bind]
    return _with_query(body, wish, answer)


def _bound(bind: Bind) -> dict[str, Any]:
    return {
        "what": bind.what,
        "id": bind.id,
        "person_id": bind.person_id,
        "version": bind.version,
    }


def _with_query(body: Body, wish: Wish, answer: Answer | None = None) -> Body:
    if wish.query_id is not None:
        asked = _query(wish, answer)
        body["query"] = {"id": asked.pop("callback_query_id"), **asked}
    return body


def _query(wish: Wish, answer: Answer | None) -> Body:
    query: Body = {"callback_query_id": wish.query_id}
    if answer is not None and answer.toast:
        query |= {"text": answer.toast[: refusal.TOAST_LIMIT], "show_alert": answer.alert}
    return query
