"""A customer's credit on the phone: class, limit, what they rest on, and the reviews due."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.screens import formats
from bot.screens.account import OpenAccount, gauge
from bot.screens.credit_grid import graded, limited
from bot.screens.credit_taps import (
    AcceptProposal,
    ChangeProposal,
    CompleteFile,
    ShowCredit,
    ShowDecisions,
    ShowProposal,
    ShowReviews,
)
from bot.screens.guarantee import ShowGuarantees
from bot.screens.letter import ShowNotices
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.worklist import amounts
from credit.money import Money
from storage import credit_decisions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.use_cases.accounts import Account
    from bot.use_cases.credit_deciding import Proposal
    from bot.use_cases.credit_reviews import Due
    from bot.use_cases.guarantees import Register
    from bot.use_cases.notice_standing import Standing
    from bot.use_cases.rules import Rules

LABEL = 30
CAUSES = {
    credit_decisions.REVIEW: N_("review"),
    credit_decisions.EARLY: N_("early review"),
    credit_decisions.OPENING: N_("account opening"),
    credit_decisions.CRITICAL: N_("downgrade at once: critical signal"),
    credit_decisions.REJECT: N_("downgrade at once: payment rejected"),
}


def overview(
    speaker: Speaker, register: Register, notices: Standing, *, may_decide: bool
) -> Screen:
    """Show on one screen what was decided of a customer, and the ways to decide more."""
    account = register.account
    customer = account.customer
    formal = notices.sent("formal")
    page = speaker.page(
        "credit/overview.html",
        customer=customer,
        limit=account.limit,
        ledger=_ledger(account),
        gauge=gauge(account),
        overdue=_is_due(account),
        guarantees=len(register.held),
        covered=[formats.round_money(one, speaker.locale) for one in register.covered],
        formal=formal,
        claimed=amounts(speaker, formal.amounts) if formal else "",
        told=notices.told,
    )
    rows: list[tuple[Button, ...]] = [
        (Button(speaker.say("🛡 Guarantees"), ShowGuarantees(customer.id)),),
        (Button(speaker.say("← Account"), OpenAccount(customer.id)),),
    ]
    if may_decide:
        ask = Button(speaker.say("📊 Class and limit"), ShowProposal(customer.id), style="primary")
        letters = Button(speaker.say("✉️ Letters"), ShowNotices(customer.id))
        history = Button(speaker.say("🕘 Decisions"), ShowDecisions(customer.id))
        rows = [(ask,), (*rows[0], letters), (history,), rows[1]]
    return Screen(page, tuple(rows))


def _ledger(account: Account) -> Money | None:
    """Return the ledger's limit when another one is in force."""
    customer = account.customer
    if customer.ledger_limit_minor is None:
        return None
    stated = Money.from_minor(customer.ledger_limit_minor, customer.ledger_currency or "EUR")
    return None if stated == account.limit else stated


def _is_due(account: Account) -> bool:
    until = account.customer.limit_until
    return until is not None and until <= account.today


def proposal(speaker: Speaker, found: Proposal, rules: Rules) -> Screen:
    """Show the grid line by line, the limit with what holds it down, and what to press."""
    customer = found.seen.account.customer
    page = speaker.page(
        "credit/proposal.html",
        customer=customer,
        risk=found.risk.value,
        rated=found.rating.risk.value,
        points=formats.decimal(found.rating.points.normalize() + Decimal(0), speaker.locale),
        in_force=found.in_force.value if found.in_force else "",
        until=found.until,
        due=found.due,
        kept_back=found.kept_back,
        critical=found.seen.standing.critical,
        lines=graded(speaker, found, rules.policy.grid),
        limit=limited(speaker, found, rules.policy),
        short=found.limit is not None and found.limit.short,
        amount=found.amount,
        present=found.seen.account.limit,
        ledger=_ledger(found.seen.account),
        valid_until=found.valid_until,
        each_order=found.risk.value == credit_decisions.EACH_ORDER,
    )
    return Screen(page, _decide(speaker, found))


def _decide(speaker: Speaker, found: Proposal) -> tuple[tuple[Button, ...], ...]:
    customer, amount = found.seen.account.customer.id, found.amount
    label = speaker.say("✅ Accept class {risk}", risk=found.risk.value)
    if amount is not None:
        shown = formats.round_money(amount, speaker.locale)
        label = speaker.say("✅ Accept {risk} · {limit}", risk=found.risk.value, limit=shown)
    accept = AcceptProposal(customer, found.risk.value, -1 if amount is None else amount.minor)
    return (
        (Button(label, accept, style="success"),),
        (
            Button(speaker.say("✏️ Change"), ChangeProposal(customer)),
            Button(speaker.say("➕ Complete"), CompleteFile(customer)),
        ),
        (Button(speaker.say("← Credit"), ShowCredit(customer)),),
    )


def accepted(speaker: Speaker) -> str:
    """Confirm a decision in a toast."""
    return speaker.say("Decided: in force from now on.")


def moved(speaker: Speaker) -> str:
    """Say that the figures changed since the screen was shown."""
    return speaker.say("The figures have changed: look again before you decide.")


def decisions(speaker: Speaker, account: Account, rows: Sequence[Any]) -> Screen:
    """Show the decisions on a customer, the one in force first."""
    lines = [
        {
            "on": row.decided_at.astimezone(speaker.zone).date(),
            "risk": row.risk_class,
            "former": row.former_class or "",
            "cause": speaker.say(CAUSES.get(row.cause, CAUSES[credit_decisions.REVIEW])),
            "author": row.author or "",
            "limit": _limit(row),
            "proposed": row.proposed_class,
            "points": row.data.get("points", ""),
            "reason": row.reason or "",
            "in_force": row.ended_at is None,
        }
        for row in rows
    ]
    customer = account.customer
    page = speaker.page("credit/decisions.html", customer=customer, lines=lines)
    back = Button(speaker.say("← Credit"), ShowCredit(customer.id))
    return Screen(page, ((back,),))


def _limit(row: Any) -> Money | None:  # noqa: ANN401 - a row of the database
    if row.limit_minor is None:
        return None
    return Money.from_minor(row.limit_minor, row.limit_currency)


def reviews(speaker: Speaker, found: Due, today: date) -> Screen:
    """List the reviews that are due, the most overdue first, or the customers never decided on."""
    page = speaker.page(
        "credit/reviews.html",
        never=found.never,
        due=found.due,
        unrated=found.unrated,
        page=found.page + 1,
        pages=found.pages,
        shown=len(found.rows),
    )
    rows = [(Button(_review(speaker, row, today), ShowProposal(row.id)),) for row in found.rows]
    never = int(found.never)
    turn = []
    if found.page:
        turn.append(Button("‹", ShowReviews(found.page - 1, never)))
    if found.page + 1 < found.pages:
        turn.append(Button("›", ShowReviews(found.page + 1, never)))
    other = (
        Button(speaker.say("Reviews due ({n})", n=found.due), ShowReviews(0, 0))
        if found.never
        else Button(speaker.say("Never decided ({n})", n=found.unrated), ShowReviews(0, 1))
    )
    return Screen(page, (*rows, tuple(turn), (other,)))


def _review(speaker: Speaker, row: Any, today: date) -> str:  # noqa: ANN401 - a row
    name = formats.name(row.name, LABEL)
    risk = row.class_now or "—"
    until = getattr(row, "valid_until", None)
    if until is None:
        return f"{risk} · {name}"
    late = (today - until).days
    if not late:
        return speaker.say("{risk} · {name} · today", risk=risk, name=name)
    return speaker.say("{risk} · {name} · {days} d late", risk=risk, name=name, days=late)
