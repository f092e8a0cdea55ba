"""The oracle: what was accepted from people and what reached them, counted at the far end."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from tests.chaos import place
from tests.chaos.reps import Rep
from tests.chaos.storm import NEWS, Storm
from tests.journeys.harness import Company

# A struck call may have been carried out, or the bot cannot know that it was not.
DOUBTFUL = frozenset({"500", "502", "garbage", "half", "lost_answer", "drop"})
SETTLED = ("sent", "dropped", "parked", "failed")
ALERT = "À réclamer"
QUIET_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Counters:
    """What a storm did; lost, disordered and `news_doubled` must be zero."""

    updates: int
    kills: int
    faults: int
    promises: int
    alerts: int
    broadcasts: int
    lost: int  # promises and questions accepted and not kept, news neither read nor parked
    doubled: int  # deeds kept twice
    news_doubled: int  # alerts and broadcasts that reached somebody twice
    answers_doubled: int  # answers shown twice, where the first may have been lost
    disordered: int  # answers or deeds of one person in another order than he asked
    parked: int  # news that a person decides about, because nobody knows whether they arrived
    doubts: int  # calls struck so that nobody knows, plus kills: the most that may be doubled

    def told(self) -> str:
        """Return all of it in one line of JSON."""
        return json.dumps(asdict(self))

    def fine(self) -> bool:
        """Tell whether nothing was lost, disordered, or doubled beyond what was injected."""
        wrong = self.lost + self.doubled + self.news_doubled + self.disordered
        return not wrong and self.answers_doubled + self.parked <= self.doubts


def judge(storm: Storm) -> Counters:
    """Wait until nothing moves any more, then count."""
    company = storm.company
    company.until(
        lambda: not _unsettled(company), "everything to be handled and told", QUIET_WITHIN
    )
    sent = [one for one in company.chat.deliveries() if one["what"] == "sent"]
    struck = Counter[str]()
    for one in _listed(company.chat.injected()["injected"]):
        struck[str(one["kind"])] += int(one["count"])
    shown = _echoes(sent)
    news = _news(sent)
    parked = company.rows("select kind from outbox where state = 'parked'")
    promised = _promised(company)
    signed = {(rep.number, one) for rep in storm.reps for one in rep.signed}
    expected = _expected(storm)
    unread = expected - set(news)
    lost_news = max(0, len(unread) - len(parked))
    return Counters(
        updates=_count(company, "inbox"),
        kills=storm.kills,
        faults=struck.total(),
        promises=sum(promised.values()),
        alerts=sum(n for (_, words), n in news.items() if not words.startswith(NEWS)),
        broadcasts=storm.broadcasts,
        lost=len(signed - set(promised)) + _unheard(company, storm.reps, shown) + lost_news,
        doubled=sum(n - 1 for n in promised.values()) + len(set(promised) - signed),
        news_doubled=sum(n - 1 for n in news.values()),
        answers_doubled=sum(n - 1 for n in Counter(shown).values()),
        disordered=_disordered(shown) + _deeds_disordered(company),
        parked=len(parked),
        doubts=sum(n for kind, n in struck.items() if kind in DOUBTFUL) + storm.kills,
    )


def _listed(found: object) -> list[dict[str, Any]]:
    return found if isinstance(found, list) else []


def _count(company: Company, table: str) -> int:
    return int(company.rows(f"select count(*) as n from {table}")[0]["n"])


def _unsettled(company: Company) -> int:
    marks = ", ".join(f"'{state}'" for state in SETTLED)
    waiting = company.rows(
        "select (select count(*) from inbox where done_at is null)"
        f" + (select count(*) from outbox where state not in ({marks})) as n"
    )[0]["n"]
    return int(waiting) + int(str(company.chat.counts()["updates_waiting"]))


def _echoes(sent: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """Return who was shown the answer to which question, in the order of arrival."""
    found = []
    for one in sent:
        _, mark, rest = str(one["text"]).partition("introuvable ")
        if mark:
            found.append((int(one["chat_id"]), mark + rest[:8]))
    return found


def _news(sent: list[dict[str, Any]]) -> Counter[tuple[int, str]]:
    """Count each alert and broadcast by reader."""
    found = Counter[tuple[int, str]]()
    for one in sent:
        text = str(one["text"])
        if ALERT in text:
            found[int(one["chat_id"]), text[text.index("Atelier ") :][:15]] += 1
        elif NEWS in text:
            found[int(one["chat_id"]), text[text.index(NEWS) :][: len(NEWS) + 11]] += 1
    return found


def _expected(storm: Storm) -> set[tuple[int, str]]:
    """Return which news each representative must read."""
    numbers = range(1, storm.broadcasts + 1)
    found = set()
    for rep in storm.reps:
        found |= {(rep.person.id, f"{NEWS} numéro {n:03}") for n in numbers}
        found |= {
            (rep.person.id, place.name_of(rep.number, n)) for n in range(1, rep.customers + 1)
        }
    return found


def _promised(company: Company) -> Counter[tuple[int, int]]:
    """Count the promises kept, by representative and customer, known by their amounts."""
    rows = company.rows("select amount_minor from promise")
    return Counter(divmod(int(row["amount_minor"]) - 100_000, 1_000) for row in rows)


def _unheard(company: Company, reps: list[Rep], shown: list[tuple[int, str]]) -> int:
    """Count the questions without an answer for which no row of the outbox accounts."""
    asked = {(rep.person.id, words) for rep in reps for words in rep.asked}
    silent = asked - set(shown)
    given_up = company.rows(
        "select chat_id from outbox where state in ('dropped', 'parked') and priority = 0"
    )
    return max(0, len(silent) - len(given_up))


def _disordered(shown: list[tuple[int, str]]) -> int:
    """Count the answers that arrived, for the first time, after the answer to a later question."""
    first: dict[int, list[str]] = defaultdict(list)
    for chat, words in dict.fromkeys(shown):
        first[chat].append(words)
    return sum(a > b for words in first.values() for a, b in pairwise(words))


def _deeds_disordered(company: Company) -> int:
    """Count the events of one person whose update is older than that of the event before."""
    rows = company.rows(
        "select person_id, update_id from event where update_id is not null"
        " and person_id is not null order by id"
    )
    by_person: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        by_person[int(row["person_id"])].append(int(row["update_id"]))
    return sum(a > b for numbers in by_person.values() for a, b in pairwise(numbers))
