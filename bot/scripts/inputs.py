"""What a person may do to a conversation: press, type, send a photo or a voice, go back, leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Press:
    """A button, with the version of the call that drew it."""

    key: str
    version: int


@dataclass(frozen=True, slots=True)
class Typed:
    """A text, with the day it was typed on in the company's zone."""

    text: str
    typed_on: date


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo, by the two identifiers that Telegram gives it."""

    file_id: str
    unique_id: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note, by Telegram's two identifiers, with its length in seconds and bytes."""

    file_id: str
    unique_id: str
    seconds: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class Back:
    """One step back; by a button, it carries the version that drew it."""

    version: int | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Put the conversation down; by a button, it carries the version that drew it."""

    version: int | None = None


@dataclass(frozen=True, slots=True)
class Resume:
    """Take the conversation up where it was left."""


Input = Press | Typed | Photo | Voice | Back | Leave | Resume
