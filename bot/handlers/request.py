"""What a handler is given, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.screens.screen import Screen
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo, document or voice note that came with a message."""

    file_id: str
    unique_id: str
    name: str = ""
    mime: str = ""
    size: int = 0  # bytes; 0 when Telegram does not say
    seconds: int = 0  # length of a voice note


@dataclass(frozen=True, slots=True)
class Incoming:
    """The message a person wrote, as far as handlers need it."""

    message_id: int
    text: str
    written_on: date  # the day it was typed, in the company's zone: « vendredi » counts from it
    photo: Attached | None = None
    document: Attached | None = None
    voice: Attached | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One tap or message of one known person, inside one transaction."""

    work: Work
    person: Person
    chat_id: int
    now: Moment
    origin: Origin
    rules: Rules
    speaker: Speaker
    incoming: Incoming | None = None
    tapped: int | None = None  # the message whose button was pressed


@dataclass(frozen=True, slots=True)
class Bind:
    """What to write back once Telegram has given the message its number."""

    what: str  # "card", "conversation", "broadcast"
    id: int
    person_id: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person sees next.

    `screen` replaces the tapped message when `edit`, else it is sent; `more` follow as
    messages of their own; `toast` is the short text over the chat. With `working` who typed,
    and can be shown no toast, sees that something is being written.
    """

    screen: Screen | None = None
    edit: bool = True
    more: tuple[Screen, ...] = ()
    toast: str = ""
    alert: bool = False
    working: bool = False
    bind: tuple[Bind, ...] = field(default=())
    redirect: int | None = None  # edit this message instead of the tapped one
    retire: int | None = None  # a message above that loses its buttons
