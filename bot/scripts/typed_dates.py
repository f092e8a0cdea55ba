"""Dates as people type them in French and English, read against the day of typing."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from bot.scripts.typed_date_grammar import AMERICAN, GRAMMAR, SAID_WEEKDAY
from bot.scripts.typed_date_meanings import Meaning, day_month, iso, month_of, numeric
from bot.scripts.typed_date_words import WEEKDAYS, uniform

DATED = tuple(pattern for pattern, meaning in GRAMMAR if meaning in {numeric, day_month, iso})
MONTHS_OF_A_YEAR = 12
TODAY = frozenset({"aujourd hui", "today"})
LAST_DAYS = range(29, 32)
LONGEST = 60
"""Characters read: no date is longer, and no pattern ever meets a long text."""


class DateRefusal(StrEnum):
    """Why a typed text is not taken as a date."""

    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"
    PAST = "past"
    TO_COME = "to_come"
    WEEKDAY_MISMATCH = "weekday_mismatch"


def read_date(text: str, today: date, locale_hint: str = "fr") -> date | DateRefusal:
    """Return the day meant, today or later, or why there is none; `today` is when it was typed.

    The hint decides what both languages claim: "mar" and "12/25".
    """
    if len(text) > LONGEST:
        return DateRefusal.NOT_A_DATE
    english = locale_hint.startswith("en")
    words = uniform(text)
    if english:
        words = re.sub(r"\bmar\b", "march", words)
    try:
        return _read(words, today, english=english)
    except (OverflowError, ValueError):  # a year that the calendar does not have
        return DateRefusal.NOT_A_DATE


def said_day(text: str, today: date, locale_hint: str = "fr") -> date | None:
    """Return the day that a date of day and month names, gone by or not; None for other words."""
    words = uniform(text)
    found = (matched(pattern, meaning, words, today) for pattern, meaning in _dated(locale_hint))
    return next((one for one in found if one), today if words in TODAY else None)


def _dated(locale_hint: str) -> list[tuple[re.Pattern[str], Meaning]]:
    dated = [(pattern, meaning) for pattern, meaning in GRAMMAR if pattern in DATED]
    return [*dated, (AMERICAN, numeric)] if locale_hint.startswith("en") else dated


def _read(words: str, today: date, *, english: bool) -> date | DateRefusal:
    found = _by_grammar(words, today)
    if found is None and english:
        found = matched(AMERICAN, numeric, words, today)
    if found is None:
        return _after_weekday(words, today, english=english)
    return found if found >= today else DateRefusal.PAST


def _by_grammar(words: str, today: date) -> date | None:
    matches = (matched(pattern, meaning, words, today) for pattern, meaning in GRAMMAR)
    return next((found for found in matches if found), None)


def matched(pattern: re.Pattern[str], meaning: Meaning, words: str, today: date) -> date | None:
    """Return the day that a pattern finds in a uniform text, None when it does not take it."""
    match = pattern.fullmatch(words)
    if match is None:
        return None
    # A group that may stand in two places has a second name ending in 2.
    groups = {name.rstrip("2"): text for name, text in match.groupdict().items() if text}
    return meaning(groups, today)


def _is_beyond_month(words: str) -> bool:
    """Tell whether this is a day that its month lacks: 31/11, 30 février."""
    found = [match.groupdict() for dated in DATED if (match := dated.fullmatch(words))]
    return any(
        1 <= month_of(one["month"]) <= MONTHS_OF_A_YEAR and int(one["day"]) in LAST_DAYS
        for one in found
        if one["day"].isdigit()
    )


def _after_weekday(words: str, today: date, *, english: bool) -> date | DateRefusal:
    said = SAID_WEEKDAY.fullmatch(words)
    if said is None:
        return DateRefusal.NO_SUCH_DAY if _is_beyond_month(words) else DateRefusal.NOT_A_DATE
    rest = said["rest"]
    # "lundi 30": after a weekday, a bare number is a day of the month.
    found = _read(f"le {rest}" if rest.isdigit() else rest, today, english=english)
    if isinstance(found, date) and found.weekday() != WEEKDAYS[said["weekday"]]:
        return DateRefusal.WEEKDAY_MISMATCH
    return found
