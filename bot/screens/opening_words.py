"""Account files in words: why an answer is refused, what the checks say, answers as shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.screens import formats
from bot.screens.render import N_, Speaker
from bot.use_cases.opening_answers import money_of
from credit.account_opening import Kind
from storage import openings

if TYPE_CHECKING:
    from bot.use_cases.opening_checks import Check
    from bot.use_cases.openings import Opening
    from bot.use_cases.refusals import Refused
    from credit.account_opening import Point

NAME: Final = 40
HOURS: Final = 48
STATES: Final = {
    openings.DRAFT: N_("being filled in"),
    openings.SENT: N_("waiting for a decision"),
    openings.ACCEPTED: N_("account opened"),
    openings.REFUSED: N_("account refused"),
    openings.DROPPED: N_("given up"),
}
MARKS: Final = {
    openings.DRAFT: "✏️",
    openings.SENT: "⏳",
    openings.ACCEPTED: "✅",
    openings.REFUSED: "⛔",
    openings.DROPPED: "▫️",
}
REFUSALS: Final[Mapping[str, str]] = {
    "photo_wanted": N_("Send a picture, or press Later."),
    "empty": N_("I need a few words."),
    "too_long": N_("That is too long: 200 characters at most."),
    "digits": N_("Only digits here, spaces do not matter."),
    "siren_length": N_("A SIREN has 9 digits; I read {n}."),
    "siren_key": N_("This SIREN does not exist: its check digit is wrong. Read it again."),
    "siret_length": N_("A SIRET has 14 digits; I read {n}."),
    "siret_key": N_("This SIRET does not exist: its check digit is wrong. Read it again."),
    "siret_other": N_("This SIRET is of another company: its first 9 digits are not {siren}."),
    "vat_key": N_("This is no valid VAT number: country, then key and digits, as FR44732829320."),
    "vat_other": N_("This VAT number is of another company: it does not end in {siren}."),
    "iban_key": N_("This IBAN is wrong: its key does not fit. Read it again, letter by letter."),
    "amount": N_("I need an amount above zero: 1500 or 1 500,50."),
    "day": N_("I need a date such as 15/10/2026."),
    "day_future": N_("That date is still to come."),
    "option": N_("Choose one of the buttons."),
    "nameless": N_("Give the legal name first: a file without a name cannot be sent."),
}
CHECKS: Final[Mapping[tuple[str, bool], str]] = {
    ("siren", True): N_("SIREN: right key"),
    ("siret", True): N_("SIRET of this company"),
    ("siret", False): N_("SIRET of another company"),
    ("vat", True): N_("VAT number of this company"),
    ("vat", False): N_("VAT number of another company: {expected} is expected"),
    ("iban", True): N_("IBAN: right key"),
    ("iban", False): N_("IBAN of another country ({country}): call back on a known number"),
    ("holder", True): N_("Account holder = legal name"),
    ("holder", False): N_("Account holder “{holder}” is not the legal name"),
    ("age", True): N_("{label}: {days} days old"),
    ("age", False): N_("{label}: too old, {days} days"),
}
DUPLICATES: Final[Mapping[tuple[str, bool], str]] = {
    ("customer", True): N_("Already a customer: {name}. No file is needed."),
    ("customer", False): N_(
        "Already a customer, of a colleague's portfolio. Ask your credit manager."
    ),
    ("twin", True): N_("Another file has this SIREN: {name}. Go on with that one."),
    ("twin", False): N_("A colleague has a file with this SIREN. Ask your credit manager."),
}
GROUPS: Final[Mapping[Kind, tuple[int, ...]]] = {
    Kind.SIREN: (3, 3, 3),
    Kind.SIRET: (3, 3, 3, 5),
    Kind.VAT: (4, 3, 3, 3),
}


def refusal(speaker: Speaker, refused: Refused) -> str:
    """Say why an answer is not kept, and what to do."""
    code, data = getattr(refused, "code", ""), dict(getattr(refused, "data", {}))
    if "name" in data:
        name = str(data["name"])
        return speaker.say(DUPLICATES[code, bool(name)], name=formats.name(name, NAME))
    return speaker.say(REFUSALS.get(code, "This is not possible."), **data)


def check(speaker: Speaker, found: Check) -> str:
    """Say what a check found."""
    values: dict[str, Any] = dict(found.data)
    if "label" in values:
        values["label"] = values["label"][speaker.locale]
    if "holder" in values:
        values["holder"] = formats.name(values["holder"], NAME)
    return speaker.say(CHECKS[found.code, found.good], **values)


def shown(speaker: Speaker, found: Opening, point: Point) -> str:
    """Write the answer to a point for a reader; "" when there is none."""
    value = found.answers.get(point.code)
    if value is None:
        return ""
    if "none" in value:
        return speaker.say("not applicable")
    write = next(writer for key, writer in WRITERS if key in value)
    return write(speaker, found, point)


def _option(speaker: Speaker, found: Opening, point: Point) -> str:
    chosen = found.answers[point.code]["option"]
    known = {one.code: one.label[speaker.locale] for one in found.checklist.options_of(point)}
    return known.get(chosen, str(chosen))


def _amount(speaker: Speaker, found: Opening, point: Point) -> str:
    amount = money_of(found.answers, point.code)
    return formats.round_money(amount, speaker.locale) if amount is not None else ""


def _day(speaker: Speaker, found: Opening, point: Point) -> str:
    day = date.fromisoformat(found.answers[point.code]["day"])
    return formats.day(day, speaker.locale)


def _photos(speaker: Speaker, found: Opening, point: Point) -> str:
    count = len(found.answers[point.code]["photos"])
    return speaker.count("{n} picture", "{n} pictures", count)


def _text(_speaker: Speaker, found: Opening, point: Point) -> str:
    return grouped(str(found.answers[point.code]["text"]), point.kind)


WRITERS: Final[tuple[tuple[str, Callable[[Speaker, Opening, Point], str]], ...]] = (
    ("option", _option),
    ("amount", _amount),
    ("day", _day),
    ("photos", _photos),
    ("text", _text),
)


def grouped(text: str, kind: Kind) -> str:
    """Write a number in the groups that people read it in."""
    if kind is Kind.IBAN:
        return " ".join(re.findall(".{1,4}", text))
    sizes = GROUPS.get(kind, ())
    if sum(sizes) != len(text):
        return text
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    parts = (text[end - size : end] for end, size in zip(ends, sizes, strict=True))
    return "\N{NO-BREAK SPACE}".join(parts)


def span(speaker: Speaker, waited: timedelta) -> str:
    """Say how long somebody has waited: minutes, hours, then days."""
    minutes = max(0, int(waited.total_seconds())) // 60
    if minutes < 60:  # noqa: PLR2004 - an hour
        return speaker.count("{n} minute", "{n} minutes", minutes)
    hours = minutes // 60
    if hours < HOURS:
        return speaker.count("{n} hour", "{n} hours", hours)
    return speaker.count("{n} day", "{n} days", hours // 24)
