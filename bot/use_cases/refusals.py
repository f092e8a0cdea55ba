"""Everything the product refuses to do, one class per reason, carrying data and no prose."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


class Refused(Exception):
    """A wish that the rules do not allow; `bot/screens/refusal.py` says it in words."""


@dataclass
class NotYours(Refused):
    """The row belongs to somebody else's portfolio, or does not exist: the same answer."""


@dataclass
class NoSuchPortfolio(NotYours):
    """Who sees every portfolio asked for one that is not there."""


@dataclass
class NotYourRole(Refused):
    """The person's role does not give this right."""


@dataclass
class Outdated(Refused):
    """What the button was about has moved on."""


@dataclass
class NothingToDecide(Refused):
    """A dispute was decided, closed or withdrawn while somebody was deciding it."""


@dataclass
class TooLateToUndo(Refused):
    """The ten minutes are over."""

    minutes: int


@dataclass
class InvitationRefused(Refused):
    """Unknown, used and expired invitations get the same answer."""


@dataclass
class AlreadyEnrolled(Refused):
    """The person who opens the invitation is somebody we know already."""

    name: str


@dataclass
class PromiseRefused(Refused):
    """The promise breaks a rule that nobody may bend from the phone."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class NothingToClaim(Refused):
    """The account owes nothing that can be promised or disputed."""


@dataclass
class AmountTooHigh(Refused):
    """More is disputed than the invoice still owes (minor units)."""

    most_minor: int
    currency: str


@dataclass
class FileRefused(Refused):
    """A file that must not be imported; `code` says why."""

    file: str
    code: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class ImportRunning(Refused):
    """Another file is being imported: one at a time changes the book."""


@dataclass
class MappingUncertain(Refused):
    """The file's columns need a person's word; `questions` come from the reader."""

    file: str
    reading: Any


@dataclass
class DateRefused(Refused):
    """A date that is past, or not understood."""

    value: date | None


@dataclass
class MessageTooLong(Refused):
    """A broadcast is empty, or longer than one message holds (UTF-16 units)."""

    most: int


@dataclass
class UsersFileRefused(Refused):
    """A list of colleagues lacks a column that it needs; `titles` are those that it has."""

    missing: str
    titles: str


@dataclass
class NobodyThere(Refused):
    """The audience of a broadcast has nobody in it."""


@dataclass
class ReleaseRefused(Refused):
    """An order's release cannot be asked for, or decided so."""

    code: str


@dataclass
class CalculationRefused(Refused):
    """A calculation's value is missing, unknown, unreadable or impossible.

    `parameter` tells what was expected, when the name is known.
    """

    calculation: str
    code: str
    name: str = ""
    text: str = ""
    parameter: Any = None


@dataclass
class DecisionRefused(Refused):
    """A class, a limit, a figure or a guarantee that cannot be so; `code` says why."""

    code: str


@dataclass
class OpeningRefused(Refused):
    """An answer of an account file is wrong, or the company is known already; `code` says why."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class ReasonMissing(Refused):
    """A decision that must say why does not."""


@dataclass
class VoiceTooLong(Refused):
    """A voice note is longer than the policy's most (seconds), or heavier than speech is."""

    most: int


@dataclass
class ForbiddenWords(Refused):
    """A text speaks of what may not be written about a person (handbook 11.2).

    `topic` is the kind of it; `found` the word that told.
    """

    topic: str
    found: str
