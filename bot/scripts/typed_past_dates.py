"""Days gone by as people type them: when a letter left, never when money is to come."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from bot.scripts import typed_date_meanings as mean
from bot.scripts.typed_date_grammar import BEFORE, DAY, GONE_BY, SAID_WEEKDAY, WEEK
from bot.scripts.typed_date_words import WEEKDAYS, alternatives, uniform
from bot.scripts.typed_dates import LONGEST, DateRefusal, matched, read_date, said_day
from credit.terms import add_months

YESTERDAY = re.compile(r"\b(?:hier|yesterday)\b", re.IGNORECASE)
DAY_BEFORE = re.compile(r"\b(?:avant.hier|day before yesterday)\b", re.IGNORECASE)
GONE = rf"(?:derni(?:er|ere)|last|{GONE_BY})"
WEEKDAY = re.compile(rf"(?:last )?(?P<day>{alternatives(WEEKDAYS)})(?: {GONE})?")
LAST_WEEK = re.compile(
    rf"(?P<day>{alternatives(WEEKDAYS)}) (?:{WEEK} {GONE}|last week)"
    rf"|last week (?P<day2>{alternatives(WEEKDAYS)})"
)
LAST_MONTH = re.compile(rf"{DAY} (?:mois {GONE}|last month)")
ALONE = re.compile(DAY)
SAID_GONE = re.compile(rf"(?P<rest>.*\d.*) {GONE}")
TODAY: Final = frozenset({"matin", "auj", "ajd", "jour", "maintenant", "now", "morning"})
YEAR = re.compile(r"\d{4}|[/.-]\d{1,2}[/.-]\d{2}$")
WEEK_DAYS = 7


def read_past_date(text: str, today: date, locale_hint: str = "fr") -> date | DateRefusal:
    """Return the day meant, today or before, or why there is none; without a year, the last one."""
    if len(text) > LONGEST:
        return DateRefusal.NOT_A_DATE
    if DAY_BEFORE.search(text):
        return today - timedelta(days=2)
    if YESTERDAY.search(text):
        return today - timedelta(days=1)
    words = uniform(text)
    try:
        found = _told(words, today)
    except (OverflowError, ValueError):  # before the calendar begins
        return DateRefusal.NOT_A_DATE
    return _dated(words, text, today, locale_hint) if found is None else found


def _told(words: str, today: date) -> date | None:
    """Return the day that words tell without a month: by its weekday, by how long ago it was."""
    if words in TODAY:
        return today
    if weekday := WEEKDAY.fullmatch(words):
        since = (today.weekday() - WEEKDAYS[weekday["day"]]) % WEEK_DAYS
        return today - timedelta(days=since or WEEK_DAYS)
    if weekday := LAST_WEEK.fullmatch(words):
        return mean.weekday_of_week(today, WEEKDAYS[weekday["day"] or weekday["day2"]], -1)
    ago = (matched(pattern, mean.before, words, today) for pattern in BEFORE)
    return next((found for found in ago if found), None) or _day_of_month(words, today)


def _day_of_month(words: str, today: date) -> date | None:
    """Return "le 5", the last one, and "le 12 du mois dernier"."""
    last, alone = LAST_MONTH.fullmatch(words), ALONE.fullmatch(words)
    match = last or alone
    if match is None:
        return None
    day = mean.number(match["day"])
    firsts = [add_months(today.replace(day=1), -months) for months in range(1 if last else 0, 3)]
    days = [mean.day_of(first.year, first.month, day) for first in firsts]
    return days[0] if last else next((one for one in days if one and one <= today), None)


def _dated(words: str, text: str, today: date, locale_hint: str) -> date | DateRefusal:
    """Read a day and its month, with a weekday before it and "dernier" behind it."""
    gone = SAID_GONE.fullmatch(words)
    words = gone["rest"] if gone else words
    weekday = SAID_WEEKDAY.fullmatch(words)
    plain = weekday["rest"] if weekday else words
    found = said_day(plain, today, locale_hint)
    if found is None:
        refused = read_date(text, today, locale_hint)
        known = refused is DateRefusal.NO_SUCH_DAY
        return DateRefusal.NO_SUCH_DAY if known else DateRefusal.NOT_A_DATE
    day = _gone(found, today, yearless=YEAR.search(plain) is None)
    if weekday and isinstance(day, date) and day.weekday() != WEEKDAYS[weekday["weekday"]]:
        return DateRefusal.WEEKDAY_MISMATCH
    return day


def _gone(found: date, today: date, *, yearless: bool) -> date | DateRefusal:
    if found > today and yearless and (found.month, found.day) != (2, 29):
        found = found.replace(year=found.year - 1)
    return found if found <= today else DateRefusal.TO_COME
