"""What a promise typed in one line means here: whose account, how much in its currency, by what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from bot.screens.promise import SaidPromise
from bot.scripts import matching
from bot.scripts.matching import Candidate
from bot.scripts.typed_amounts import parse_amount
from bot.scripts.typed_promises import Said, read_promise
from bot.use_cases import accounts, promises, search
from bot.use_cases.orders import MOST_MINOR
from credit.money import Money
from storage import customers

if TYPE_CHECKING:
    from bot.handlers.news import News
    from bot.handlers.request import Request
    from bot.scripts.model import Choice
    from bot.use_cases.rules import Rules
    from bot.use_cases.search import Found

SCRIPT, MEANS = "promise", "means"
MEANS_WORDS: Final = 2


def said(asked: Request | News, text: str, on: date) -> tuple[Said, str] | None:
    """Read a typed line: what it says, and by which means ("" when it does not say)."""
    found = read_promise(text, on, asked.speaker.locale)
    return None if found is None else _with_means(found, asked.rules)


def _with_means(found: Said, rules: Rules) -> tuple[Said, str]:
    """Take the means of payment off the end of the name: « Dupont chq »."""
    known = [_candidate(choice) for choice in _choices(rules)]
    words = found.name.split()
    for count in range(min(MEANS_WORDS, len(words)), 0, -1):
        means = matching.exactly(" ".join(words[-count:]), known)
        if means is not None:
            left = words[:-count]
            while left and matching.fold(left[-1]) in {"par", "by", "en"}:
                del left[-1]
            return replace(found, name=" ".join(left), other=""), means
    return found, ""


def _choices(rules: Rules) -> tuple[Choice, ...]:
    step = rules.scripts[SCRIPT].steps.get(MEANS)
    return step.choices if step else ()


def _candidate(choice: Choice) -> Candidate[str]:
    return Candidate(choice.key, tuple(choice.label.words.values()), (choice.key, *choice.also))


def meant(asked: Request | News, line: Said, most: int = customers.ALL) -> tuple[Said, Found]:
    """Find whose promise it is, among the accounts the person may see.

    « Brasserie de la Mer » is a customer and no Wednesday, where one is called so.
    Raise `ManyNames` when more than `most` names have to be read for it.
    """
    if line.other:
        found = search.find(asked.work, asked.person, line.other, most)
        if found.sure and search.holds(found.hits[0].name, line.other):
            return replace(line, name=line.other, day=None, other=""), found
    return line, search.find(asked.work, asked.person, line.name, most)


def tap(asked: Request | News, line: Said, means: str, customer_id: int) -> SaidPromise | None:
    """Fill a button in for one account; None when the amount is none in its currency."""
    minor, currency = 0, ""
    if line.figures:
        account = accounts.load(asked.work, customer_id, asked.now, asked.rules)
        amount = parse_amount(line.figures, account.main_currency, asked.speaker.locale)
        if amount is None or amount.minor > MOST_MINOR:
            return None
        minor, currency = amount.minor, amount.currency
    day = line.day.toordinal() if isinstance(line.day, date) else 0
    return SaidPromise(customer_id, minor, currency, day, means)


def given(tapped: SaidPromise, claim: Money, people: list[str]) -> dict[str, object]:
    """Say what the form is opened with; no amount is all that may be claimed."""
    amount = Money.from_minor(tapped.amount, claim.currency) if tapped.amount else claim
    scope = promises.ALL if amount == claim else promises.OTHER
    known: dict[str, object] = {"said": True, "amount": amount, "scope": scope}
    if tapped.day:
        known["due_on"] = date.fromordinal(tapped.day)
    if tapped.means:
        known["means"] = tapped.means
    if len(people) == 1:
        known["person"] = people[0]
    return known


def is_ours(tapped: SaidPromise, claim: Money, rules: Rules) -> bool:
    """Tell whether a button of ours may carry this, the account being what it is now."""
    means = {"", *(choice.key for choice in _choices(rules))}
    return (
        0 <= tapped.amount <= MOST_MINOR
        and tapped.currency == (claim.currency if tapped.amount else "")
        and 0 <= tapped.day <= date.max.toordinal()
        and tapped.means in means
    )
