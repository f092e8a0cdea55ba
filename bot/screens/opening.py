"""Files of accounts to be opened: the list, one file, one block, and the decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.screens import conversation, formats, opening_list
from bot.screens import opening_words as words
from bot.screens.account import OpenAccount
from bot.screens.conversation import laid_out
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from credit.account_opening import FIRST, TERMS, Kind
from credit.money import Money
from storage import openings

if TYPE_CHECKING:
    from bot.use_cases.openings import Opening
    from credit.account_opening import Named, Point, Standing

BAR: Final = 10
NAME: Final = 26
POINT: Final = 34
LISTED: Final = 4
ACCEPT, MORE, REFUSE, CODE = "accept", "more", "refuse", "code"


@verb("ea")
@dataclass(frozen=True, slots=True)
class ListOpenings(Tap):
    """Show the files that the person may see."""


@verb("eb")
@dataclass(frozen=True, slots=True)
class NewOpening(Tap):
    """Begin an empty file of this person's own."""

    person: int


@verb("ec")
@dataclass(frozen=True, slots=True)
class ShowOpening(Tap):
    """Show a file as it stands."""

    opening: int


@verb("ed")
@dataclass(frozen=True, slots=True)
class ShowBlock(Tap):
    """Show what a block of a file holds."""

    opening: int
    block: str


@verb("ee")
@dataclass(frozen=True, slots=True)
class FillOpening(Tap):
    """Ask for what is missing in a block, or for what comes first."""

    opening: int
    block: str


@verb("ef")
@dataclass(frozen=True, slots=True)
class AnswerPoint(Tap):
    """Ask for one point, answered before or not."""

    opening: int
    point: str


@verb("eg")
@dataclass(frozen=True, slots=True)
class ShowPictures(Tap):
    """Show the pictures that answer a point."""

    opening: int
    point: str


@verb("eh")
@dataclass(frozen=True, slots=True)
class SendOpening(Tap):
    """Send a file to the credit manager."""

    opening: int


@verb("ei")
@dataclass(frozen=True, slots=True)
class DropOpening(Tap):
    """Give a file up, once that was asked about."""

    opening: int
    sure: int


@verb("ej")
@dataclass(frozen=True, slots=True)
class DecideOpening(Tap):
    """Accept, ask for more, refuse, or name the account: the form asks for the rest."""

    opening: int
    decision: str


def listing(speaker: Speaker, found: Sequence[Opening], person_id: int) -> Screen:
    """List the files, and offer a new one."""
    rows = [
        (Button(f"{words.MARKS[one.state]} {_listed(speaker, one)}", ShowOpening(one.id)),)
        for one in found
    ]
    new = Button(speaker.say("➕ New file"), NewOpening(person_id), style="primary")
    text = speaker.page("opening/list.html", count=len(found))
    sheet = ((opening_list.key(speaker),),) if found else ()
    return Screen(text, (*rows, (new,), *sheet))


def _listed(speaker: Speaker, found: Opening) -> str:
    name = formats.name(found.row.name, NAME) or speaker.say("without a name")
    if found.state == openings.DRAFT:
        left = speaker.count("{n} missing", "{n} missing", len(found.lacking))
        return f"{name} · {left}"
    if found.state == openings.SENT and found.waited is not None:
        return f"{name} · {words.span(speaker, found.waited)}"
    return name


def file(speaker: Speaker, found: Opening, *, deciding: bool, account: int | None) -> Screen:
    """Show a file: where it stands, what is missing, what the checks say, what to press.

    `deciding`: the reader is one of those who decide. `account` is the customer that it
    became, when the reader may see it.
    """
    rows = _to_decide(speaker, found) if deciding else ()
    text = speaker.page(
        "opening/file.html",
        **_facts(speaker, found),
        checks=_checks(speaker, found, whole=deciding),
        attached=account is not None,
        author=found.row.author,
        deciding=deciding,
    )
    return Screen(text, (*rows, *_to_fill(speaker, found), *_going(speaker, found, account)))


def _facts(speaker: Speaker, found: Opening) -> dict[str, Any]:
    """Gather what the screens of a file and the news about it say."""
    points = found.checklist.points
    done = sum(point.code in found.answers for point in points)
    first = [one for one in found.checklist.scope(FIRST) if one.code not in found.answers]
    return {
        "mark": words.MARKS[found.state],
        "name": found.row.name,
        "siren": words.grouped(found.row.siren or "", Kind.SIREN),
        "state": speaker.say(words.STATES[found.state]),
        "bar": "▰" * (done * BAR // len(points)) + "▱" * (BAR - done * BAR // len(points)),
        "done": done,
        "total": len(points),
        "first": _labels(speaker, first),
        "lacking": len(found.lacking),
        "over": found.state in {openings.REFUSED, openings.DROPPED},
        "waited": words.span(speaker, found.waited) if _waits(found) and found.waited else "",
        "late": _late(found),
        "note": found.row.note or "",
        "decider": found.row.decider or "",
        "wanted": found.wanted,
        "terms": _label(speaker, found.checklist.terms, found.answers.get(TERMS, {}).get("option")),
        "grant": _grant(speaker, found) if found.state == openings.ACCEPTED else None,
        "unverified": not found.checklist.verified,
    }


def _waits(found: Opening) -> bool:
    return found.state == openings.SENT


def _late(found: Opening) -> bool:
    target = timedelta(hours=found.checklist.decision_hours)
    return _waits(found) and found.waited is not None and found.waited > target


def _labels(speaker: Speaker, points: Iterable[Point]) -> str:
    labels = [point.label[speaker.locale] for point in points]
    more = f" +{len(labels) - LISTED}" if len(labels) > LISTED else ""
    return ", ".join(labels[:LISTED]) + more


def _grant(speaker: Speaker, found: Opening) -> dict[str, Any]:
    row, checklist = found.row, found.checklist
    limit = None if row.limit_minor is None else Money.from_minor(row.limit_minor, row.currency)
    return {
        "risk_class": row.risk_class,
        "limit": limit,
        "until": row.valid_until,
        "terms": _label(speaker, checklist.terms, row.terms),
        "first": _label(speaker, checklist.first_orders, row.first_order),
        "guarantees": [
            _label(speaker, checklist.guarantees, code) for code in row.guarantees or ()
        ],
    }


def _label(speaker: Speaker, known: Iterable[Any], code: str | None) -> str:
    return next((one.label[speaker.locale] for one in known if one.code == code), code or "")


def _checks(speaker: Speaker, found: Opening, *, whole: bool) -> list[str]:
    return [
        f"{'✅' if one.good else '⚠️'} {words.check(speaker, one)}"
        for one in found.checks
        if whole or not one.good
    ]


def _to_decide(speaker: Speaker, found: Opening) -> tuple[tuple[Button, ...], ...]:
    key = found.id
    if found.state == openings.ACCEPTED and found.account is None:
        label = speaker.say("🔗 Code in the ledger")
        return ((Button(label, DecideOpening(key, CODE)),),)
    if not _waits(found):
        return ()
    return (
        (Button(speaker.say("✅ Accept"), DecideOpening(key, ACCEPT), style="success"),),
        (
            Button(speaker.say("❓ Ask for more"), DecideOpening(key, MORE)),
            Button(speaker.say("⛔ Refuse"), DecideOpening(key, REFUSE), style="danger"),
        ),
    )


def _to_fill(speaker: Speaker, found: Opening) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    first = [one for one in found.checklist.scope(FIRST) if one.code not in found.answers]
    if found.editable and first:
        label = speaker.say("▶️ What comes first ({n})", n=len(first))
        rows.append((Button(label, FillOpening(found.id, FIRST), style="primary"),))
    blocks = [
        Button(
            f"{block.label[speaker.locale]} {_score(found, block)}", ShowBlock(found.id, block.code)
        )
        for block in found.checklist.blocks
    ]
    rows += [tuple(blocks[place : place + 2]) for place in range(0, len(blocks), 2)]
    return tuple(rows)


def _score(found: Opening, block: Named) -> str:
    points = found.checklist.scope(block.code)
    done = sum(point.code in found.answers for point in points)
    return "✓" if done == len(points) else f"{done}/{len(points)}"


def _going(speaker: Speaker, found: Opening, account: int | None) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if found.state == openings.DRAFT:
        rows.append(
            (
                Button(speaker.say("📤 Send"), SendOpening(found.id), style="success"),
                Button(speaker.say("🗑 Give up"), DropOpening(found.id, 0)),
            )
        )
    if account is not None:
        rows.append((Button(speaker.say("Open the account"), OpenAccount(account)),))
    rows.append((Button(speaker.say("‹ Files"), ListOpenings()),))
    return tuple(rows)


def block(speaker: Speaker, found: Opening, named: Named) -> Screen:
    """Show a block: each point with its answer; what may be written can be pressed."""
    points = found.checklist.scope(named.code)
    text = speaker.page(
        "opening/block.html",
        name=found.row.name,
        block=named.label[speaker.locale],
        lines=[
            (point.label[speaker.locale], words.shown(speaker, found, point), point.need.value)
            for point in points
        ],
    )
    missing = [point for point in points if point.code not in found.answers]
    rows: list[tuple[Button, ...]] = []
    if found.editable and missing:
        label = speaker.say("▶️ Go on ({n})", n=len(missing))
        rows.append((Button(label, FillOpening(found.id, named.code), style="primary"),))
    rows += [(one,) for one in _pictures(speaker, found, points)]
    rows += laid_out(_points(speaker, found, points))
    rows.append((Button(speaker.say("‹ The file"), ShowOpening(found.id)),))
    return Screen(text, tuple(rows))


def _pictures(speaker: Speaker, found: Opening, points: Iterable[Point]) -> list[Button]:
    return [
        Button(
            f"🖼 {formats.name(point.label[speaker.locale], POINT)}",
            ShowPictures(found.id, point.code),
        )
        for point in points
        if "photos" in found.answers.get(point.code, {})
    ]


def _points(speaker: Speaker, found: Opening, points: Iterable[Point]) -> list[Button]:
    return [
        Button(
            f"✏️ {formats.name(point.label[speaker.locale], POINT)}",
            AnswerPoint(found.id, point.code),
        )
        for point in points
        if found.may_answer(point)
    ]


def pictures(speaker: Speaker, found: Opening, point: Point) -> tuple[Screen, ...]:
    """Show the pictures of a point, one message each."""
    text = speaker.page(
        "opening/picture.html", name=found.row.name, label=point.label[speaker.locale]
    )
    photos = found.answers.get(point.code, {}).get("photos", ())
    return tuple(Screen(text, photo=one["file_id"]) for one in photos)


def dropping(speaker: Speaker, found: Opening) -> Screen:
    """Ask whether a file is to be given up."""
    rows = (
        (Button(speaker.say("🗑 Yes, give it up"), DropOpening(found.id, 1), style="danger"),),
        (Button(speaker.say("‹ The file"), ShowOpening(found.id)),),
    )
    return Screen(speaker.page("opening/dropping.html", name=found.row.name), rows)


def sent(speaker: Speaker, found: Opening) -> str:
    """Say in a short line that a file has left."""
    if found.lacking:
        return speaker.say("Sent, incomplete: no terms before it is complete.")
    return speaker.say("Sent, complete.")


def held_back(speaker: Speaker, found: Opening, state: Standing) -> tuple[str, ...]:
    """Say in one line why a new account has no terms yet; nothing for one that has."""
    if not state.is_new:
        return ()
    if found.state != openings.ACCEPTED:
        return (speaker.say("🗂 Account file not accepted yet: cash or deposit"),)
    if found.lacking:
        sentence = "🗂 Account file: {n} point missing, no terms yet"
        many = "🗂 Account file: {n} points missing, no terms yet"
        return (speaker.count(sentence, many, len(found.lacking)),)
    if state.first_percent is None:
        return ()
    rule = _label(speaker, found.checklist.first_orders, found.row.first_order)
    return (speaker.say("🗂 First order: {rule}", rule=rule),)


def button(speaker: Speaker, found: Opening) -> Button:
    """Lead from an account to the file it was opened from."""
    return Button(speaker.say("🗂 Account file"), ShowOpening(found.id))


FORMS: Final = ("opening", "opening_accept", "opening_more", "opening_refusal", "opening_code")
conversation.RETURNS.update(dict.fromkeys(FORMS, (N_("‹ The file"), ShowOpening)))
