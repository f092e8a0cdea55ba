"""What the patterns of the date grammar mean: from the words found to a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.scripts.typed_date_words import MONTHS, NUMBERS, PARTS, SPANS, UNITS, WEEKDAYS
from credit.terms import add_months, month_end

Groups = Mapping[str, str]
Meaning = Callable[[Groups, date], date | None]

FRIDAY = 4
CENTURY = 2000
TWO_DIGITS = 2
HOURS = 24

EARLY_DAY, MID_DAY = 5, 15
"""What "début janvier" and "mi-décembre" mean: the last day that still honours the word."""

ROLL_LIMIT = timedelta(days=300)
"""A day without a year is the next one; further than this it was the one just gone by."""


def next_weekday(today: date, weekday: int) -> date:
    """Return the first such day after today: said on a Friday, "Friday" is in a week."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_of_week(today: date, weekday: int, weeks: int) -> date:
    """Return that day of this calendar week (0), of the next one (1), Monday first."""
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the date, or None when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_of(word: str) -> int:
    """Return the number of a month written in letters or figures."""
    return int(word) if word.isdigit() else MONTHS[word]


def days_later(days: int) -> Meaning:
    """Return the meaning "so many days after today"."""
    return lambda _, today: today + timedelta(days=days)


def weekday(groups: Groups, today: date) -> date:
    """Read "vendredi", "vendredi prochain", "next friday": the nearest one to come."""
    return next_weekday(today, WEEKDAYS[groups["weekday"]])


def weekday_next_week(groups: Groups, today: date) -> date:
    """Read "vendredi de la semaine prochaine"."""
    return weekday_of_week(today, WEEKDAYS[groups["weekday"]], 1)


def weekday_this_week(groups: Groups, today: date) -> date:
    """Read "vendredi de cette semaine", gone by or not."""
    return weekday_of_week(today, WEEKDAYS[groups["weekday"]], 0)


def in_eight(groups: Groups, today: date) -> date:
    """Read "lundi en huit" and "friday week": a week after the coming one."""
    weeks = 2 if groups.get("span") in {"15", "quinze"} else 1
    return weekday(groups, today) + timedelta(weeks=weeks)


def part_of_next_week(groups: Groups, today: date) -> date:
    """Read "début de semaine prochaine"; next week alone means by its Friday."""
    days = {"early": 0, "mid": 2, "late": FRIDAY}
    return weekday_of_week(today, days[_part(groups)], 1)


def this_week(groups: Groups, today: date) -> date:
    """Read "fin de semaine": this Friday, or the next one when the week is over."""
    del groups
    return weekday_of_week(today, FRIDAY, 1 if today.weekday() > FRIDAY else 0)


def this_month(groups: Groups, today: date) -> date:
    """Read "fin de mois", "mi-mois": of this month, or of the next when gone by."""
    first = today.replace(day=1)
    found = _part_of_month(groups, first)
    return found if found >= today else _part_of_month(groups, add_months(first, 1))


def next_month(groups: Groups, today: date) -> date | None:
    """Read "fin du mois prochain", "le 15 du mois prochain"."""
    first = add_months(today.replace(day=1), 1)
    if "day" in groups:
        return day_of(first.year, first.month, number(groups["day"]))
    return _part_of_month(groups, first)


def part_of_named_month(groups: Groups, today: date) -> date | None:
    """Read "fin novembre", "mi-décembre 2026"; a month alone means by its end."""
    month = MONTHS[groups["month"]]
    return _rolled(lambda year: _part_of_month(groups, date(year, month, 1)), groups, today)


def numbered_week(groups: Groups, today: date) -> date | None:
    """Read "semaine 49", "S49": by the Friday of that week of the year."""
    days = {"early": 1, "mid": 3, "late": FRIDAY + 1}
    week, day = int(groups["week"]), days[_part(groups)]
    return _rolled(lambda year: date.fromisocalendar(year, week, day), {}, today)


def year_end(groups: Groups, today: date) -> date:
    """Read "fin d'année"."""
    del groups
    return today.replace(month=12, day=31)


def day_month(groups: Groups, today: date) -> date | None:
    """Read "5 décembre", "December 5th, 2026"."""
    month, day = MONTHS[groups["month"]], number(groups["day"])
    return _rolled(lambda year: day_of(year, month, day), groups, today)


def numeric(groups: Groups, today: date) -> date | None:
    """Read "15/12", "15.12.26"."""
    day, month = int(groups["day"]), int(groups["month"])
    return _rolled(lambda year: day_of(year, month, day), groups, today)


def iso(groups: Groups, today: date) -> date | None:
    """Read "2026-12-15"."""
    del today
    return day_of(int(groups["year"]), int(groups["month"]), int(groups["day"]))


def day_alone(groups: Groups, today: date) -> date | None:
    """Read "le 5": the next 5th, today included."""
    day = number(groups["day"])
    first = today.replace(day=1)
    months = [add_months(first, count) for count in range(3)]
    found = [day_of(month.year, month.month, day) for month in months]
    return next((one for one in found if one and one >= today), None)


def day_this_month(groups: Groups, today: date) -> date | None:
    """Read "le 15 courant", gone by or not."""
    return day_of(today.year, today.month, number(groups["day"]))


def after(groups: Groups, today: date) -> date:
    """Read "dans 10 jours", "2 semaines", "un mois", "j+10", "48h"."""
    many, unit = number(groups["number"]), UNITS[groups.get("unit", "day")]
    if unit == "month":
        return add_months(today, many)
    days = {"hour": -(-many // HOURS), "day": many, "week": 7 * many}[unit]
    return today + timedelta(days=days)


def before(groups: Groups, today: date) -> date:
    """Read "il y a 3 jours", "a week ago": gone by, when it is not today."""
    many, unit = number(groups["number"]), UNITS[groups["unit"]]
    if unit == "month":
        return add_months(today, -many)
    days = {"hour": many // HOURS, "day": many, "week": 7 * many}[unit]
    return today - timedelta(days=days)


def days_then_month_end(groups: Groups, today: date) -> date | None:
    """Read "30 jours fin de mois", "45 fdm le 10": the days first, then the end of that month."""
    end = month_end(today + timedelta(days=number(groups["number"])))
    if "day" not in groups:
        return end
    following = end + timedelta(days=1)
    return day_of(following.year, following.month, number(groups["day"]))


def span(groups: Groups, today: date) -> date:
    """Read "sous huitaine", "une quinzaine", "a fortnight"."""
    return today + timedelta(days=SPANS[groups["span"]])


def quarter_end(groups: Groups, today: date) -> date:
    """Read "fin de trimestre"."""
    del groups
    return month_end(today.replace(day=1, month=(today.month - 1) // 3 * 3 + 3))


def _part(groups: Groups) -> str:
    return PARTS[groups.get("part", "fin")]


def _part_of_month(groups: Groups, first: date) -> date:
    days = {"early": EARLY_DAY, "mid": MID_DAY}
    part = _part(groups)
    return first.replace(day=days[part]) if part in days else month_end(first)


def number(word: str) -> int:
    """Return a number written in figures or in words."""
    if word in {"premier", "first"}:
        return 1
    return int(word) if word.isdigit() else NUMBERS[word]


def _rolled(in_year: Callable[[int], date | None], groups: Groups, today: date) -> date | None:
    """Place a day in its year: the one written, else the next one not long gone by."""
    if "year" in groups:
        year = int(groups["year"])
        return in_year(year if len(groups["year"]) > TWO_DIGITS else CENTURY + year)
    found = in_year(today.year)
    if found is not None and found >= today:
        return found
    rolled = in_year(today.year + 1)
    return rolled if rolled and rolled - today <= ROLL_LIMIT else found
