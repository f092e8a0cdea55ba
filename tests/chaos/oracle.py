"""The oracle: what was accepted from people and what reached them, counted at the far end."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from bot.use_cases import sync
from tests.chaos import place
from tests.chaos.heard import doubts, heard, left_to_decide
from tests.chaos.reps import Rep
from tests.chaos.storm import NEWS, Storm
from tests.journeys.harness import Company
from tests.journeys.story import plain
from tests.storage.inline import inline

# A struck call may have been carried out, or the bot cannot know that it was not.
DOUBTFUL = frozenset({"500", "502", "garbage", "half", "lost_answer", "drop"})
SETTLED = ("sent", "dropped", "parked", "failed")
DIGEST = "📬 Votre journée"
DAWN = f"{DIGEST} · mercredi 11 mars"
KINDS = ("promise.made", "dispute.opened", "alert.acknowledged")
QUIET_WITHIN = 120.0
SOME = 5

Deeds = Counter[tuple[int, int]]  # by representative and customer
Read = Counter[tuple[int, str]]  # by chat


@dataclass(frozen=True, slots=True)
class Counters:
    """What a storm did; what is lost, done twice or out of order must be nothing."""

    updates: int
    kills: int
    faults: int
    promises: int
    disputes: int
    acknowledgements: int
    alerts: int  # cards
    gathered: int  # messages that told the alerts beyond an hour's cards
    digests: int
    broadcasts: int
    lost: int  # deeds and questions accepted and not kept, news neither read nor parked
    doubled: int  # deeds kept twice, alerts told twice without a doubt
    news_doubled: int  # alerts, digests and broadcasts that reached somebody twice
    answers_doubled: int  # answers shown twice, where the first may have been lost
    disordered: int  # answers or deeds of one person in another order than he asked
    parked: int  # news that a person decides about, because nobody knows whether they arrived
    doubts: int  # messages struck so that nobody knows, plus kills: the most that may be doubled
    missing: tuple[str, ...]  # some of what is lost or came late, for who looks for it

    def told(self) -> str:
        """Return all of it in one line of JSON."""
        return json.dumps(asdict(self))

    def fine(self) -> bool:
        """Tell whether nothing was lost, disordered, or doubled beyond what was injected."""
        repeated = self.answers_doubled + self.news_doubled + self.parked
        return not (self.lost + self.doubled + self.disordered) and repeated <= self.doubts


def judge(storm: Storm) -> Counters:
    """Wait until nothing moves any more, then count."""
    company = storm.company
    company.until(
        lambda: not _unsettled(company), "everything to be handled and told", QUIET_WITHIN
    )
    sent = [one for one in company.chat.deliveries() if one["what"] == "sent"]
    faults, doubtful = _struck(company)
    shown, news, alerts = _echoes(sent), _news(sent), heard(sent)
    parked = company.rows("select kind from outbox where state = 'parked'")
    promised, disputed, taken = _kept(company)
    signed = [
        (promised, {(rep.number, one) for rep in storm.reps for one in rep.promised}),
        (disputed, {(rep.number, one) for rep in storm.reps for one in rep.disputed}),
        (taken, {(rep.number, one) for rep in storm.reps for one in rep.taken}),
    ]
    unread = _unread(company, _expected(storm) - set(news) - alerts.told)
    silent = _silent(storm.reps, shown)
    forgotten, repeated = _journal(company, promised, disputed, taken)
    unkept = [f"deed {one}" for kept, seen in signed for one in seen - set(kept)]
    late = _disordered(shown)
    unheard = max(0, len(silent) - _given_up(company))
    return Counters(
        updates=_count(company, "inbox"),
        kills=storm.kills,
        faults=faults,
        promises=promised.total(),
        disputes=disputed.total(),
        acknowledgements=taken.total(),
        alerts=alerts.cards,
        gathered=alerts.gathered,
        digests=sum(n for (_, words), n in news.items() if words.startswith(DIGEST)),
        broadcasts=storm.broadcasts,
        lost=len(unkept) + unheard + len(unread) + len(forgotten),
        doubled=sum(n - 1 for kept, _ in signed for n in kept.values())
        + repeated
        + alerts.beyond(doubts(company)),
        news_doubled=sum(n - 1 for n in news.values()) + alerts.again.total(),
        answers_doubled=sum(n - 1 for n in Counter(shown).values()),
        disordered=len(late) + _deeds_disordered(company),
        parked=len(parked),
        doubts=doubtful + storm.kills,
        missing=tuple(
            unkept
            + forgotten
            + [f"unread {one}" for one in unread][:SOME]
            + [f"unheard {one}" for one in silent if unheard][:SOME]
            + [_life(company, *one) for one in late][:SOME]
        ),
    )


def _struck(company: Company) -> tuple[int, int]:
    """Count the calls that were struck, and the messages among them that may have arrived."""
    found = company.chat.injected()["injected"]
    rows = found if isinstance(found, list) else []
    messages = [one for one in rows if str(one["method"]).startswith(("send", "edit"))]
    doubtful = sum(int(one["count"]) for one in messages if one["kind"] in DOUBTFUL)
    return sum(int(one["count"]) for one in rows), doubtful


def _count(company: Company, table: str) -> int:
    return int(company.rows(f"select count(*) as n from {table}")[0]["n"])


def _unsettled(company: Company) -> bool:
    marks = ", ".join(f"'{state}'" for state in SETTLED)
    waiting = company.rows(
        "select (select count(*) from inbox where done_at is null)"
        f" + (select count(*) from outbox where state not in ({marks})) as n"
    )[0]["n"]
    if waiting or int(str(company.chat.counts()["updates_waiting"])):
        return True
    with inline(company.database) as work:
        return bool(sync.to_carry(work))


def _echoes(sent: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """Return who was shown the answer to which question, in the order of arrival."""
    found = []
    for one in sent:
        _, mark, rest = str(one["text"]).partition("introuvable ")
        if mark:
            found.append((int(one["chat_id"]), mark + rest[:8]))
    return found


def _news(sent: list[dict[str, Any]]) -> Read:
    """Count each digest and broadcast by reader."""
    found = Read()
    for one in sent:
        text, chat = plain(str(one["text"])), int(one["chat_id"])
        if text.startswith(DIGEST):
            found[chat, text.splitlines()[0]] += 1
        elif NEWS in text:
            found[chat, text[text.index(NEWS) :][: len(NEWS) + 11]] += 1
    return found


def _expected(storm: Storm) -> set[tuple[int, str]]:
    """Return which news each representative must read."""
    numbers = range(1, storm.broadcasts + 1)
    found = set()
    for rep in storm.reps:
        chat, most = rep.person.id, rep.customers + storm.plan.left_alone
        found |= {(chat, f"{NEWS} numéro {n:03}") for n in numbers}
        found |= {(chat, place.name_of(rep.number, n)) for n in range(1, most + 1)}
        found |= {(chat, DAWN)} if storm.day_passed else set()
    return found


def _unread(company: Company, missed: set[tuple[int, str]]) -> list[str]:
    """Name the readers of news that neither arrived nor are accounted for in the outbox.

    Parked: a person decides. An alert that is dropped was overtaken by what its reader did.
    """
    rows = company.rows(
        "select chat_id, kind from outbox where state = 'parked'"
        " or (state = 'dropped' and kind = 'alert')"
    )
    missing = Counter((chat, _kind(words)) for chat, words in missed)
    missing -= Counter((int(row["chat_id"]), str(row["kind"])) for row in rows)
    missing -= Counter((chat, "alert") for chat in left_to_decide(company))
    return [f"{kind} of {chat}" for chat, kind in missing.elements()]


def _kind(words: str) -> str:
    """Return which kind of news begins with these words."""
    return "digest" if words.startswith(DIGEST) else "broadcast" if NEWS in words else "alert"


def _kept(company: Company) -> tuple[Deeds, Deeds, Deeds]:
    """Count the promises, disputes and acknowledgements kept, by representative and customer."""
    promises = company.rows(
        "select code from promise join customer on customer.id = promise.customer_id"
    )
    disputes = company.rows(
        "select code from dispute join customer on customer.id = dispute.customer_id"
    )
    taken = company.rows(
        "select code from event join customer on customer.id = event.customer_id"
        " where kind = 'alert.acknowledged'"
    )
    return _by_customer(promises), _by_customer(disputes), _by_customer(taken)


def _by_customer(rows: list[dict[str, Any]]) -> Deeds:
    return Counter(place.numbers_of(str(row["code"])) for row in rows)


def _journal(company: Company, *kept: Deeds) -> tuple[list[str], int]:
    """Name the kinds of deeds of which the journal has too few; count the events it has twice."""
    events = company.journal()
    written = Counter(str(event["kind"]) for event in events)
    missing = [
        f"journal {kind}"
        for kind, deeds in zip(KINDS, kept, strict=True)
        for _ in range(deeds.total() - written[kind])
    ]
    return missing, len(events) - len({event["id"] for event in events})


def _silent(reps: list[Rep], shown: list[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return the questions that nobody was shown an answer to."""
    return {(rep.person.id, words) for rep in reps for words in rep.asked} - set(shown)


def _given_up(company: Company) -> int:
    """Count the answers that the outbox says did not, or may not have, arrived."""
    return len(
        company.rows("select id from outbox where state in ('dropped', 'parked') and priority = 0")
    )


def _disordered(shown: list[tuple[int, str]]) -> list[tuple[str, str]]:
    """Return the answers that arrived, for the first time, after the answer to a later question.

    Each with the answer that came before it.
    """
    first: dict[int, list[str]] = defaultdict(list)
    for chat, words in dict.fromkeys(shown):
        first[chat].append(words)
    return [(b, a) for words in first.values() for a, b in pairwise(words) if a > b]


def _life(company: Company, late: str, before: str) -> str:
    """Tell what the outbox says of an answer that came late, and of the one before it."""
    rows = company.rows(
        "select id, state, owner, attempts, error, created_at, not_before, sent_at from outbox"
        f" where cast(body as text) like '%{late}%' or cast(body as text) like '%{before}%'"
    )
    return f"late {late} after {before}: {[[str(one) for one in row.values()] for row in rows]}"


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
