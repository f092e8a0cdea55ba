"""Records of the BODACC's open data as notices: whom they speak of, what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from credit.bodacc import Notice, NoticeKind, Procedure, Revision
from storage.sync.reading.outside import day_of, text_of, vocabulary
from storage.sync.reading.texts import fold

_DIGITS: Final = re.compile(r"\d")
_SIREN: Final = 9
_PAPER: Final = re.compile(r"\b([abc])\b")


def notice_of(record: Mapping[str, Any]) -> tuple[Notice, str] | None:
    """Read a record into a notice with its own words; None when it has no number or no day.

    A notice of a person without SIREN has an empty one: it matches nobody.
    """
    published = day_of(record.get("dateparution"))
    key = _id(record)
    if published is None or not key:
        return None
    said = _said(record)
    words = fold(said)
    moved = words + " " + fold(" ".join(_texts(record.get("listeetablissements"))))
    notice = Notice(
        id=key,
        siren=next(iter(sirens_of(record)), ""),
        kind=NoticeKind(_kind(fold(str(record.get("familleavis") or "")), words)),
        published_on=published,
        procedure=_procedure(words),
        revision=_revision(record),
        corrects=_corrects(record),
        closed_on=_closed_on(record),
        domiciliation=any(one in moved for one in vocabulary()["domiciliation"]["find"]),
    )
    return notice, said[:300]


def sirens_of(record: Mapping[str, Any]) -> list[str]:
    """Return the SIRENs that a record names as its subject, each once, never by name."""
    registre = text_of(record.get("registre"))
    texts = registre if isinstance(registre, list) else str(registre or "").split(",")
    texts = [*texts, *_identifications(text_of(record.get("listepersonnes")))]
    found: dict[str, None] = {}
    for text in texts:
        digits = "".join(_DIGITS.findall(str(text)))
        if len(digits) == _SIREN:
            found[digits] = None
    return list(found)


def _identifications(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if fold(str(key)) == "numeroidentification":
                yield str(inner)
            elif isinstance(inner, Mapping | list):
                yield from _identifications(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _identifications(inner)


def _id(record: Mapping[str, Any]) -> str:
    if record.get("id"):
        return str(record["id"])[:40]
    return _number(
        record.get("publicationavis"), record.get("parution"), record.get("numeroannonce")
    )


def _number(paper: object, issue: object, notice: object) -> str:
    letter = _PAPER.search(fold(str(paper or "")))
    if letter is None or not issue or not notice:
        return ""
    return f"{letter[1].upper()}{issue}{notice}"[:40]


def _corrects(record: Mapping[str, Any]) -> str:
    earlier = text_of(record.get("parutionavisprecedent"))
    if not isinstance(earlier, Mapping):
        return ""
    return _number(
        earlier.get("nomPublication"), earlier.get("numeroParution"), earlier.get("numeroAnnonce")
    )


def _revision(record: Mapping[str, Any]) -> Revision:
    words = fold(f"{record.get('typeavis') or ''} {record.get('typeavis_lib') or ''}")
    for revision, patterns in vocabulary()["revisions"].items():
        if any(pattern in words for pattern in patterns):
            return Revision(revision)
    return Revision.FIRST


def _said(record: Mapping[str, Any]) -> str:
    """Return what a notice publishes: its judgment, its changes, its deeds."""
    judgment = text_of(record.get("jugement"))
    parts: list[str] = []
    if isinstance(judgment, Mapping):
        parts += [str(judgment.get(name) or "") for name in ("famille", "nature")]
    for name in ("modificationsgenerales", "acte", "divers"):
        parts += _texts(record.get(name))
    return " · ".join(part for part in parts if part)


def _texts(value: object) -> list[str]:
    value = text_of(value)
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []


def _kind(family: str, words: str) -> str:
    for rule in vocabulary()["bodacc"]:
        of_family = family in rule["family"] if "family" in rule else "collective" in family
        if of_family and any(pattern in words for pattern in rule["find"]):
            return str(rule["kind"])
    return NoticeKind.OTHER.value


def _procedure(words: str) -> Procedure | None:
    for procedure, patterns in vocabulary()["procedures"].items():
        if any(pattern in words for pattern in patterns):
            return Procedure(procedure)
    return None


def _closed_on(record: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a day or None
    deposit = text_of(record.get("depot"))
    return day_of(deposit.get("dateCloture")) if isinstance(deposit, Mapping) else None
