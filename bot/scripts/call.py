"""The state of one conversation, small enough to be a row, and what one turn of it gives back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.scripts.effects import Effect
from bot.scripts.model import Outcome


class State(StrEnum):
    """active → left → active (taken up again); active → done, which is the end."""

    ACTIVE = "active"
    LEFT = "left"
    DONE = "done"


class Notice(StrEnum):
    """Why the present step is shown again instead of the next one."""

    STALE = "stale"
    NOT_UNDERSTOOD = "not_understood"
    REFUSED = "refused"
    NO_WAY_BACK = "no_way_back"
    RESUMED = "resumed"
    SCRIPT_CHANGED = "script_changed"


@dataclass(frozen=True, slots=True)
class Frame:
    """A step that was left, and how to put the answers back as they were in it."""

    step: str
    changed: Mapping[str, object] = field(default_factory=dict)
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A conversation between two turns; its version rises, so older buttons are stale."""

    script: str
    digest: str
    step: str
    answers: Mapping[str, object] = field(default_factory=dict)
    history: tuple[Frame, ...] = ()
    picked: tuple[object, ...] = ()
    page: int = 0
    version: int = 0
    state: State = State.ACTIVE
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The call after an input, the effects to apply in the same transaction, and any notice."""

    call: Call
    effects: tuple[Effect, ...] = ()
    notice: Notice | None = None
    refusal: str | None = None

    @property
    def stale(self) -> bool:
        """Tell whether an old button was pressed."""
        return self.notice is Notice.STALE

    @property
    def not_understood(self) -> bool:
        """Tell whether the text typed means nothing at this step."""
        return self.notice is Notice.NOT_UNDERSTOOD


def to_json(call: Call) -> str:
    """Write a call as JSON text, for its row."""
    return json.dumps(
        {
            "script": call.script,
            "digest": call.digest,
            "step": call.step,
            "answers": call.answers,
            "history": [[frame.step, frame.changed, frame.added] for frame in call.history],
            "picked": call.picked,
            "page": call.page,
            "version": call.version,
            "state": call.state,
            "outcome": call.outcome,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_json(text: str) -> Call:
    """Read back a call that `to_json` wrote."""
    raw = json.loads(text)
    frames = tuple(Frame(step, changed, tuple(added)) for step, changed, added in raw["history"])
    outcome = Outcome(raw["outcome"]) if raw["outcome"] else None
    return Call(
        script=raw["script"],
        digest=raw["digest"],
        step=raw["step"],
        answers=raw["answers"],
        history=frames,
        picked=tuple(raw["picked"]),
        page=raw["page"],
        version=raw["version"],
        state=State(raw["state"]),
        outcome=outcome,
    )
