"""Taps, texts, photos and voice notes that go to the conversation a person holds."""

from __future__ import annotations

from datetime import timedelta

from bot.handlers import straying
from bot.handlers.offering import offered
from bot.handlers.registry import EVERYONE, on_command, on_photo, on_tap, on_text, on_voice
from bot.handlers.request import Answer, Bind, Request
from bot.handlers.straying import Stray
from bot.screens import caption
from bot.screens import conversation as screens
from bot.screens import promise as promise_screens
from bot.screens.conversation import BACK, LEAVE, Resume, Say, Undo
from bot.screens.promise import Signature
from bot.screens.render import Speaker, speaker
from bot.screens.screen import Screen
from bot.scripts import inputs, matching
from bot.scripts.call import Notice
from bot.scripts.inputs import Back, Input, Leave, Photo, Press, Typed, Voice
from bot.scripts.model import Kind
from bot.use_cases import conversations, undoing
from bot.use_cases.conversations import Opening, Talk
from storage import people, promises
from storage.conversations import Held

MISSED = frozenset({Notice.NOT_UNDERSTOOD, Notice.REFUSED})
CANCELS = frozenset({"annuler", "annule", "cancel"})
LISTENS = timedelta(hours=1)
"""How long a silent conversation takes in texts that mean nothing to it."""


@on_tap(Say, roles=EVERYONE, own=True)
def say(request: Request, tap: Say) -> Answer:
    """Press a button of a step; an old one shows the present step and changes nothing."""
    held = conversations.own(request.work, request.person, tap.conversation)
    talk = _heard(request, held, _pressed(tap))
    toast = ""
    if talk.turn and talk.turn.notice is Notice.STALE:
        toast = screens.outdated_step(request.speaker)
    return _in_place(request, talk, toast=toast)


def _pressed(tap: Say) -> Input:
    if tap.key == BACK:
        return Back(tap.version)
    if tap.key == LEAVE:
        return Leave(tap.version)
    return Press(tap.key, tap.version)


@on_tap(Resume, roles=EVERYONE, own=True)
def resume(request: Request, tap: Resume) -> Answer:
    """Take a conversation up in the place of the tapped message."""
    held = conversations.own(request.work, request.person, tap.conversation)
    return _in_place(request, _resumed(request, held))


@on_tap(Undo, roles=EVERYONE, own=True)
def undo(request: Request, tap: Undo) -> Answer:
    """Take back what an ended conversation recorded; a second press of what ended it does not."""
    held = conversations.own(request.work, request.person, tap.conversation)
    if undoing.is_doubled(held, request.now):
        talk = conversations.look(request.work, request.origin, request.person, held, request.rules)
        return _in_place(request, talk, toast=screens.pressed_twice(request.speaker))
    held = undoing.undo(
        request.work, request.origin, request.person, tap.conversation, request.rules
    )
    talk = conversations.look(request.work, request.origin, request.person, held, request.rules)
    return Answer(screens.undone(request.speaker, talk))


@on_command("reprendre", "resume", roles=EVERYONE, menu="Take up the conversation put aside")
def resume_last(request: Request, arguments: str) -> Answer:
    """Take the latest unfinished conversation up in a new message."""
    del arguments
    held = conversations.unfinished(request.work, request.person)
    if held is None:
        return Answer(screens.nothing_to_resume(request.speaker))
    return _below(request, held, _resumed(request, held))


@on_command("annuler", "abandonner", "stop", "cancel", roles=EVERYONE)
def cancel(request: Request, arguments: str) -> Answer:
    """Put down the conversation that is held; else show the one that may still be undone."""
    del arguments
    held = conversations.active(request.work, request.person)
    if held is not None:
        return _below(request, held, _heard(request, held, Leave(int(held.call["version"]))))
    ended = undoing.last(request.work, request.person, request.now)
    if ended is None:
        return Answer(screens.nothing_to_cancel(request.speaker))
    talk = conversations.look(request.work, request.origin, request.person, ended, request.rules)
    return _below(request, ended, talk)


@on_text
def typed(request: Request) -> Answer | None:
    """Carry a typed text to the conversation, when the person holds one."""
    incoming = request.incoming
    if incoming is None or not incoming.text or incoming.text.startswith("/"):
        return None
    held = conversations.active(request.work, request.person)
    if held is None:
        return cancel(request, "") if _cancels(incoming.text) else None
    if request.now.at - held.changed_at > LISTENS and not _waits_for_text(request, held):
        return None
    stray = straying.taken(request, held, incoming.text)
    if stray is not None:
        held = conversations.ask_about(request.work, held, incoming.text)
        talk = conversations.look(request.work, request.origin, request.person, held, request.rules)
        return _below(request, held, talk, stray)
    given = Typed(incoming.text, incoming.written_on)
    talk = _heard(request, held, given)
    if talk.turn and talk.turn.notice in MISSED:
        if _cancels(incoming.text):  # no choice of this step is called so
            return cancel(request, "")
        stray = straying.missed(request, talk, incoming.text)
    return _below(request, held, talk, stray)


def _cancels(text: str) -> bool:
    return matching.fold(text) in CANCELS


@on_photo
def photographed(request: Request) -> Answer | None:
    """Carry a photo to the conversation, when the person holds one."""
    if request.incoming is None or request.incoming.photo is None:
        return None
    held = conversations.active(request.work, request.person)
    if held is None:
        return None
    photo = request.incoming.photo
    return _attached(request, held, Photo(photo.file_id, photo.unique_id))


@on_voice
def spoken(request: Request) -> Answer | None:
    """Carry a voice note to the conversation, when the person holds one."""
    if request.incoming is None or request.incoming.voice is None:
        return None
    held = conversations.active(request.work, request.person)
    if held is None:
        return None
    one = request.incoming.voice
    return _attached(request, held, Voice(one.file_id, one.unique_id, one.seconds, one.size))


def _waits_for_text(request: Request, held: Held) -> bool:
    """Tell whether the present step asks for something typed."""
    talk = conversations.look(request.work, request.origin, request.person, held, request.rules)
    step = talk.script.steps.get(talk.call.step)
    return step is not None and step.ask not in {None, Kind.PROOF}


def shown(request: Request, talk: Talk) -> Answer:
    """Show a conversation in the place of the tapped message."""
    return _in_place(request, talk)


def present(request: Request, held: Held) -> Answer:
    """Show the present step again: the button that was pressed is an old one."""
    talk = conversations.look(request.work, request.origin, request.person, held, request.rules)
    return _in_place(request, talk, toast=screens.outdated_step(request.speaker))


def begin(request: Request, opening: Opening, *, below: bool = False) -> Answer:
    """Begin a conversation in the place of the tapped message, or below it."""
    talk = conversations.begin(request.work, request.origin, request.person, opening, request.rules)
    answer = _in_place(request, talk)
    return Answer(answer.screen, edit=not below, more=answer.more, bind=answer.bind)


def _resumed(request: Request, held: Held) -> Talk:
    return _heard(request, held, inputs.Resume())


def _heard(request: Request, held: Held, given: Input) -> Talk:
    return conversations.say(
        request.work, request.origin, request.person, held, given, request.rules
    )


def _attached(request: Request, held: Held, given: Input) -> Answer:
    """Carry a photo or a voice note; what is written under it is not read, and that is said."""
    talk = _heard(request, held, given)
    if request.incoming is None or not request.incoming.text:
        return _below(request, held, talk)
    left = Stray(caption.notice(request.speaker, talk), tuple(offered(request, talk.call)))
    return _below(request, held, talk, left)


def _in_place(request: Request, talk: Talk, *, toast: str = "") -> Answer:
    """Show the conversation in the tapped message; another message of it loses its buttons."""
    former = talk.held.message_id
    return Answer(
        _screen(request, talk),
        more=_confirmations(request, talk),
        toast=toast,
        bind=_bind(request, talk),
        retire=former if former != request.tapped else None,
    )


def _below(request: Request, held: Held, talk: Talk, stray: Stray | None = None) -> Answer:
    """Show the conversation as a new message; the one above loses its buttons."""
    return Answer(
        _screen(request, talk, stray),
        edit=False,
        more=_confirmations(request, talk),
        bind=_bind(request, talk),
        retire=held.message_id,
    )


def _screen(request: Request, talk: Talk, stray: Stray | None = None) -> Screen:
    undoable = undoing.may_undo(talk.held, request.now)
    return screens.talk(
        request.speaker,
        talk,
        request.now.today,
        undoable=undoable,
        offered=stray.keys if stray else offered(request, talk.call),
        said=stray.said if stray else "",
        foreign=bool(talk.confirmed) and _theirs(request).locale != request.speaker.locale,
    )


def _bind(request: Request, talk: Talk) -> tuple[Bind, ...]:
    return (Bind("conversation", talk.held.id, request.person.id, talk.call.version),)


def _theirs(request: Request) -> Speaker:
    """Speak the customers' language."""
    return speaker(request.rules.locale, request.rules.zone)


def _confirmations(request: Request, talk: Talk) -> tuple[Screen, ...]:
    """Write each confirmation of this turn in the customers' language, ready to forward."""
    theirs = _theirs(request)
    found = []
    for promise_id, channel in talk.confirmed:
        kept = promises.by_id(request.work, promise_id)
        if kept is None:
            continue
        author = people.by_id(request.work, kept.promise.author) or request.person
        signature = Signature(author.name, request.rules.company)
        proposed = "approval" in talk.call.answers
        found.append(
            promise_screens.confirmation(
                theirs, request.speaker, kept, signature, channel, proposed=proposed
            )
        )
    return tuple(found)
