"""Days gone by as people type them: when a letter left, never when money is to come."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.scripts.typed_date_words import WEEKDAYS, alternatives, uniform
from bot.scripts.typed_dates import LONGEST, DateRefusal, read_date, said_day

YESTERDAY = re.compile(r"\b(?:hier|yesterday)\b", re.IGNORECASE)
DAY_BEFORE = re.compile(r"\b(?:avant.hier|day before yesterday)\b", re.IGNORECASE)
WEEKDAY = re.compile(rf"(?:last )?(?P<day>{alternatives(WEEKDAYS)})(?: (?:dernier|passe|last))?")
YEAR = re.compile(r"\d{4}|[/.-]\d{1,2}[/.-]\d{2}$")
WEEK = 7


def read_past_date(text: str, today: date, locale_hint: str = "fr") -> date | DateRefusal:
    """Return the day meant, today or before, or why there is none; without a year, the last one."""
    if len(text) > LONGEST:
        return DateRefusal.NOT_A_DATE
    if DAY_BEFORE.search(text):
        return today - timedelta(days=2)
    if YESTERDAY.search(text):
        return today - timedelta(days=1)
    if weekday := WEEKDAY.fullmatch(uniform(text)):
        since = (today.weekday() - WEEKDAYS[weekday["day"]]) % WEEK
        return today - timedelta(days=since or WEEK)
    found = said_day(text, today, locale_hint)
    if found is None:
        refused = read_date(text, today, locale_hint)
        return refused if isinstance(refused, DateRefusal) else DateRefusal.NOT_A_DATE
    return _gone(found, today, yearless=YEAR.search(text.strip()) is None)


def _gone(found: date, today: date, *, yearless: bool) -> date | DateRefusal:
    if found > today and yearless and (found.month, found.day) != (2, 29):
        found = found.replace(year=found.year - 1)
    return found if found <= today else DateRefusal.TO_COME
