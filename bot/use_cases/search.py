"""Finding an account by what a person types: part of a name, a code, an invoice number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.use_cases.worklist import codes_of
from credit.people import may_see
from storage import customers, items, portfolio
from storage.customers import fold

if TYPE_CHECKING:
    from credit.people import Person
    from storage.scope import Codes
    from storage.work import Work

MOST = 8
SHORTEST = 2
NEAR = 70
CLEAR = 88
"""From this likeness on, and well ahead of the next, one hit is the one that was meant."""
AHEAD = 8
MANY = 2_000
"""Names that are read while others wait: some ten milliseconds."""
LEGAL_FORMS = frozenset(
    [
        "sa",
        "sas",
        "sasu",
        "sarl",
        "eurl",
        "ei",
        "eirl",
        "sci",
        "snc",
        "scop",
        "gie",
        "ets",
        "sté",
        "ste",
    ]
)
_NUMBER = re.compile(r"([a-z]{0,4})[-/ .]?(\d{2,20})\Z")


@dataclass(frozen=True, slots=True)
class Hit:
    """An account that may be the one meant."""

    customer: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; `sure` when the first hit is surely the one meant."""

    hits: tuple[Hit, ...]
    sure: bool


class ManyNames(Exception):
    """More names have to be read than there is time for."""


def find(work: Work, person: Person, text: str, most: int = customers.ALL) -> Found:
    """Look among the accounts the person may see, and nowhere else.

    Raise `ManyNames` when more than `most` names have to be read for it.
    """
    wanted = fold(text)
    if len(wanted) < SHORTEST:
        return Found((), sure=False)
    codes = codes_of(person)
    invoiced = _by_invoice(work, text)
    invoiced = [one for one in invoiced if may_see(person, customers.owner(work, one)[1])]
    named = customers.coded(work, wanted, codes) if " " not in wanted else []
    sure = True
    if not named:  # a code spares reading every name
        named, sure = _named(work, codes, wanted, most, alike=not invoiced)
    ids = list(dict.fromkeys([*invoiced, *named]))[:MOST]
    labels = portfolio.listed(work, ids) if ids else {}
    hits = tuple(Hit(one, *labels[one]) for one in ids if one in labels)
    return Found(hits, sure=len(hits) == 1 and (bool(invoiced) or sure))


def holds(name: str, text: str) -> bool:
    """Tell whether the name holds every word that was typed."""
    return _holds(fold(name), fold(text).split())


def words_of(text: str) -> list[str]:
    """Return the words of a name as names are compared: plain, and without the legal form."""
    words = fold(text).split()
    return [word for word in words if word not in LEGAL_FORMS] or words


def among(text: str, known: Sequence[tuple[int, str]], most: int = MOST) -> tuple[list[int], bool]:
    """Find which folded texts hold every word typed, one more than `most`; else those like it.

    True: what is found is held, and not only alike.
    """
    wanted = fold(text)
    if len(wanted) < SHORTEST:
        return [], False
    named, sure = _by_name(wanted, known, most)
    return (named, sure) if named else _alike(wanted, known)


def _named(
    work: Work, codes: Codes, wanted: str, most: int, *, alike: bool
) -> tuple[list[int], bool]:
    """Find whose names hold what was typed; when `alike` and there is none, are like it."""
    known = _holding(work, wanted, most) if codes is None else _names(work, codes, most)
    named, sure = _by_name(wanted, known)
    if named or not alike:
        return named, sure
    return _alike(wanted, _names(work, codes, most) if codes is None else known)


def _holding(work: Work, wanted: str, most: int) -> list[tuple[int, str]]:
    """Read of all names those that hold the longest words that were typed."""
    first, second, *rest = [*sorted(wanted.split(), key=len, reverse=True), ""]
    told_by_sql = not any(rest) and (len(second) > SHORTEST or not second)
    if told_by_sql and len(first) > SHORTEST:
        return customers.holding(work, first, second, MOST + 1)
    return _few(customers.holding(work, first, second, most + 1), most)


def _names(work: Work, codes: Codes, most: int) -> list[tuple[int, str]]:
    return _few(customers.names(work, codes, most + 1), most)


def _few(known: list[tuple[int, str]], most: int) -> list[tuple[int, str]]:
    if len(known) > most:
        raise ManyNames
    return known


def _by_invoice(work: Work, text: str) -> list[int]:
    numbers = spellings(text)
    found = items.by_number(work, numbers) if numbers else []
    return [customer for _, customer, _ in found]


def spellings(text: str) -> list[str]:
    """Write an invoice number in the ways ledgers do: « f1042 », « f-1042 », « 1042 »."""
    typed = text.strip().lower()
    match = _NUMBER.match(typed)
    if match is None:
        return [typed] if any(letter.isdigit() for letter in typed) else []
    letters, digits = match.groups()
    if letters:
        ways = [typed, letters + digits, f"{letters}-{digits}", f"{letters} {digits}", digits]
    else:
        ways = [digits, f"f{digits}", f"f-{digits}", f"fa{digits}", f"fa-{digits}"]
    return list(dict.fromkeys(ways))


def _by_name(
    wanted: str, known: Sequence[tuple[int, str]], most: int = MOST
) -> tuple[list[int], bool]:
    """Find names that hold every word typed, a code before all."""
    words = wanted.split()
    coded = [customer for customer, search in known if search.split()[:1] == [wanted]]
    if coded:
        return coded, True
    return [customer for customer, search in known if _holds(search, words)][: most + 1], True


def _holds(search: str, words: Iterable[str]) -> bool:
    """Tell whether each word typed begins a word of the name, or stands inside it when long."""
    held = search.split()
    return all(
        any(one.startswith(word) for one in held) or (len(word) > SHORTEST and word in search)
        for word in words
    )


def _alike(wanted: str, known: Sequence[tuple[int, str]]) -> tuple[list[int], bool]:
    names = [search for _, search in known]
    near = process.extract(wanted, names, scorer=fuzz.partial_ratio, limit=40, score_cutoff=60)
    scored = sorted(
        ((likeness(wanted, name), known[place][0]) for name, _, place in near),
        key=lambda one: (-one[0], one[1]),
    )
    close = [one for one in scored if one[0] >= NEAR][:MOST]
    if not close:
        return [], False
    second = close[1][0] if len(close) > 1 else 0
    if close[0][0] >= CLEAR and close[0][0] - second >= AHEAD:
        return [close[0][1]], True
    return [customer for _, customer in close], len(close) == 1


def likeness(wanted: str, name: str) -> float:
    """Return 0-100: each word typed against the word of the name it resembles most."""
    held = name.split()
    best = (max((_alike_words(word, one) for one in held), default=0.0) for word in wanted.split())
    scores = list(best)
    return sum(scores) / len(scores) if scores else 0.0


def _alike_words(word: str, one: str) -> float:
    """Compare with the whole word and with its beginning: names are typed half."""
    return max(fuzz.ratio(word, one), fuzz.ratio(word, one[: len(word)]))
