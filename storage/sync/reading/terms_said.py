"""Payment terms as files say them: "30 jours fin de mois le 10", "60 j net", "à réception"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from credit.terms import Count, Terms
from storage.sync.reading.texts import fold

LONGEST: Final = 120
MOST_DAYS: Final = 365
_APART: Final = re.compile(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)")
_SIGNS: Final = str.maketrans({"+": " plus ", "%": " percent "})
_NOISE: Final = frozenset(
    word
    for words in (
        "a de d du des la les l date facture factures facturation emission ddf paiement paiements",
        "reglement reglements payable par sous delai net nets calendaires from of the in within",
        "after invoice payment terms term due",
        "virement virements vir virt vrt lcr traite cheque cheques chq ch prelevement prlv prel",
        "sepa sdd effet effets billet ordre bor bo cb carte transfer check especes",
    )
    for word in words.split()
)
"""Words beside a term that do not change it: means of payment, "date de facture"."""
_AT_ONCE: Final = frozenset(
    word
    for words in (
        "comptant reception immediat immediate immediatement cash commande avance anticipe",
        "livraison remboursement receipt advance proforma vue delivery order",
    )
    for word in words.split()
)
_BESIDE: Final = frozenset({"au", "avant", "contre", "on", "upon", "at", "pro", "forma"})
_DAYS: Final = r"(?P<days>\d{1,3})(?: (?:jours?|jrs?|j|days?|d))?"
_END: Final = r"(?:fin mois|j?fdm|f d m|fm|eom|end month)"
_THEN: Final = r"(?:plus|puis|then)"
_ON: Final = r"(?:(?P<on>le|on|plus) (?P<day>\d{1,2})(?: j| jours?| days?)?(?: mois)?(?: suivant)?)"
_NET: Final = re.compile(_DAYS)
_MONTH_END: Final = re.compile(rf"{_DAYS} (?P<then>{_THEN} )?{_END}(?: {_ON})?")
_AFTER_END: Final = re.compile(rf"{_END}(?: {_THEN})? {_DAYS}")
_END_ALONE: Final = re.compile(rf"{_END}(?: {_ON})?")


class Said(NamedTuple):
    """What words say of a term; `terms` None: they name none, or one that is not understood.

    `silent`: they speak of no term at all ("Virement"). `both_ways`: "so many days end of month"
    may be counted in two ways, and was counted in the way asked for.
    """

    terms: Terms | None
    silent: bool = False
    both_ways: bool = False


@lru_cache(maxsize=4096)
def terms_said(text: str, month_end: Count = Count.THEN_MONTH_END) -> Said:
    """Read a payment term; `month_end` is how "45 days end of month" is counted (handbook 3.2).

    What names several parts, or a start other than the invoice, is not understood.
    """
    told = text.strip()[:LONGEST].lower()
    try:
        return Said(Terms.parse(told))
    except ValueError:
        words = _words(told)
    if not words:
        return Said(None, silent=True)
    if _AT_ONCE.intersection(words) and _AT_ONCE.union(_BESIDE).issuperset(words):
        return Said(Terms(Count.NET, 0))
    return _counted(" ".join(words), month_end)


def _words(told: str) -> list[str]:
    plain = _APART.sub(" ", fold(told.translate(_SIGNS)))
    return [word for word in plain.split() if word not in _NOISE]


def _counted(words: str, month_end: Count) -> Said:
    if net := _NET.fullmatch(words):
        return _sound(Count.NET, net["days"])
    if after := _AFTER_END.fullmatch(words):
        return _sound(Count.MONTH_END_THEN, after["days"])
    if alone := _END_ALONE.fullmatch(words):
        return _sound(Count.THEN_MONTH_END, "0", alone["day"])
    found = _MONTH_END.fullmatch(words)
    if found is None:
        return Said(None)
    count = Count.THEN_MONTH_END if found["then"] else month_end
    # so many days after the end of a month are that day of the next one, of its end alone
    if found["on"] == "plus" and count is not Count.THEN_MONTH_END:
        return Said(None)
    both = not found["then"] and int(found["days"]) > 0
    return _sound(count, found["days"], found["day"])._replace(both_ways=both)


def _sound(count: Count, days: str, day: str | None = None) -> Said:
    number = int(days)
    text = f"{count}-{number}" + (f"-{int(day)}" if day else "")
    try:
        return Said(Terms.parse(text) if number <= MOST_DAYS else None)
    except ValueError:  # a day that not every month has
        return Said(None)
