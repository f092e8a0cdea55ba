"""The date grammar: about forty patterns over uniform text, each with its meaning."""

from __future__ import annotations

import re
from typing import Final

from bot.scripts import typed_date_meanings as mean
from bot.scripts.typed_date_words import (
    MONTHS,
    NUMBERS,
    PARTS,
    SPANS,
    UNITS,
    WEEKDAYS,
    alternatives,
)

ORDINAL = r"(?: ?(?:er|e|st|nd|rd|th))"
NEXT = r"(?:next|prochaine?)"
WEEK = r"(?:semaine|sem|week)"
NEXT_WEEK = rf"(?:{WEEK} {NEXT}|next week)"
NEXT_MONTH = r"(?:mois prochain|next month)"
THE = r"(?:le|the)"
WEEKDAY = rf"(?P<weekday>{alternatives(WEEKDAYS)})"
WEEKDAY_LAST = rf"(?P<weekday2>{alternatives(WEEKDAYS)})"
MONTH = rf"(?P<month>{alternatives(MONTHS)})"
DAY = rf"(?:{THE} )?(?P<day>\d{{1,2}}|premier|first){ORDINAL}?"
NAMED_DAY = rf"(?:{THE} (?P<day>\d{{1,2}}|premier|first){ORDINAL}?|(?P<day2>\d{{1,2}}){ORDINAL})"
YEAR = r"(?: (?P<year>\d{4}|\d{2}))?"
NUMBER = rf"(?P<number>\d{{1,3}}|{alternatives(NUMBERS)})"
UNIT = rf"(?P<unit>{alternatives(UNITS)})"
UNIT_LAST = rf"(?P<unit2>{alternatives(UNITS)})"
PART = rf"(?P<part>{alternatives(PARTS)})"

DAYS = r"(?:j|jours?|days?)"
END_OF_MONTH = r"(?:fin mois|fdm|end month|eom)"
GONE_BY = r"(?:passee?|precedente?)"
SPELL = rf"(?:{alternatives(WEEKDAYS)}|{alternatives(MONTHS)}|{WEEK}|mois|month|annee|year)"
"""What is said to be gone by: "lundi passé", "la semaine d'avant"."""

GRAMMAR: Final = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (
            (
                rf"{NUMBER} {DAYS} {END_OF_MONTH}(?: {DAY})?"
                rf"|(?P<number2>\d{{1,3}}) (?:fdm|eom)(?: {THE} (?P<day2>\d{{1,2}}))?"
            ),
            mean.days_then_month_end,
        ),
        (
            (
                r"aujourd ?hui|auj|ajd|jour|maintenant|tout suite|immediatement|soir|matin"
                r"|(?:fin )?journee|today|now|tonight|immediately|asap|end day|eod"
            ),
            mean.days_later(0),
        ),
        (r"demain|tomorrow|tmrw|tmw", mean.days_later(1)),
        (r"apres ?demain|day after tomorrow", mean.days_later(2)),
        (r"(?:dernier jour|last day) (?:mois|month)", mean.this_month),
        (r"hier|yesterday|avant ?hier|.+ derni(?:er|ere)|last .+", mean.days_later(-1)),
        (rf"(?:{DAY} )?{SPELL} {GONE_BY}", mean.days_later(-1)),
        (rf"il y {NUMBER} {UNIT}|(?P<number2>\d{{1,3}}) {UNIT_LAST} ago", mean.before),
        (rf"{WEEKDAY}(?: {NEXT})?|next {WEEKDAY_LAST}", mean.weekday),
        (rf"{WEEKDAY} en (?P<span>huit|8|quinze|15)|{WEEKDAY_LAST} week", mean.in_eight),
        (rf"(?:1|one) week {WEEKDAY}", mean.in_eight),
        (r"demain en (?:huit|8)|(?:1|one) week tomorrow", mean.days_later(8)),
        (rf"{WEEKDAY} {NEXT_WEEK}|{NEXT_WEEK} {WEEKDAY_LAST}", mean.weekday_next_week),
        (rf"{WEEKDAY} (?:semaine|sem)", mean.weekday_this_week),
        (rf"(?:fin|end) {WEEK}|{WEEK}|eow", mean.this_week),
        (rf"(?:{PART} )?{NEXT_WEEK}", mean.part_of_next_week),
        (rf"(?:{PART} )?{WEEK} (?P<week>\d{{1,2}})", mean.numbered_week),
        (r"eom|mois|month", mean.this_month),
        (rf"{PART} (?:mois|month)", mean.this_month),
        (rf"(?:{PART} )?{NEXT_MONTH}", mean.next_month),
        (rf"{DAY} {NEXT_MONTH}", mean.next_month),
        (rf"{DAY} (?:courant|crt)", mean.day_this_month),
        (rf"{PART} {MONTH}{YEAR}", mean.part_of_named_month),
        # Two figures after a month alone are its day: "December 15".
        (rf"{MONTH}(?: (?P<year>\d{{4}}))?", mean.part_of_named_month),
        (r"(?:fin|end) (?:annee|year)|eoy|year end", mean.year_end),
        (r"(?:fin|end) (?:trimestre|quarter)|eoq", mean.quarter_end),
        (rf"{DAY} {MONTH}(?:{YEAR}| {NEXT})", mean.day_month),
        (rf"{MONTH} {DAY}{YEAR}", mean.day_month),
        (
            (
                rf"(?:{THE} )?(?P<day>\d{{1,2}})([/.-])(?P<month>\d{{1,2}})"
                r"(?:\2(?P<year>\d{4}|\d{2}))?"
            ),
            mean.numeric,
        ),
        (r"(?P<day>\d{1,2}) (?P<month>\d{1,2}) (?P<year>\d{4})", mean.numeric),
        (r"(?P<year>\d{4})([/.-])(?P<month>\d{1,2})\2(?P<day>\d{1,2})", mean.iso),
        (rf"{NAMED_DAY}(?: prochain)?", mean.day_alone),
        (rf"\+?{NUMBER} {UNIT}(?: nets?| now| today| aujourd hui)?", mean.after),
        (rf"[jd]\+{NUMBER}(?: (?:j|jours?|days?))?", mean.after),
        (rf"(?:(?:1|une?|one) )?(?P<span>{alternatives(SPANS)})(?: jours)?", mean.span),
    )
)
"""The first pattern that takes the whole text decides."""

BEFORE: Final = tuple(pattern for pattern, meaning in GRAMMAR if meaning is mean.before)
"""So long ago: what is no day to come may yet be a day gone by."""

SAID_WEEKDAY: Final = re.compile(rf"{WEEKDAY} (?P<rest>.*\d.*)")
"""A weekday before a date: "vendredi 27 novembre", to be checked against each other."""

AMERICAN: Final = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?")
"""Month first, tried in English only where day first has no sense."""
