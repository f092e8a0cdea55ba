"""What the forms about orders ask for: a release request, its refusal, and what they know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.use_cases import conversation_facts, orders
from bot.use_cases.effects import carries_out
from bot.use_cases.refusals import Outdated
from credit.money import Money
from storage import releases

if TYPE_CHECKING:
    from bot.use_cases.conversation_facts import Subject
    from bot.use_cases.effects import Arguments, Scene


@carries_out("ask_release")
def ask_release(scene: Scene, arguments: Arguments) -> None:
    """Send the request that the form is about."""
    if scene.subject_id is None:
        raise Outdated
    orders.ask(
        scene.work,
        scene.origin,
        scene.person,
        scene.subject_id,
        str(arguments["reason"]),
        scene.rules,
    )


@carries_out("refuse_release")
def refuse_release(scene: Scene, arguments: Arguments) -> None:
    """Refuse the request that the form is about."""
    if scene.subject_id is None:
        raise Outdated
    orders.decide(
        scene.work,
        scene.origin,
        scene.person,
        scene.subject_id,
        releases.REFUSED,
        scene.rules,
        alternative=str(arguments["alternative"]),
        note=str(arguments.get("note") or ""),
    )


def _about(subject: Subject) -> Mapping[str, object]:
    row = releases.by_id(subject.work, subject.subject_id or 0)
    if row is None:
        return {}
    amount = Money.from_minor(row.amount_minor, row.currency)
    return {"order_by": row.asker, "order_amount": amount}


conversation_facts.BUILDERS["release"] = _about
conversation_facts.BUILDERS["release_refusal"] = _about
