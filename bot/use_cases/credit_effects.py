"""What the forms of the credit manager ask for: figures known, decisions, guarantees, notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.scripts.values import Option
from bot.use_cases import (
    conversation_facts,
    credit_reviews,
    formal_notices,
    guarantees,
    notice_news,
)
from bot.use_cases.credit_standing import EQUITY, FOUNDED, MONTHLY, SCORE, SINCE
from bot.use_cases.effects import carries_out, money
from bot.use_cases.guarantees import Entry
from bot.use_cases.refusals import Outdated
from credit.guarantees import GuaranteeKind, Mentions
from credit.money import zero
from credit.risk_class import RiskClass
from credit.terms import add_months
from storage import customers
from storage import formal_notices as notices

if TYPE_CHECKING:
    from bot.use_cases.conversation_facts import Subject
    from bot.use_cases.effects import Arguments, Scene

SENT_DAYS = 6
TERM_MONTHS = (6, 12, 24, 36)
CLASSES = {one.value: one for one in RiskClass}


@carries_out("credit_known")
def credit_known(scene: Scene, arguments: Arguments) -> None:
    """Keep what the credit manager said of a company."""
    said = {name: arguments.get(name) for name in (EQUITY, MONTHLY)}
    said |= {
        name: None if arguments.get(name) is None else str(arguments[name])
        for name in (SCORE, FOUNDED, SINCE)
    }
    credit_reviews.complete(scene.work, scene.origin, scene.person, scene.customer, said)


@carries_out("credit_decision")
def credit_decision(scene: Scene, arguments: Arguments) -> None:
    """Decide as the form says; no limit is a limit of nothing."""
    risk = CLASSES.get(str(arguments["risk"]))
    if risk is None:
        raise Outdated
    limit = arguments.get("limit")
    credit_reviews.change(
        scene.work,
        scene.origin,
        scene.person,
        scene.customer,
        risk,
        money(limit) if limit else zero(_currency(scene)),
        str(arguments["reason"]),
        scene.rules,
    )


def _currency(scene: Scene) -> str:
    return credit_reviews.proposed(
        scene.work, scene.customer, scene.origin.at, scene.rules
    ).seen.currency


@carries_out("guarantee")
def guarantee(scene: Scene, arguments: Arguments) -> None:
    """Enter a guarantee in the register."""
    amount, until = arguments.get("amount"), arguments.get("until")
    mentions = arguments.get("mentions")
    kind = GuaranteeKind(str(arguments["kind"]))
    surety = kind is GuaranteeKind.PERSONAL_SURETY
    entry = Entry(
        kind=kind,
        amount=money(amount) if amount and kind in guarantees.WITH_AMOUNT else None,
        valid_until=date.fromisoformat(str(until)) if until else None,
        giver=str(arguments["giver"]) if arguments.get("giver") else None,
        mentions=Mentions(str(mentions)) if mentions and surety else None,
        reference=str(arguments["reference"]) if arguments.get("reference") else None,
        files=tuple(_photo(one) for one in arguments.get("photos") or ()),
    )
    guarantees.add(scene.work, scene.origin, scene.person, scene.customer, entry, scene.rules)


def _photo(one: Mapping[str, Any]) -> dict[str, str]:
    return {"file_id": str(one["file_id"]), "unique_id": str(one["unique_id"])}


@carries_out("notice_sent")
def notice_sent(scene: Scene, arguments: Arguments) -> None:
    """Tell that the notice which the form is about has left."""
    if scene.subject_id is None:
        raise Outdated
    reference = arguments.get("reference")
    formal_notices.send(
        scene.work,
        scene.origin,
        scene.person,
        scene.subject_id,
        date.fromisoformat(str(arguments["on"])),
        str(arguments["means"]),
        str(reference) if reference else None,
    )
    notice_news.tell(
        scene.work, scene.origin, scene.person, scene.subject_id, notice_news.SENT, scene.rules
    )


def _deciding(subject: Subject) -> Mapping[str, object]:
    """Know the proposal; once a class is chosen, the limit that goes with it."""
    if subject.customer_id is None:
        return {}
    answers = subject.call.answers if subject.call else {}
    wanted = CLASSES.get(str(answers.get("risk")))
    now, rules = subject.now, subject.rules
    found = credit_reviews.proposed(subject.work, subject.customer_id, now, rules, wanted)
    return {
        "currency": found.seen.currency,
        "class_proposed": found.rating.risk.value,
        "limit_proposed": found.amount,
        "limit_now": found.seen.account.limit,
    }


def _ending(subject: Subject) -> Mapping[str, object]:
    """Know the likely last days of a guarantee."""
    today = subject.now.today
    days = [add_months(today, months) for months in TERM_MONTHS]
    return {"term_chips": _chips(days)}


def _sending(subject: Subject) -> Mapping[str, object]:
    """Know what the notice claims, and the last days: it may have left before today."""
    row = formal_notices.read(subject.work, subject.subject_id or 0)
    found = customers.by_id(subject.work, row.customer_id)
    today = subject.now.today
    return {
        "customer": found and found.name,
        "notice_amount": notices.in_all_currencies(row),
        "sent_chips": _chips([today - timedelta(days=n) for n in range(SENT_DAYS)]),
    }


def _chips(days: list[date]) -> list[Option]:
    return [Option(f"d{n}", day, {"day": day}) for n, day in enumerate(days)]


conversation_facts.BUILDERS["credit_decision"] = _deciding
conversation_facts.BUILDERS["guarantee"] = _ending
conversation_facts.BUILDERS["notice_sent"] = _sending
