"""What conversations ask for, carried out: each effect of the scripts becomes a use case."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.use_cases import alert_answers, contacts, disputes, handover, promises
from bot.use_cases.contacts import ContactRequest, TaskRequest
from bot.use_cases.disputes import DisputeRequest, Photo
from bot.use_cases.promises import PromiseRequest
from bot.use_cases.refusals import NotYours, Outdated
from credit.dispute import DisputeReason
from credit.money import Money
from credit.promise import Means, PromiseLine
from storage import alerts, customers
from storage import promises as promise_rows
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.scripts.effects import Effect
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.work import Work

log = logging.getLogger(__name__)

Arguments = Mapping[str, Any]
Recorded = tuple[str, int, str]
"""What an effect has left behind: (what, row id, detail); undoing reads it backwards."""

PROMISE, DISPUTE, CONTACT, TASK = "promise", "dispute", "contact", "task"
TASK_DONE, CONFIRMATION, STOPPED = "task_done", "confirmation", "stopped"
OBSERVATION, DISPUTE_STEP, CHARGE = "observation", "dispute_step", "charge"
RESEND_TASKS = {"delivery_note": "send_delivery_note"}


@dataclass(slots=True)
class Scene:
    """What every effect of one turn works on, and what the conversation has recorded so far."""

    work: Work
    origin: Origin
    person: Person
    rules: Rules
    conversation_id: int
    customer_id: int | None
    subject_id: int | None
    made: list[Recorded] = field(default_factory=list)

    @property
    def customer(self) -> int:
        """Return the account that the conversation is about; raise `NotYours` without one."""
        if self.customer_id is None:
            raise NotYours
        return self.customer_id

    def keep(self, what: str, key: int, detail: str = "") -> None:
        """Remember what was recorded, so that it can be undone and shown."""
        self.made.append((what, key, detail))

    def last(self, what: str) -> int | None:
        """Return the row recorded last under that name."""
        return next((key for kind, key, _ in reversed(self.made) if kind == what), None)


EffectFunction = Callable[[Scene, Arguments], None]
EFFECTS: dict[str, EffectFunction] = {}
"""The function of each effect; subjects that own an effect add theirs by `carries_out`."""


def carries_out(name: str) -> Callable[[EffectFunction], EffectFunction]:
    """Declare the function that carries out an effect of the scripts."""

    def register(function: EffectFunction) -> EffectFunction:
        EFFECTS[name] = function
        return function

    return register


def carry_out(scene: Scene, effect: Effect) -> None:
    """Carry out one effect in the turn's own transaction; an unknown one is only logged."""
    function = EFFECTS.get(effect.name)
    if function is None:
        log.error("no module carries out this effect", extra={"effect": effect.name})
        return
    function(scene, effect.arguments)


def money(value: Mapping[str, str]) -> Money:
    """Read a plain amount back."""
    return Money(Decimal(value["amount"]), value["currency"])


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _text(value: object) -> str | None:
    return str(value) if value else None


@carries_out("promise")
def promise(scene: Scene, arguments: Arguments) -> None:
    """Write the promise down."""
    raw = [line for line in arguments["lines"] if line.get("amount") and line.get("due_on")]
    amounts = [money(line["amount"]) for line in raw]
    means = next((line["means"] for line in raw if line.get("means")), Means.TRANSFER)
    request = PromiseRequest(
        currency=amounts[0].currency if amounts else "EUR",
        lines=tuple(
            PromiseLine(date.fromisoformat(line["due_on"]), amount.minor)
            for line, amount in zip(raw, amounts, strict=True)
        ),
        means=Means(means),
        scope=str(arguments.get("scope") or promises.OTHER),
        items=frozenset(int(one) for one in arguments.get("items") or ()),
        contact=_text(arguments.get("person")),
        engaged=bool(arguments.get("engaged", True)),
        reference=_text(arguments.get("reference")),
    )
    kept = promises.make(
        scene.work, scene.origin, scene.person, scene.customer, request, scene.rules
    )
    scene.keep(PROMISE, kept.promise.id)


@carries_out("dispute")
def dispute(scene: Scene, arguments: Arguments) -> None:
    """Open the dispute, with its photos."""
    amount, item = arguments.get("amount"), arguments.get("item")
    request = DisputeRequest(
        reason=DisputeReason(arguments["reason"]),
        item_id=int(item) if item is not None else None,
        amount=money(amount) if amount else None,
        text=str(arguments.get("text") or ""),
        photos=tuple(
            Photo(str(one["file_id"]), str(one["unique_id"]))
            for one in arguments.get("photos") or ()
        ),
    )
    dispute_id = disputes.open_dispute(
        scene.work, scene.origin, scene.person, scene.customer, request, scene.rules
    )
    scene.keep(DISPUTE, dispute_id)


@carries_out("contact")
def contact(scene: Scene, arguments: Arguments) -> None:
    """Record the contact: one call, one record."""
    request = ContactRequest(
        outcome=str(arguments["outcome"]),
        channel=str(arguments.get("channel") or "phone"),
        reason=_text(arguments.get("reason_code")),
        faith=_text(arguments.get("faith")),
        note=_text(arguments.get("note")),
        contact=_text(arguments.get("person")),
        reference=_text(arguments.get("reference")),
        next_on=_day(arguments.get("on")),
        conversation_id=scene.conversation_id,
    )
    contact_id, closed = contacts.record_contact(
        scene.work, scene.origin, scene.person, scene.customer, request
    )
    scene.keep(CONTACT, contact_id)
    for task_id in closed:
        scene.keep(TASK_DONE, task_id)
    alert = alerts.of(scene.work, scene.customer)
    if alert is not None and alert.level and alert.state == alerts.RAISED:
        # Who calls takes care of it: his manager needs not hear of an alert without an answer.
        alert_answers.take_charge(scene.work, scene.origin, scene.person, scene.customer)
        scene.keep(CHARGE, scene.customer, alert.answer_by.isoformat() if alert.answer_by else "")


@carries_out("task")
def task(scene: Scene, arguments: Arguments) -> None:
    """Plan what is to be done next, by the rep or by the role named."""
    kind = str(arguments["kind"])
    if kind == promises.FOLLOW_UP and scene.last(PROMISE) is not None:
        return  # the promise has planned its own, instalment by instalment
    request = TaskRequest(
        kind=kind,
        on=_day(arguments.get("on")),
        in_business_days=arguments.get("in_business_days"),
        note=_text(arguments.get("note")),
        person_id=handover.holder_of_task(scene.work, scene.person, arguments.get("to")),
    )
    _plan(scene, request)


def _plan(scene: Scene, request: TaskRequest) -> None:
    key = f"{scene.conversation_id}:{len(scene.made)}"
    task_id = contacts.plan(scene.work, scene.origin, scene.customer, request, scene.rules, key)
    scene.keep(TASK, task_id)


@carries_out("resend")
def resend(scene: Scene, arguments: Arguments) -> None:
    """Plan for today that a document leaves again, with the address to use."""
    document = str(arguments["document"])
    kind = RESEND_TASKS.get(document, f"resend_{document}")
    note = _text(arguments.get("address"))
    _plan(scene, TaskRequest(kind, note=note, person_id=scene.person.id))


@carries_out("escalate")
def escalate(scene: Scene, arguments: Arguments) -> None:
    """Hand the account over to who has the authority."""
    handover.escalate(
        scene.work,
        scene.origin,
        scene.person,
        scene.customer,
        to=str(arguments["to"]),
        why=str(arguments["why"]),
        note=_text(arguments.get("note")) or "",
        rules=scene.rules,
    )


@carries_out("stop_dunning")
def stop_dunning(scene: Scene, arguments: Arguments) -> None:
    """Stop every reminder on the account, until the credit manager decides."""
    why = str(arguments["why"])
    details = {
        name: str(arguments[name])
        for name in ("court", "opened_on", "receiver")
        if arguments.get(name)
    }
    if handover.stop_dunning(scene.work, scene.origin, scene.customer, why, details):
        scene.keep(STOPPED, scene.customer, why)


@carries_out("confirmation")
def confirmation(scene: Scene, arguments: Arguments) -> None:
    """Hand the written confirmation of the promise over to the rep, ready to forward."""
    promise_id = scene.last(PROMISE)
    if promise_id is not None:
        promise_rows.confirm(scene.work, promise_id, scene.origin.at.at)
        scene.keep(CONFIRMATION, promise_id, str(arguments.get("channel") or ""))


@carries_out("contact_person")
def contact_person(scene: Scene, arguments: Arguments) -> None:
    """Remember who decides, or who stands in, at the customer's."""
    name = str(arguments["name"])
    customers.keep_contact(scene.work, scene.customer, name)
    data = {"name": name, "role": arguments.get("role"), "back_on": arguments.get("back_on")}
    record(scene.work, scene.origin, "contact.person_named", data, scene.customer)


@carries_out("snooze_alert")
def snooze_alert(scene: Scene, arguments: Arguments) -> None:
    """Hide the alert until that morning; nothing to hide once it is cleared."""
    until = date.fromisoformat(str(arguments["until"]))
    with suppress(Outdated):
        alert_answers.snooze(
            scene.work, scene.origin, scene.person, scene.customer, until, scene.rules
        )


@carries_out("dismiss_alert")
def dismiss_alert(scene: Scene, arguments: Arguments) -> None:
    """Close the alert as not relevant; nothing to close once it is cleared."""
    note = _text(arguments.get("note")) or ""
    why = str(arguments["reason"])
    with suppress(Outdated):
        alert_answers.dismiss(scene.work, scene.origin, scene.person, scene.customer, why, note)
