"""What reps see on visits: kept with their remark, photos and voice notes, checked, undone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from bot.use_cases import effects
from bot.use_cases.effects import OBSERVATION, carries_out
from bot.use_cases.refusals import ForbiddenWords, Outdated, ReasonMissing, VoiceTooLong
from storage import observations
from storage.customers import fold
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.effects import Scene
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.work import Work

NOTE_LIMIT = 200
"""Characters of a remark (handbook 11.2)."""
SOURCE_LIMIT = 120
FILE_LIMIT = 10
VOICE_BYTES_A_SECOND = 16_000
"""Five times what Telegram's own recordings weigh: more is no speech."""


def observe(  # noqa: PLR0913 - all of one observation
    work: Work,
    origin: Origin,
    person: Person,
    customer_id: int,
    code: str,
    rules: Rules,
    *,
    source: str = "",
    conversation_id: int | None = None,
    key: str = "",
) -> int:
    """Keep something seen or heard, and return its id; `key` tells two of one tap apart.

    Raise `Outdated` for a code that is switched off, `ReasonMissing` for a rumour without
    its source, `ForbiddenWords` when the source says what may not be written.
    """
    field = rules.policy.signals.field
    if code not in field.codes or code in field.disabled:
        raise Outdated
    told = source.strip()[:SOURCE_LIMIT]
    if code in field.source_required and not told:
        raise ReasonMissing
    check(told)
    values = {
        "uid": origin.uid(f"observation:{code}:{key}"),
        "customer_id": customer_id,
        "person_id": person.id,
        "conversation_id": conversation_id,
        "code": code,
        "at": origin.at.at,
        "on": origin.at.today,
        "source": told or None,
        "note": None,
        "files": [],
        "withdrawn_at": None,
    }
    observation_id = observations.add(work, values)
    data = {"uid": values["uid"], "code": code}
    record(work, origin, "observation.recorded", data, customer_id)
    return observation_id


def describe(
    work: Work, observation_id: int, text: str, files: Sequence[Mapping[str, Any]]
) -> None:
    """Add a remark and files to an observation; raise `ForbiddenWords`, which keeps the rest."""
    row = observations.by_id(work, observation_id)
    if row is None:
        raise Outdated
    check(text)
    note = " · ".join(part for part in (row.note, text.strip()) if part)[:NOTE_LIMIT]
    kept = [*row.files, *files][:FILE_LIMIT]
    observations.describe(work, observation_id, note or None, kept)


def take_back(work: Work, origin: Origin, observation_id: int) -> bool:
    """Take an observation back; False when it was taken back already."""
    row = observations.by_id(work, observation_id)
    if row is None or not observations.withdraw(work, observation_id, origin.at.at):
        return False
    data = {"uid": row.uid, "code": row.code}
    record(work, origin, "observation.withdrawn", data, row.customer_id)
    return True


def check(text: str) -> None:
    """Raise `ForbiddenWords` when a text says what may not be written of a person."""
    words = fold(text).split()
    for topic, patterns in _forbidden().items():
        for pattern in patterns:
            found = _found(pattern, words)
            if found:
                raise ForbiddenWords(topic, found)


@cache
def _forbidden() -> dict[str, tuple[str, ...]]:
    file = resources.files(__package__).joinpath("forbidden_words.toml")
    topics = tomllib.loads(file.read_text(encoding="utf-8"))["topics"]
    return {topic: tuple(patterns) for topic, patterns in topics.items()}


def _found(pattern: str, words: list[str]) -> str:
    wanted = pattern.split()
    for start in range(len(words) - len(wanted) + 1):
        run = words[start : start + len(wanted)]
        if all(_is(one, word) for one, word in zip(wanted, run, strict=True)):
            return " ".join(run)
    return ""


def _is(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


@carries_out("observation")
def observation(scene: Scene, arguments: effects.Arguments) -> None:
    """Keep what the visit's script names."""
    key = f"{scene.conversation_id}:{len(scene.made)}"
    observation_id = observe(
        scene.work,
        scene.origin,
        scene.person,
        scene.customer,
        str(arguments["code"]),
        scene.rules,
        source=str(arguments.get("source") or ""),
        conversation_id=scene.conversation_id,
        key=key,
    )
    scene.keep(OBSERVATION, observation_id)


@carries_out("observation_detail")
def observation_detail(scene: Scene, arguments: effects.Arguments) -> None:
    """Add a remark, a photo or a voice note to what was seen last."""
    last = scene.last(OBSERVATION)
    if last is None:
        raise Outdated
    proof = arguments.get("proof")
    files = [_file(proof, scene.rules)] if isinstance(proof, Mapping) else []
    describe(scene.work, last, str(arguments.get("text") or ""), files)


def _file(proof: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """Keep Telegram's identifiers, and a voice note's length; raise `VoiceTooLong`."""
    ids = {"file_id": str(proof["file_id"]), "unique_id": str(proof["unique_id"])}
    if "seconds" not in proof:
        return ids
    seconds, most = int(proof["seconds"]), rules.policy.signals.field.voice_seconds
    if seconds > most or int(proof["size"]) > most * VOICE_BYTES_A_SECOND:
        raise VoiceTooLong(most)
    return {**ids, "seconds": seconds}
