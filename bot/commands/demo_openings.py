"""The demo's account files, filled in, sent and decided by the same use cases as any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.application import House
    from bot.commands.demo_past import Stage
    from bot.demo.openings import Asked
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work


def play(work: Work, house: House, stage: Stage, staff: Mapping[str, Person]) -> None:
    """Open the three files of the demo; who decides is told of the one that waits."""
    from bot.demo.openings import OPENINGS

    for one in OPENINGS:
        _play(work, house, stage, one, staff[one.rep])


def _play(work: Work, house: House, stage: Stage, one: Asked, rep: Person) -> None:
    from bot.demo.openings import ACCEPTED, DRAFT
    from bot.use_cases import openings

    def origin(what: str, days_ago: int, person: Person) -> Origin:
        return stage.origin(f"opening:{one.rep}:{what}", days_ago, person)

    key = openings.begin(work, origin("begin", one.days_ago, rep), rep)
    for code, text in one.answers:
        step = origin(code, one.days_ago, rep)
        found = openings.show(work, rep, key, step.at, house.rules)
        openings.aim(work, found, "", code)
        openings.answer(work, step, rep, key, house.rules, text=text)
    if one.state != DRAFT:
        openings.send(work, origin("send", one.days_ago, rep), rep, key, house.rules)
    if one.state == ACCEPTED:
        _accept(work, house, stage, key)


def _accept(work: Work, house: House, stage: Stage, key: int) -> None:
    from bot.use_cases import opening_decisions
    from bot.use_cases.opening_decisions import Grant
    from credit.money import Money
    from credit.people import Role
    from storage import people

    decider = next(one for one in people.active(work) if one.role is Role.CREDIT_MANAGER)
    grant = Grant("B", Money.from_minor(500_000, "EUR"), 6, "net30", ("retention",), "deposit30")
    origin = stage.origin("opening:accept", 0, decider)
    opening_decisions.accept(work, origin, decider, key, grant, house.rules)
