"""The French and English words of the date grammar, and how a typed text is made uniform."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType
from typing import Final

WEEKDAYS: Final = MappingProxyType(
    {
        name: number
        for number, names in enumerate(
            (
                "lundi lun monday mon",
                "mardi mar tuesday tues tue",
                "mercredi mer wednesday weds wed",
                "jeudi jeu thursday thurs thur thu",
                "vendredi vendr ven friday fri",
                "samedi sam saturday sat",
                "dimanche dim sunday sun",
            )
        )
        for name in names.split()
    }
)
"""Names of the days, Monday is 0; "mar" is Tuesday in French, March in English."""

MONTHS: Final = MappingProxyType(
    {
        name: number
        for number, names in enumerate(
            (
                "janvier janv jan january",
                "fevrier fevr fev february feb",
                "mars march",
                "avril avr april apr",
                "mai may",
                "juin june jun",
                "juillet juil july jul",
                "aout august aug",
                "septembre sept sep september",
                "octobre oct october",
                "novembre nov november",
                "decembre dec december",
            ),
            start=1,
        )
        for name in names.split()
    }
)
"""Names of the months without accents."""

NUMBERS: Final = MappingProxyType(
    {
        name: number
        for number, names in {
            1: "un une one",
            2: "deux two",
            3: "trois three",
            4: "quatre four",
            5: "cinq five",
            6: "six",
            7: "sept seven",
            8: "huit eight",
            9: "neuf nine",
            10: "dix ten",
            11: "onze eleven",
            12: "douze twelve",
            13: "treize thirteen",
            14: "quatorze fourteen",
            15: "quinze fifteen",
            20: "vingt twenty",
            30: "trente thirty",
            45: "quarantecinq",
            60: "soixante sixty",
            90: "ninety",
        }.items()
        for name in names.split()
    }
)
"""Numbers written in words, as far as people write them."""

UNITS: Final = MappingProxyType(
    {
        name: unit
        for unit, names in {
            "hour": "h heure heures hour hours",
            "day": "j jour jours day days",
            "week": "semaine semaines sem week weeks",
            "month": "mois month months",
        }.items()
        for name in names.split()
    }
)
"""Units of time by their names."""

SPANS: Final = MappingProxyType(
    {"huitaine": 8, "dizaine": 10, "quinzaine": 15, "fortnight": 14, "trentaine": 30}
)
"""Words that are a number of days by themselves; a French quinzaine is fifteen days."""

PARTS: Final = MappingProxyType(
    {
        name: part
        for part, names in {
            "early": "debut early beginning start",
            "mid": "mi milieu moitie mid middle",
            "late": "fin end late courant",
        }.items()
        for name in names.split()
    }
)
"""Words that name a part of a week, a month or a year."""

NOISE: Final = frozenset(
    word
    for words in (
        "la les l d du de des ce cet cette ci au aux a pour avant ici dans sous plus tard vers",
        "jusque jusqu paiement virement",
        "s of by on before within in this at latest until till for about around time from",
    )
    for word in words.split()
)
"""Words that change nothing to the day meant; "before Friday" still names Friday."""

MOMENTS: Final = frozenset({"matin", "midi", "soir", "morning", "noon", "afternoon", "evening"})
"""Hours of a day, ignored after a day."""


_REWRITES: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\bapres.midi\b", " "),
        (r"\bd.avant\b", "precedent"),
        (r"\bquarante.cinq\b", "quarantecinq"),
        (r"(?<=\d)\s*([/.-])\s*(?=\d)", r"\1"),
        (r"\s*\+\s*", "+"),
        (r"\bs(?=\d{1,2}\b)", "semaine "),
        (r"\bau (?=\d)", "le "),
        (r"(?<!\d)[-.,'’‘`]|[-.,'’‘`](?!\d)|(?<=\d),|[!?;:()\"«»]", " "),
        (r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", " "),
        (r"\s+", " "),
        (
            (
                r"(\d(?: ?(?:er|e|st|nd|rd|th))?) (?:du|de ce|of the|of this) (?:mois|month)"
                r"(?! proch| dern| pass| prec)"
            ),
            r"\1 courant",
        ),
        (r"\b(an?)(?= (?:days?|weeks?|months?|fortnight)\b)", "1"),
        (r"\b(?:le|the)\b(?! ?(?:\d|premier|first))", " "),
    )
)
"""What makes two spellings of a date equal, in this order."""


def uniform(text: str) -> str:
    """Return the text in lower case, without accents, noise words and uneven spaces."""
    apart = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    for pattern, replacement in _REWRITES:
        plain = pattern.sub(replacement, plain)
    words = [word for word in plain.split() if word not in NOISE]
    return " ".join(_without_moment(words)).removeprefix("en ")


def _without_moment(words: list[str]) -> list[str]:
    return words[:-1] if len(words) > 1 and words[-1] in MOMENTS else words


def alternatives(words: MappingProxyType[str, int] | MappingProxyType[str, str]) -> str:
    """Return the words as a group of a regular expression, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))
