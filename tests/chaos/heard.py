"""The alerts that reached people: each by a card of its own, or named where several are told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.chaos.deeds import CARD, GATHERED
from tests.chaos.place import NAME
from tests.journeys.harness import Company
from tests.journeys.story import plain


@dataclass(frozen=True, slots=True)
class Heard:
    """Who was told of whom, and how often somebody was told what he had been told."""

    told: frozenset[tuple[int, str]]  # by chat and customer
    cards: int
    gathered: int  # messages that told several
    again: Counter[int]  # by chat: messages that named somebody it had been told of

    def beyond(self, doubts: Mapping[int, int]) -> int:
        """Count the repetitions that no doubt of the outbox explains, by chat."""
        return sum(max(0, n - doubts.get(chat, 0)) for chat, n in self.again.items())


def heard(sent: Iterable[Mapping[str, Any]]) -> Heard:
    """Read what was sent, in the order of arrival."""
    told: dict[int, set[str]] = defaultdict(set)
    counts, again = Counter[str](), Counter[int]()
    for one in sent:
        chat, (kind, names) = int(one["chat_id"]), named(str(one["text"]))
        counts[kind] += bool(names)
        again[chat] += bool(names & told[chat])
        told[chat] |= names
    known = frozenset((chat, name) for chat, names in told.items() for name in names)
    return Heard(known, counts[CARD], counts[GATHERED], +again)


def named(text: str) -> tuple[str, set[str]]:
    """Tell which kind of message about alerts this is, and whom it names; "" for any other."""
    shown = plain(text)
    if shown.startswith(GATHERED):
        return GATHERED, set(NAME.findall(shown))
    if CARD in shown:
        return CARD, set(NAME.findall(shown)[:1])
    return "", set()


def doubts(company: Company) -> dict[int, int]:
    """Count, by chat, how often the outbox says that news of alerts may have arrived."""
    rows = company.rows(
        "select chat_id, sum(doubts) as n from outbox where kind in ('alert', 'gathered')"
        " group by chat_id"
    )
    return {int(row["chat_id"]): int(row["n"]) for row in rows}


def left_to_decide(company: Company) -> list[int]:
    """Return the chat of each alert whose message, that tells several, a person decides about."""
    rows = company.rows(
        "select person.telegram_id as chat_id from gathered_alert"
        " join person on person.id = gathered_alert.person_id"
        " where exists (select 1 from outbox where outbox.person_id = person.id"
        " and outbox.kind = 'gathered' and outbox.state = 'parked')"
    )
    return [int(row["chat_id"]) for row in rows]
