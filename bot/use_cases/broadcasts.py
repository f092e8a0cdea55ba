"""A message from the credit manager to many colleagues: counted, sent, seen, reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.alerts.audience import ROLES, Audience, AudienceKind
from bot.scripts.values import Option
from bot.use_cases import telling
from bot.use_cases.conversation_facts import BUILDERS, Subject
from bot.use_cases.effects import Arguments, Scene, carries_out
from bot.use_cases.refusals import MessageTooLong, NobodyThere, NotYourRole, NotYours
from credit.calendar import next_open
from credit.people import Person, Role, may_broadcast, sees_everything
from storage import broadcast_waves, broadcasts, people
from storage.broadcasts import BLOCKED, FAILED, SEEN, SENT, WAITING, Broadcast
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from storage.work import Work

BROADCAST, REPORT = "broadcast", "report"
LONGEST = 3500
"""UTF-16 units of the text: what a message takes, less the author's line above it."""
FOLLOWED = timedelta(days=30)
NAMED = 8
"""People a report names of those who have not seen the message, and of those without it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A broadcast on its way, and to how many."""

    broadcast: int
    recipients: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many recipients got a message, have seen it, did not get it, or wait for it."""

    recipients: int
    sent: int
    seen: int
    blocked: int
    failed: int
    waiting: int

    def as_json(self) -> dict[str, int]:
        """Return the figures by name; those who have seen it are among those it was sent to."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Report:
    """How far a broadcast has come, and the first of those who have not seen or not got it."""

    broadcast: Broadcast
    tally: Tally
    unseen: tuple[str, ...]
    unreached: tuple[str, ...]


def audience_of(name: str, team: object = None) -> Audience:
    """Make the audience that a conversation names; `team` is its sales manager's id."""
    manager = int(str(team)) if team not in {None, ""} else None
    kind = AudienceKind(name)
    return Audience(kind, manager if kind is AudienceKind.TEAM else None)


def chosen(work: Work, author: Person, audience: Audience) -> list[int]:
    """Name the people a broadcast would go to, the author left out, by name.

    An unknown sales manager has no team; one without a code has all reps.
    """
    if audience.kind is not AudienceKind.TEAM:
        return people.of_roles(work, ROLES[audience.kind], author.id)
    leader = people.by_id(work, audience.manager) if audience.manager is not None else None
    if leader is None or leader.role is not Role.SALES_MANAGER or not leader.active:
        return []
    if not sees_everything(leader):
        return people.led_by(work, leader.id, leader.codes, author.id)
    everybody = people.of_roles(work, (Role.REP,), author.id)
    return [*everybody, *people.led_by(work, leader.id, (), author.id)]


def count(work: Work, author: Person, audience: str, team: object = None) -> int:
    """Count the people a broadcast would go to."""
    return len(chosen(work, author, audience_of(audience, team)))


def send(
    work: Work,
    origin: Origin,
    person: Person,
    *,
    message: str,
    audience: str,
    team: object,
    rules: Rules,
    at_once: bool = False,
) -> Sent:
    """Send a message to an audience, and open its report.

    It leaves within working hours; `at_once` is for who knows what time it is.
    """
    if not may_broadcast(person):
        raise NotYourRole
    text = message.strip()
    if not text or len(text.encode("utf-16-le")) // 2 > LONGEST:
        raise MessageTooLong(LONGEST)
    to = chosen(work, person, audience_of(audience, team))
    if not to:
        raise NobodyThere
    named = f"{audience}:{team}" if team else audience
    broadcast_id = broadcasts.add(work, person.id, text, named, to, origin.at.at)
    when = origin.at.at if at_once else _opening(origin, rules)
    broadcast_waves.begin(work, broadcast_id, WAITING, origin.at.at, when)
    post_report(work, origin, broadcast_id, person, 0)
    data = {"broadcast": broadcast_id, "audience": named, "recipients": len(to)}
    record(work, origin, "broadcast.sent", data)
    return Sent(broadcast_id, len(to))


def _opening(origin: Origin, rules: Rules) -> datetime:
    return next_open(origin.at, rules.calendar, rules.policy.hours.push)


def tally(work: Work, broadcast_id: int) -> Tally:
    """Count how far a broadcast has come."""
    found = broadcasts.counts(work, broadcast_id)
    return Tally(
        recipients=sum(found.values()),
        sent=found.get(SENT, 0) + found.get(SEEN, 0),
        seen=found.get(SEEN, 0),
        blocked=found.get(BLOCKED, 0),
        failed=found.get(FAILED, 0),
        waiting=found.get(WAITING, 0),
    )


def signatory(work: Work) -> Person | None:
    """Name who signs what the command line sends: the first credit manager, or an admin."""
    known = people.desk(work)
    for role in (Role.CREDIT_MANAGER, Role.ADMIN):
        for one in known:
            if one.role is role:
                return one
    return None


def post_report(
    work: Work, origin: Origin, broadcast_id: int, author: Person, progress: int
) -> None:
    """Post the delivery report to the author: sent once, then edited as it changes."""
    telling.tell(
        work,
        origin.at,
        author,
        REPORT,
        {"broadcast_id": broadcast_id},
        dedupe=f"report:{broadcast_id}:{progress}",
    )


def see(work: Work, origin: Origin, person: Person, broadcast_id: int) -> Broadcast:
    """Note that a recipient has read the message; pressing twice changes nothing."""
    found = of(work, broadcast_id)
    if broadcasts.state_of(work, broadcast_id, person.id) is None:
        raise NotYours
    broadcasts.seen(work, broadcast_id, person.id, origin.at.at)
    return found


def remind(work: Work, origin: Origin, person: Person, broadcast_id: int, rules: Rules) -> int:
    """Send the message again to those who got it and have not seen it, once a day at most."""
    own(work, person, broadcast_id)
    again = f":{origin.at.today.isoformat()}"
    when = _opening(origin, rules)
    expected = broadcast_waves.expected(work, broadcast_id, SENT, again)
    if expected:
        broadcast_waves.begin(work, broadcast_id, SENT, origin.at.at, when, again)
    told = {"broadcast": broadcast_id, "recipients": expected}
    record(work, origin, "broadcast.reminded", told)
    return expected


def own(work: Work, person: Person, broadcast_id: int) -> Broadcast:
    """Read one's own broadcast; credit people read each other's."""
    found = of(work, broadcast_id)
    if not (may_broadcast(person) or found.person_id == person.id):
        raise NotYours
    return found


def reported(work: Work, person: Person, broadcast_id: int) -> Report:
    """Read the report of one's own broadcast."""
    found = own(work, person, broadcast_id)
    unseen = broadcasts.names(work, broadcast_id, (SENT,), NAMED)
    unreached = broadcasts.names(work, broadcast_id, (BLOCKED, FAILED), NAMED)
    return Report(found, tally(work, broadcast_id), tuple(unseen), tuple(unreached))


def readers(work: Work, person: Person, broadcast_id: int) -> tuple[Broadcast, list[Any]]:
    """Read one's own broadcast with every recipient: how far it came with each, since when."""
    return own(work, person, broadcast_id), broadcasts.readers(work, broadcast_id)


def of(work: Work, broadcast_id: int) -> Broadcast:
    """Read a broadcast; one that does not exist is refused as somebody else's."""
    found = broadcasts.by_id(work, broadcast_id)
    if found is None:
        raise NotYours
    return found


def unread(work: Work, broadcast_id: int, person: Person) -> bool:
    """Tell whether a message is for this person and was not seen by him."""
    state = broadcasts.state_of(work, broadcast_id, person.id)
    return state is not None and state != SEEN


def unfinished(work: Work) -> list[int]:
    """Name the broadcasts of which not everything is in the outbox."""
    return broadcast_waves.unfinished(work)


def go_on(work: Work, broadcast_id: int, now: Moment) -> bool:
    """Put the next messages of a broadcast in the outbox; False when none is left."""
    return broadcast_waves.go_on(work, broadcast_id, now.at)


def behind(work: Work, now: Moment) -> list[tuple[int, int]]:
    """Find the broadcasts whose report has fallen behind, with their progress."""
    return broadcasts.behind(work, now.at - FOLLOWED)


def refresh(work: Work, origin: Origin, changed: Iterable[tuple[int, int]]) -> int:
    """Bring reports up to date: one edit each, however much has changed."""
    done = 0
    for broadcast_id, progress in changed:
        found = broadcasts.by_id(work, broadcast_id)
        author = people.by_id(work, found.person_id) if found else None
        broadcasts.told(work, broadcast_id, progress)
        if author is not None and author.active:
            post_report(work, origin, broadcast_id, author, progress)
            done += 1
    return done


@carries_out(BROADCAST)
def _carried_out(scene: Scene, arguments: Arguments) -> None:
    sent = send(
        scene.work,
        scene.origin,
        scene.person,
        message=str(arguments["message"]),
        audience=str(arguments["audience"]),
        team=arguments.get("team"),
        rules=scene.rules,
    )
    scene.keep(BROADCAST, sent.broadcast)


def facts(subject: Subject) -> Mapping[str, object]:
    """Count the audience chosen so far, and offer the teams."""
    answers = subject.call.answers if subject.call else {}
    teams = people.named(subject.work, Role.SALES_MANAGER)
    known: dict[str, object] = {"team_options": _options(teams)}
    name = str(answers.get("audience") or "")
    if name in set(AudienceKind):
        team = answers.get("team")
        known["recipients"] = count(subject.work, subject.person, name, team)
        known["team_name"] = dict(teams).get(int(str(team))) if team else None
    return known


def _options(teams: Iterable[tuple[int, str]]) -> list[Option]:
    return [Option(f"t{person_id}", person_id, {"name": name}) for person_id, name in teams]


BUILDERS[BROADCAST] = facts
