"""An order before it leaves: green, amber or red, why, and what would free it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from bot.screens import formats
from bot.screens.account import OpenAccount
from bot.screens.credit_taps import ShowProposal
from bot.screens.letter import KINDS, PreviewNotice
from bot.screens.promise import StartPromise
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from credit.order_control import Colour, Decision, OrderPolicy, OrderRule, Releaser
from storage import releases
from storage.formal_notices import SUSPENSION

if TYPE_CHECKING:
    from bot.use_cases.orders import Checked, Request
    from bot.use_cases.search import Hit

LIGHTS: Final = {Colour.GREEN: "🟢", Colour.AMBER: "🟠", Colour.RED: "🔴"}
EXAMPLE: Final = N_("/order Dupont 3200")
MINUTES: Final = 60

DECISIONS: Final = {
    Decision.RELEASED: N_("The order may leave."),
    Decision.WARNED: N_("The order may leave, with a warning."),
    Decision.CALL_BACK: N_("Call the customer back to check, then it may leave."),
    Decision.CALL_FIRST: N_("Held for 24 hours: call the customer first."),
    Decision.DEPOSIT: N_("A deposit, or cash."),
    Decision.HELD: N_("Held: the credit manager decides."),
    Decision.BLOCKED: N_("Wholly blocked: a formal notice is unpaid."),
    Decision.REFUSED: N_("Refused: payment before delivery."),
}
RULES: Final = {
    OrderRule.REFUSED: N_("B01 · Customer frozen or in class E"),
    OrderRule.OVER_LIMIT: N_("B02 · Slightly above the limit"),
    OrderRule.FAR_OVER_LIMIT: N_("B03 · Far above the limit"),
    OrderRule.LONG_OVERDUE: N_("B04 · Overdue for more than {hold} days"),
    OrderRule.OVERDUE: N_("B05 · Overdue for more than {call} days"),
    OrderRule.INCIDENT: N_("B06 · Reject or broken promise in the last {incident} days"),
    OrderRule.FILE_INCOMPLETE: N_("B07 · New customer: file incomplete, or first order"),
    OrderRule.FORMAL_NOTICE: N_("B08 · Formal notice unpaid"),
    OrderRule.ATYPICAL: N_("B09 · Unusual order or new delivery address"),
    OrderRule.LIMIT_EXPIRED: N_("B10 · The limit has expired"),
    OrderRule.DISPUTED_ONLY: N_("B11 · Only disputed invoices are late: no hold"),
}
RELEASERS: Final = {
    Releaser.ORDER_DESK: N_("the order desk"),
    Releaser.SALES_MANAGER: N_("your manager, once a promise is recorded"),
    Releaser.CREDIT_MANAGER: N_("the credit manager"),
}
ALTERNATIVES: Final = {
    "prepay": N_("Payment before delivery."),
    "deposit": N_("What is overdue is paid first."),
    "smaller": N_("A smaller order."),
    "wait": N_("Wait for a payment."),
}
REVIEWED: Final = frozenset(
    {
        OrderRule.REFUSED,
        OrderRule.OVER_LIMIT,
        OrderRule.FAR_OVER_LIMIT,
        OrderRule.LIMIT_EXPIRED,
    }
)
"""Rules that a review of class and limit may lift."""
STATES: Final = {
    releases.ASKED: N_("waiting"),
    releases.GRANTED: N_("granted"),
    releases.DEPOSIT: N_("granted against a deposit"),
    releases.REFUSED: N_("refused"),
    releases.REPLACED: N_("replaced by a newer request"),
}


@verb("od")
@dataclass(frozen=True, slots=True)
class CheckOrder(Tap):
    """Hold an order of so many minor units against the rules, for this account."""

    customer: int
    amount: int
    currency: str


@verb("or")
@dataclass(frozen=True, slots=True)
class AskRelease(Tap):
    """Ask the credit manager to let this order go."""

    customer: int
    amount: int
    currency: str


@verb("og")
@dataclass(frozen=True, slots=True)
class GrantRelease(Tap):
    """Let the order go, or only against a deposit."""

    request: int
    deposit: int


@verb("ox")
@dataclass(frozen=True, slots=True)
class RefuseRelease(Tap):
    """Refuse to let the order go: the form asks for what is possible instead."""

    request: int


@verb("ow")
@dataclass(frozen=True, slots=True)
class ShowRelease(Tap):
    """Show a request as it stands now."""

    request: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the policy says that screens name: days, the target in hours, the deposit in percent."""

    call: int
    hold: int
    incident: int
    hours: int
    deposit: Decimal

    @classmethod
    def of(cls, policy: OrderPolicy) -> Thresholds:
        """Take them from the policy."""
        return cls(
            policy.call_days,
            policy.hold_days,
            policy.incident_days,
            policy.decision_hours,
            policy.deposit_percent,
        )


def usage(speaker: Speaker, fault: str = "", lacking: str = "") -> Screen:
    """Say how an order is asked about.

    `fault` is what is no amount; `lacking` the name that came without one.
    """
    example = speaker.say(EXAMPLE)
    page = speaker.page("order/usage.html", fault=fault, lacking=lacking, example=example)
    return Screen(page)


def choices(speaker: Speaker, hits: Sequence[tuple[Hit, CheckOrder]], typed: str) -> Screen:
    """Ask which account is meant; nobody found says so."""
    rows = [(Button(formats.account(one.name, one.code), tap),) for one, tap in hits]
    return Screen(
        speaker.page(
            "order/choices.html", typed=typed, count=len(hits), example=speaker.say(EXAMPLE)
        ),
        tuple(rows),
    )


def verdict(
    speaker: Speaker, checked: Checked, days: Thresholds, *, may_write: bool = False
) -> Screen:
    """Answer: the light, the rules, the figures, the way out, and what to press.

    `may_write`: the reader may write to the customer that deliveries stop.
    """
    found = checked.verdict
    text = speaker.page(
        "order/verdict.html",
        light=LIGHTS[found.colour],
        customer=checked.account.customer,
        amount=checked.amount,
        decision=speaker.say(DECISIONS[found.decision]),
        rules=[_rule(speaker, rule, days) for rule in found.rules],
        exposure=found.exposure,
        limit=found.limit,
        at_risk=found.at_risk,
        beside=found.at_risk.currency != found.exposure.order.currency,
        percent=None if found.used_percent is None else found.used_percent / 100,
        ways=found.ways,
        releaser=speaker.say(RELEASERS[found.releaser]) if found.releaser in RELEASERS else "",
        refused=found.decision is Decision.REFUSED,
        untold=_untold(checked),
    )
    return Screen(text, _rows(speaker, checked, may_write=may_write))


def _untold(checked: Checked) -> bool:
    """Tell that orders are blocked and that the customer was not told so in writing."""
    return OrderRule.FORMAL_NOTICE in checked.verdict.rules and not checked.told


def _rule(speaker: Speaker, rule: OrderRule, days: Thresholds) -> str:
    return speaker.say(RULES[rule], call=days.call, hold=days.hold, incident=days.incident)


def _rows(speaker: Speaker, checked: Checked, *, may_write: bool) -> tuple[tuple[Button, ...], ...]:
    customer, found = checked.account.customer.id, checked.verdict
    amount = checked.amount
    rows: list[tuple[Button, ...]] = []
    if found.releaser is not Releaser.NOBODY:
        ask = AskRelease(customer, amount.minor, amount.currency)
        rows.append((Button(speaker.say("🔓 Ask for its release"), ask, style="primary"),))
    if may_write and REVIEWED & set(found.rules):
        review = ShowProposal(customer)
        rows.append((Button(speaker.say("📊 Class and limit"), review),))
    if may_write and _untold(checked):
        write = PreviewNotice(customer, KINDS.index(SUSPENSION))
        rows.append((Button(speaker.say("✉️ Tell them in writing"), write),))
    fits = found.ways.reduce_to
    if fits is not None and fits.minor > 0:
        label = speaker.say("Try {amount}", amount=formats.round_money(fits, speaker.locale))
        rows.append((Button(label, CheckOrder(customer, fits.minor, fits.currency)),))
    if found.ways.promise_within_days:
        rows.append((Button(speaker.say("📅 Promise"), StartPromise(customer)),))
    rows.append((Button(speaker.say("← Account"), OpenAccount(customer)),))
    return tuple(rows)


def asked(speaker: Speaker, request: Request, days: Thresholds) -> Screen:
    """Show a request to who decides: what, why, since when, and three buttons."""
    rows: list[tuple[Button, ...]] = []
    key = request.row.id
    if request.open:
        percent = formats.percent(days.deposit / 100, speaker.locale)
        rows = [
            (
                Button(speaker.say("✅ Grant"), GrantRelease(key, 0), style="success"),
                Button(speaker.say("Deposit {percent}", percent=percent), GrantRelease(key, 1)),
            ),
            (Button(speaker.say("⛔ Refuse"), RefuseRelease(key), style="danger"),),
        ]
    review = ShowProposal(request.account.customer.id)
    rows.append((_open(speaker, request), Button(speaker.say("📊 Class and limit"), review)))
    return Screen(_request_page(speaker, request, days), tuple(rows))


def told(speaker: Speaker, request: Request, days: Thresholds) -> Screen:
    """Show a request to who asked: the decision, or the clock."""
    rows = [(_open(speaker, request),)]
    if request.open:
        rows.insert(0, (Button(speaker.say("⏱ How long now?"), ShowRelease(request.row.id)),))
    return Screen(_request_page(speaker, request, days), tuple(rows))


def _request_page(speaker: Speaker, request: Request, days: Thresholds) -> str:
    row = request.row
    deposit = None
    if row.deposit_minor is not None:
        deposit = type(request.amount).from_minor(row.deposit_minor, row.currency)
    instead = ALTERNATIVES.get(row.alternative or "")
    return speaker.page(
        "order/request.html",
        mark={releases.GRANTED: "✅", releases.DEPOSIT: "🟠", releases.REFUSED: "⛔"}.get(
            row.state, "🔓"
        ),
        customer=request.account.customer,
        amount=request.amount,
        state=speaker.say(STATES[row.state]),
        by=row.asker,
        reason=row.reason,
        rules=[_rule(speaker, OrderRule(one), days) for one in row.rules],
        waited=_span(speaker, request.waited),
        late=request.open and request.waited > timedelta(hours=days.hours),
        decider=request.decider,
        deposit=deposit,
        instead=speaker.say(instead) if instead else "",
        note=row.note or "",
    )


def _span(speaker: Speaker, span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds())) // 60
    if minutes < MINUTES:
        return speaker.count("{n} minute", "{n} minutes", minutes)
    return speaker.count("{n} hour", "{n} hours", minutes // MINUTES)


def _open(speaker: Speaker, request: Request) -> Button:
    return Button(speaker.say("Open the account"), OpenAccount(request.account.customer.id))
