"""Portfolios to choose from: a page of them all, or those that a typed code or name may mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.use_cases import search
from bot.use_cases.refusals import NotYours
from storage import customers, people
from storage.customers import fold

if TYPE_CHECKING:
    from storage.work import Work

PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A rep code, and the name of who has it last; "" when nobody has."""

    code: str
    rep: str


@dataclass(frozen=True, slots=True)
class Offered:
    """Some portfolios: a page of them all, or what matches `wanted`, when that was typed."""

    portfolios: tuple[Portfolio, ...]
    page: int = 0
    pages: int = 1
    wanted: str = ""
    more: bool = False  # others match as well


def codes(work: Work) -> list[str]:
    """Read every rep code that owns customers or belongs to a rep."""
    return sorted({*customers.rep_codes(work), *people.rep_codes(work)})


def offered(work: Work, page: int, wanted: str = "") -> Offered:
    """Read a page of all portfolios; or, when something was typed, those it may mean."""
    return _matching(work, wanted) if wanted else _page(work, page)


def holders(work: Work, held: Sequence[str]) -> tuple[str, ...]:
    """Name the reps who look after one of these codes already, each once."""
    names = people.rep_names(work, frozenset(held))
    return tuple(dict.fromkeys(name for code in held for name in names.get(code, ())))


def by_mark(
    work: Work, mark: str, code_in: Callable[[str], str | None], digest_of: Callable[[str], str]
) -> str:
    """Find the rep code that a mark spells, or else the one of that digest, or refuse.

    A code that is spelled is looked up by itself; for a digest all of them are read.
    """
    spelled = code_in(mark)
    if spelled is None:
        known = [one for one in codes(work) if digest_of(one) == mark]
    else:
        known = [spelled] if _is_known(work, spelled) else []
    if not known:
        raise NotYours
    return known[0]


def _is_known(work: Work, code: str) -> bool:
    return customers.is_rep_code(work, code) or people.is_rep_code(work, code)


def _page(work: Work, page: int) -> Offered:
    known = codes(work)
    pages = max(1, -(-len(known) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = known[page * PAGE : (page + 1) * PAGE]
    return Offered(_with_reps(shown, people.rep_names(work, frozenset(shown))), page, pages)


def _matching(work: Work, wanted: str) -> Offered:
    known, names = codes(work), people.rep_names(work, None)
    texts = [fold(" ".join((code, *names.get(code, ())))) for code in known]
    places, _ = search.among(wanted, list(enumerate(texts)), PAGE)
    shown = [known[place] for place in places[:PAGE]]
    return Offered(_with_reps(shown, names), wanted=wanted, more=len(places) > PAGE)


def _with_reps(shown: Sequence[str], names: dict[str, list[str]]) -> tuple[Portfolio, ...]:
    return tuple(Portfolio(code, names.get(code, [""])[-1]) for code in shown)
