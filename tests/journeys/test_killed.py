"""Acceptance 4: the bot is killed after every gesture of the journey, and nobody notices.

Each gesture meets one of four deaths (`deaths.py`); then the bot starts again and the journey
goes on. In the end the rows, the journal and the chats are those of a week without any death.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial

import pytest

from bot.use_cases import daily_look, sync
from tests.journeys import story
from tests.journeys.copies import Copy
from tests.journeys.deaths import DEATHS, REPEATING, Death, at_once, quiet, unacknowledged, untold
from tests.journeys.harness import PATIENCE, Company
from tests.journeys.processes import Launch
from tests.journeys.story import Step, both, plain
from tests.storage.inline import inline

# A step whose gesture brings news to several waits for the last of them: what is on its way at
# the moment of a death comes once more, in the middle of what follows.
FILES = [
    story.FILES[0],
    replace(story.FILES[1], sees=both("Boulangerie Martin", "reçu car")),
]
UPLOAD = [
    story.UPLOAD[0],
    Step(
        "tap Importer",
        lambda company, _p: story.UPLOAD[1].gesture(company),
        both("Fleurs Lambert", "reçu car"),
    ),
]
STEPS: list[Step] = [
    *FILES,
    *story.SNOOZE,
    *story.CALL,
    *story.PROMISE,
    *story.DISPUTE,
    *UPLOAD,
    *story.NOT_RELEVANT[1:],  # the step before has waited for it
    *story.LANGUAGE,
]
ROLES = {"Rémi": ("rep", "R1", "R2"), "Claire": ("credit-manager",)}
BREATH = 12  # gestures after which one chat has had enough: a new process begins afresh
# What the product remembers, without numbers and moments that differ from run to run.
REMEMBERED = {
    "promise": "select state, amount_minor, means, contact, scope from promise",
    "promise_line": "select n, due_on, amount_minor, state from promise_line",
    "dispute": "select reason, amount_minor, text, state, late from dispute",
    "attachment": "select mime from attachment",
    "contact_record": "select outcome, channel, reason, faith, note, withdrawn_at is null as stands"
    " from contact_record",
    "task": "select kind, due_on, note, done_at is null as waits from task",
    "conversation": "select script, state, outcome from conversation",
    "alert": "select code, level, state, points from alert"
    " join customer on customer.id = alert.customer_id",
    "item": "select number, open_minor from item",
    "import_run": 'select file, kind, "new", changed, settled from import_run',
    "event": "select kind, code from event left join customer on customer.id = event.customer_id",
    "person": "select name, locale from person",
}
PUT_OFF = "select customer_id from alert where state = 'snoozed'"
PARKED = "select kind, error from outbox where state = 'parked'"
DIGEST = "📬"
# An alert or a digest that had left when the bot died is sent once more, and never a third time.
NEWS = "reçu car"
MOST_REPEATS = 1
DOUBTS = "📭"  # the credit manager is told what waits for his decision

Read = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Week:
    """What is left of a week: rows, journal, and what everybody can read in the end."""

    remembered: dict[str, list[str]]
    journal: list[tuple[str, str]]
    read: Read
    arrived: Read
    digests: Read
    parked: int


def opened(company: Company) -> None:
    """Enrol everybody; the look of this day is over, or its moment would differ from run to run."""
    for name, (role, *codes) in ROLES.items():
        payload = company.invitation(role, *codes, name=name)
        company.meet(name).send(f"/start {payload}")
    with inline(company.database) as work:
        daily_look.done(work, company.now.date())
    company.start()
    for person in company.people.values():
        person.wait_for("Bienvenue", PATIENCE, anywhere=True)


def told(company: Company, deaths: tuple[Death, ...], at_dawn: Death | None = None) -> Week:
    """Tell the story, each gesture followed by the next of these deaths, if any."""
    opened(company)
    for number, step in enumerate(STEPS):
        if not deaths and number % BREATH == BREATH - 1:
            company.later(company.now)
        live(company, step, due(deaths, number, step) if deaths else None)
    live(company, story.MORNING, at_dawn)
    return left(company)


def due(deaths: tuple[Death, ...], number: int, step: Step) -> Death:
    """Choose a death: alerts that are refused come again at any moment, on their way or not."""
    death = deaths[number % len(deaths)]
    return at_once if death is untold and step in (*FILES, UPLOAD[1]) else death


def live(company: Company, step: Step, death: Death | None) -> None:
    """Make a gesture, with the death that follows it, and wait until nothing moves any more."""
    if death is None:
        step.gesture(company)
    else:
        death(company, step)
        company.chat.faults()
        company.start()
    step.seen(company)
    quiet(company)


def left(company: Company) -> Week:
    """Wait until everything is told, and read it."""
    company.until(lambda: not company.rows(PUT_OFF), "the alert that was put off")
    company.until(lambda: len(this_morning(company)) + parked(company) >= 2, "the digests")
    quiet(company)
    company.until(lambda: everything_is_out(company), "the journal")
    events = company.journal()
    assert len({event["id"] for event in events}) == len(events)
    return Week(
        remembered={
            name: sorted(" | ".join(map(alike, row.values())) for row in company.rows(statement))
            for name, statement in REMEMBERED.items()
        },
        journal=sorted((event["kind"], event["customer"]) for event in events),
        read=read(company),
        arrived=arrived(company),
        digests=digests(company),
        parked=parked(company),
    )


def alike(value: object) -> str:
    """Write a value as both databases' rows are compared: one has no truth values of its own."""
    return str(int(value) if isinstance(value, bool) else value)


def everything_is_out(company: Company) -> bool:
    with inline(company.database) as work:
        return not sync.to_carry(work)


def parked(company: Company) -> int:
    return len(company.rows(PARKED))


def read(company: Company) -> Read:
    """Count what each person can read in his chat, whatever the order and the hour."""
    return Counter(
        (name, re.sub(r"\b\d\d:\d\d\b", "10:00", plain(shown.text)))
        for name, person in company.people.items()
        for shown in person.messages()
        if shown.is_from_bot and shown.text[:1] not in (DIGEST, DOUBTS)
    )


def arrived(company: Company) -> Read:
    """Count every message of its own that arrived, buttons and all, whatever became of it."""
    return Counter(
        (plain(str(call["params"]["text"])), str(sorted(call["params"].items())))
        for call in company.chat.log("sendMessage")
        if call["ok"] and isinstance(call["params"], dict)
    )


def news(arrived: Read) -> set[str]:
    """Tell for whom an alert arrived, and why; fail when one arrived more than twice."""
    found = Counter({key: n for key, n in arrived.items() if NEWS in key[0]})
    told = Counter(text.splitlines()[0] + text[text.index(NEWS) :] for text, _ in found.elements())
    assert max(told.values()) <= 1 + MOST_REPEATS, told
    return set(told)


def digests(company: Company) -> Read:
    """Count the digests of each person and day: the rest of their words tells the hour."""
    return Counter(
        (name, plain(shown.text).splitlines()[0])
        for name, person in company.people.items()
        for shown in person.messages()
        if DIGEST in shown.text
    )


def this_morning(company: Company) -> set[tuple[str, str]]:
    """Return who has read the digest of Wednesday; Tuesday's may have had nothing to say."""
    return {(name, line) for name, line in digests(company) if "11 mars" in line}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Week:
    """Tell the story once without any death."""
    with Company(tmp_path_factory.mktemp("undisturbed"), launch=Copy) as company:
        return told(company, ())


@pytest.fixture
def launch() -> Launch:
    return Copy


@pytest.mark.slow
@pytest.mark.parametrize(
    ("company_url", "first", "at_dawn"),
    [("sqlite", 0, unacknowledged), ("postgresql", 2, partial(untold, seconds=5))],
    indirect=["company_url"],
)
def test_killed_after_every_gesture(
    company: Company, undisturbed: Week, first: int, at_dawn: Death
) -> None:
    week = told(company, (*DEATHS[first:], *DEATHS[:first]), at_dawn)
    assert week.remembered == undisturbed.remembered
    assert week.journal == undisturbed.journal
    assert max(week.digests.values()) <= 1 + MOST_REPEATS
    assert news(week.arrived) <= news(undisturbed.arrived)
    # What did not arrive though it was repeated is kept for a person to decide.
    lost, more = undisturbed.read - week.read, week.read - undisturbed.read
    assert lost.total() + len(ROLES) - len(this_morning(company)) <= week.parked, lost
    # What had left when the bot died is repeated once.
    assert max(week.arrived.values()) <= 2
    assert more.total() <= len(STEPS) * len(REPEATING) / len(DEATHS) + week.parked, more
