"""The parts of a scripted conversation, once its file has been read and found sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LOCALES = ("fr", "en")


class Kind(StrEnum):
    """What an `ask` step waits for; each kind has a parser, except files."""

    AMOUNT = "amount"
    DATE = "date"
    PAST_DATE = "past_date"  # today or before
    NUMBER = "number"
    TEXT = "text"
    NOTE = "note"
    MESSAGE = "message"
    NAME = "name"
    REFERENCE = "reference"
    PHOTO = "photo"
    PROOF = "proof"  # a photo or a voice note


class Comparison(StrEnum):
    """The four tests that a script may make; there is no fifth and no expression."""

    IS = "is"
    IS_NOT = "is_not"
    ABOVE = "above"
    MISSING = "missing"


class Outcome(StrEnum):
    """How a conversation may end; the words for people are in `words.toml`."""

    PROMISE = "promise"
    PARTIAL_PROMISE = "partial_promise"
    NO_COMMITMENT = "no_commitment"
    DISPUTE = "dispute"
    CALL_BACK = "call_back"
    RESENT = "resent"
    PAYMENT_ANNOUNCED = "payment_announced"
    CORRECTION_REQUESTED = "correction_requested"
    PLAN_REQUESTED = "plan_requested"
    ESCALATED = "escalated"
    REFUSED = "refused"
    INSOLVENCY = "insolvency"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    WRONG_PERSON = "wrong_person"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    DISMISSED = "dismissed"
    SNOOZED = "snoozed"
    SENT = "sent"
    VISITED = "visited"
    DECIDED = "decided"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on one named value; a missing value is never `is` nor `above` anything."""

    value: str
    comparison: Comparison
    other: object


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in every locale, with the names it fills in and when it may be said."""

    words: Mapping[str, str]
    names: tuple[str, ...] = ()
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """Where to go next, and on which condition."""

    to: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A button that the script itself writes."""

    key: str
    label: Text
    then: tuple[Branch, ...]
    when: Condition | None = None
    value: object = None
    value_from: str | None = None
    records: bool = True
    sets: Mapping[str, object] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    tone: str = ""


@dataclass(frozen=True, slots=True)
class EffectPlan:
    """An effect to come: literal arguments, and arguments taken from answers or facts."""

    name: str
    literals: Mapping[str, object]
    references: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Keep:
    """Copy answers given one by one into one more line of a list."""

    into: str
    take: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of the conversation: a stop that waits, a pass that goes on, or an end."""

    id: str
    phase: str = ""
    say: tuple[Text, ...] = ()
    ask: Kind | None = None
    choices: tuple[Choice, ...] = ()
    options: str | None = None
    option_label: Text | None = None
    into: str | None = None
    many: bool = False
    optional: bool = False
    then: tuple[Branch, ...] = ()
    find_in: tuple[str, ...] = ()
    sets: Mapping[str, object] = field(default_factory=dict)
    keep: Keep | None = None
    forget: tuple[str, ...] = ()
    effects: tuple[EffectPlan, ...] = ()
    outcome: Outcome | None = None

    @property
    def stops(self) -> bool:
        """Tell whether the step waits for the person."""
        return bool(self.ask or self.choices or self.options)


@dataclass(frozen=True, slots=True)
class Script:
    """A whole conversation; `digest` changes whenever its content does."""

    id: str
    title: Text
    start: str
    steps: Mapping[str, Step]
    digest: str
    takes: tuple[str, ...] = ()
