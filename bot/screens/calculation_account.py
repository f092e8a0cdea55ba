"""What a customer's lateness comes to, on one screen, and how each figure was reached."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from bot.screens import formats
from bot.screens.account import OpenAccount, pager
from bot.screens.calculation_chat import formula, source
from bot.screens.calculation_taps import ShowFigure, ShowFigures, ShowPlan
from bot.screens.calculation_words import NOTES, TITLES, WORDS
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.use_cases.account_calculations import PARTS, LateAccount, LateInvoice, split
from bot.use_cases.calculations.registry import CALCULATIONS
from credit.money import Money
from credit.prescription import TimeLeft

PAGE: Final = 10
CHOICES: Final = (2, 3, 4, 6)
SUMS: Final = 3
STOPPED: Final = N_(
    "Insolvency proceedings: penalties stop at the judgment, and the flat fee cannot be claimed "
    "where it forbids payment on the due date. Ask your credit manager."
)
DELAY_COST: Final = N_("The rate is a proposal: ask for the company's own.")
TRADERS: Final = N_(
    "Between professionals; shorter for consumers and transport. Acknowledgements and part "
    "payments, which start the time anew, are not counted here."
)
OPEN_ONLY: Final = N_("On what is still open and undisputed today.")
PAID_BEFORE: Final = N_("What was paid before today adds no penalty here.")
ALL_AT_ONCE: Final = N_("On the whole amount, as if it were collected today.")


def figures(speaker: Speaker, late: LateAccount) -> Screen:
    """Show every figure of a customer at once, with a button for how each was reached."""
    oldest = late.oldest
    text = speaker.page(
        "calculation/account.html",
        who=late.account.customer.name,
        sums=late.sums[:SUMS],
        each=late.reference.rates.flat_fee,
        rate=_percent(speaker, late.reference.financing.percent),
        planned=lambda one: split(one, PARTS, late.account.today),
        oldest=oldest,
        left=_left(speaker, oldest) if oldest else "",
        today=late.account.today,
        notes=_warnings(speaker, late, *DETAILS),
    )
    return Screen(text, (*_rows(speaker, late), _to_account(speaker, late)))


def _rows(speaker: Speaker, late: LateAccount) -> list[tuple[Button, ...]]:
    if not late.sums:
        return []
    customer = late.account.customer.id

    def key(label: str, figure: str) -> Button:
        return Button(speaker.say(label), ShowFigure(customer, figure, 0))

    plan = Button(speaker.say(N_("Payment plan")), ShowPlan(customer, PARTS))
    rows: list[tuple[Button, ...]] = [
        (key(N_("Penalties"), "penalty"), plan),
        (key(N_("Cost of the delay"), "late-cost"), key(N_("Time to sue"), "prescription")),
    ]
    fees = any(one.fees for one in late.sums)
    return [*rows, (key(N_("Bailiff's fees"), "bailiff-fee"),)] if fees else rows


def _to_account(speaker: Speaker, late: LateAccount) -> tuple[Button, ...]:
    return (Button(speaker.say("← Account"), OpenAccount(late.account.customer.id)),)


def _percent(speaker: Speaker, value: Decimal) -> str:
    plain = Decimal(f"{value.normalize():f}")
    return formats.rate(plain, speaker.locale)


def _left(speaker: Speaker, one: LateInvoice) -> str:
    state = one.limit.state
    return "" if state is TimeLeft.OPEN else f"⚠️ {speaker.say(WORDS[state.value])}"


def figure(speaker: Speaker, late: LateAccount, name: str, page: int) -> Screen:
    """Show how a figure was reached, invoice by invoice; an unknown one is the summary."""
    lined = DETAILS.get(name)
    if lined is None or not late.sums:
        return figures(speaker, late)
    lines = lined(speaker, late)
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 0), pages - 1)
    customer = late.account.customer.id
    turn = pager(page, pages, lambda wanted: ShowFigure(customer, name, wanted))
    return _detail(speaker, late, name, lines[page * PAGE : (page + 1) * PAGE], turn)


def plan(speaker: Speaker, late: LateAccount, parts: int) -> Screen:
    """Split what is claimed over some months, with buttons for other numbers of payments."""
    if not late.sums:
        return figures(speaker, late)
    lines = []
    for one in late.sums[:SUMS]:
        for share in split(one, parts, late.account.today):
            day = formats.day(share.due_on, speaker.locale)
            lines.append(f"{share.n}. {day} · {_money(speaker, share.amount)}")
    customer = late.account.customer.id
    choice = tuple(Button(f"× {count}", ShowPlan(customer, count)) for count in CHOICES)
    return _detail(speaker, late, "plan", lines, (choice,))


def _detail(
    speaker: Speaker,
    late: LateAccount,
    name: str,
    lines: list[str],
    rows: tuple[tuple[Button, ...], ...],
) -> Screen:
    text = speaker.page(
        "calculation/result.html",
        title=speaker.say(TITLES[name]),
        who=late.account.customer.name,
        given=[],
        lines=lines,
        formula=formula(speaker, name, late.reference),
        scope=_scope(speaker, late, name),
        today=late.account.today,
        source=source(CALCULATIONS[name]),
        notes=_warnings(speaker, late, name),
    )
    back = Button(speaker.say("← Back"), ShowFigures(late.account.customer.id))
    return Screen(text, (*rows, (back,)))


def _scope(speaker: Speaker, late: LateAccount, name: str) -> list[str]:
    """Say what the figure is about: what was left out of it, and what it supposes."""
    special = {"prescription": TRADERS, "bailiff-fee": ALL_AT_ONCE}
    said = [speaker.say(special.get(name, OPEN_ONLY))]
    said += [speaker.say(PAID_BEFORE)] if name == "penalty" else []
    for one in late.sums[:SUMS]:
        if one.disputed:
            amount = _money(speaker, one.disputed)
            said.append(speaker.say("Left out because disputed: {amount}.", amount=amount))
        if one.credits and name != "prescription":
            amount = _money(speaker, one.credits)
            said.append(speaker.say("Credits that are not deducted: {amount}.", amount=amount))
    return said


def _warnings(speaker: Speaker, late: LateAccount, *names: str) -> list[str]:
    """Say what to be careful about in these figures, each sentence once."""
    found: list[str] = []
    if not late.sums:
        return found
    if "penalty" in names:
        found += [STOPPED] if late.stopped else []
        estimated = any(one.penalty.estimated for one in late.invoices)
        found += [NOTES["estimated_rate"]] if estimated else []
    if "late-cost" in names and not late.reference.financing.verified:
        found.append(DELAY_COST)
    if "plan" in names:
        found.append(NOTES["credit_manager_decides"])
    if any(_unverified(late, name) for name in names):
        found.append(NOTES["unverified"])
    return [speaker.say(one) for one in found]


def _unverified(late: LateAccount, name: str) -> bool:
    match name:
        case "penalty":
            return not all(one.penalty.verified for one in late.invoices)
        case "late-cost":
            return not late.reference.financing.verified
        case "prescription":
            return late.oldest is not None and not late.oldest.limit.limit.verified
        case "bailiff-fee":
            fees = [one.fees for one in late.sums if one.fees]
            return not all(one.debtor.verified and one.creditor.verified for one in fees)
    return False


def _penalties(speaker: Speaker, late: LateAccount) -> list[str]:
    lines = []
    for one in late.sums:
        total, flat = _money(speaker, one.penalty), _money(speaker, one.flat_fee)
        lines.append(speaker.say("Total: {penalty} + {flat}", penalty=total, flat=flat))
        lines += [_penalty(speaker, invoice) for invoice in one.invoices]
    return lines


def _penalty(speaker: Speaker, one: LateInvoice) -> str:
    rates = dict.fromkeys(_percent(speaker, part.rate) for part in one.penalty.segments)
    return speaker.say(
        "{number} · {amount} × {days} d × {rates} = {penalty} + {flat}",
        number=_number(one),
        amount=_money(speaker, one.claimed),
        days=one.penalty.days,
        rates=" / ".join(rates),
        penalty=_money(speaker, one.penalty.penalty),
        flat=formats.round_money(one.penalty.flat_fee, speaker.locale),
    )


def _costs(speaker: Speaker, late: LateAccount) -> list[str]:
    law = late.reference.financing
    lines = []
    for one in late.sums:
        total = _money(speaker, one.cost)
        rate = _percent(speaker, law.percent)
        lines.append(speaker.say("Total: {cost} at {rate} a year", cost=total, rate=rate))
        lines += [
            speaker.say(
                "{number} · {amount} × {days} d",
                number=_number(invoice),
                amount=_money(speaker, invoice.claimed),
                days=invoice.item.days_past_due(late.account.today),
            )
            for invoice in one.invoices
        ]
    return lines


def _limits(speaker: Speaker, late: LateAccount) -> list[str]:
    lines = []
    for one in sorted(late.invoices, key=lambda one: one.limit.until):
        until = formats.day(one.limit.until, speaker.locale)
        line = speaker.say("{number} · until {day}", number=_number(one), day=until)
        left = _left(speaker, one)
        lines.append(f"{line} · {left}" if left else line)
    return lines


def _bailiff(speaker: Speaker, late: LateAccount) -> list[str]:
    lines = []
    for one in late.sums:
        if one.fees:
            claimed = _money(speaker, one.claimed)
            lines.append(speaker.say("On {amount}:", amount=claimed))
            sides = (
                (N_("kept at our charge: {ht} without VAT, {ttc} with VAT"), one.fees.creditor),
                (N_("paid by the debtor: {ht} without VAT, {ttc} with VAT"), one.fees.debtor),
            )
            for sentence, fee in sides:
                ht, ttc = _money(speaker, fee.without_vat), _money(speaker, fee.with_vat)
                lines.append("• " + speaker.say(sentence, ht=ht, ttc=ttc))
    return lines


def _number(one: LateInvoice) -> str:
    return formats.name(one.item.number or "—", 24)


def _money(speaker: Speaker, amount: Money) -> str:
    return formats.money(amount, speaker.locale)


DETAILS: Final[dict[str, Callable[[Speaker, LateAccount], list[str]]]] = {
    "penalty": _penalties,
    "late-cost": _costs,
    "prescription": _limits,
    "bailiff-fee": _bailiff,
}
