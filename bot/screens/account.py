"""One customer's account: the card, its invoices, the way to a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from bot.screens import formats
from bot.screens.calculation_taps import ShowFigures
from bot.screens.credit_taps import ShowCredit
from bot.screens.dispute import ShowDispute, StartDispute, WithdrawDispute
from bot.screens.dispute_words import on_account
from bot.screens.history import reason
from bot.screens.promise import StartPromise, WithdrawPromise, next_of
from bot.screens.render import Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.screens.visit import StartVisit
from bot.use_cases.accounts import Account, Standing
from credit.ageing import BUCKETS, AgedBalance
from credit.money import Money
from credit.policy import FloorPolicy
from credit.receivable import OpenItem, days_past_due

PAGE = 10
GAUGE = 10
DISPUTED, MOST_DISPUTES = 14, 3


@verb("ac")
@dataclass(frozen=True, slots=True)
class OpenAccount(Tap):
    """Show an account's card in the place of the tapped message."""

    customer: int


@verb("in")
@dataclass(frozen=True, slots=True)
class ShowInvoices(Tap):
    """Show a page of an account's open invoices."""

    customer: int
    page: int


@verb("hi")
@dataclass(frozen=True, slots=True)
class ShowHistory(Tap):
    """Show a page of what was said and done for an account."""

    customer: int
    page: int


@verb("cg")
@dataclass(frozen=True, slots=True)
class PrepareCall(Tap):
    """Pass the gate before a call."""

    customer: int


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One currency of an account, ready to be said."""

    total: Money
    overdue: Money
    claimable: Money
    credits: Money
    count: int
    worst_days: int
    claimable_count: int  # of the invoices that have a part nobody disputes...
    claimable_days: int  # ...and how late the oldest of them is


def balance_lines(
    balances: Mapping[str, AgedBalance],
    items: Sequence[OpenItem],
    today: date,
    floor: FloorPolicy,
) -> tuple[BalanceLine, ...]:
    """Sum up each currency of an account, never across: the one most floors late first."""
    lines = []
    for currency, balance in sorted(balances.items()):
        late = [i for i in items if i.currency == currency and i.is_overdue(today)]
        claimed = [item for item in late if item.undisputed_minor > 0]
        claimable = sum(item.undisputed_minor for item in claimed)
        lines.append(
            BalanceLine(
                total=balance.total,
                overdue=balance.overdue,
                claimable=Money.from_minor(claimable, currency),
                credits=balance.credits,
                count=_invoices(late),
                worst_days=_worst(late, today),
                claimable_count=_invoices(claimed),
                claimable_days=_worst(claimed, today),
            )
        )
    return tuple(sorted(lines, key=lambda line: -floor.weigh(line.overdue)))


def _invoices(late: Sequence[OpenItem]) -> int:
    """Count invoices: the instalments of one are several lines of one number."""
    return len({one.number for one in late})


def _worst(late: Sequence[OpenItem], today: date) -> int:
    return days_past_due(min((one.due_on for one in late if one.due_on), default=None), today)


def card(
    speaker: Speaker,
    account: Account,
    *,
    lit: str = "",
    last: str = "",
    undoable: Undoable | None = None,
    notes: Sequence[str] = (),
    more: Sequence[Button] = (),
) -> Screen:
    """Show an account in one screen; `lit` is the line of its alert, `last` its last contact.

    `undoable` are the promises and disputes that the reader may still take back; `notes` are
    lines and `more` buttons of other subjects.
    """
    customer = account.customer
    text = speaker.page(
        "account/card.html",
        customer=customer,
        lines=balance_lines(account.balances, account.items, account.today, account.floor),
        gauge=gauge(account),
        promises=account.promises,
        next_of=next_of,
        disputes=account.disputes,
        granted=account.granted,
        refused=account.refused,
        people=account.people[:2],
        lit=lit,
        last=last,
        notes=notes,
        as_of=account.data_as_of,
        reason=lambda code: reason(speaker, code),
        put_right=partial(on_account, speaker),
        Money=Money,
    )
    rows = _acting(speaker, account)
    rows += _contested(speaker, account)
    rows += [(button,) for button in more]
    rows += [(button,) for button in _undo(speaker, account, undoable)] if undoable else []
    return Screen(text, tuple(rows))


def _acting(speaker: Speaker, account: Account) -> list[tuple[Button, ...]]:
    customer = account.customer
    rows: list[tuple[Button, ...]] = []
    if account.overdue:
        rows.append(
            (
                Button(speaker.say("📞 Call"), PrepareCall(customer.id), style="primary"),
                Button(speaker.say("📅 Promise"), StartPromise(customer.id)),
                Button(speaker.say("✋ Dispute"), StartDispute(customer.id)),
            ),
        )
    rows.append(
        (
            Button(speaker.say("🧾 Invoices"), ShowInvoices(customer.id, 0)),
            Button(speaker.say("🕘 History"), ShowHistory(customer.id, 0)),
            Button(speaker.say("👁 Visit"), StartVisit(customer.id)),
        )
    )
    credit = Button(speaker.say("🛡 Credit"), ShowCredit(customer.id))
    if account.claimable:
        figures = Button(speaker.say("🧮 Calculations"), ShowFigures(customer.id))
        rows.append((figures, credit))
    else:
        rows.append((credit,))
    return rows


def _contested(speaker: Speaker, account: Account) -> list[tuple[Button, ...]]:
    """Lead to the first disputes, by what they are about."""
    return [
        (Button(speaker.say("✋ Dispute {about}", about=about), ShowDispute(one)),)
        for one, about in list(_abouts(speaker, account).items())[:MOST_DISPUTES]
    ]


def _abouts(speaker: Speaker, account: Account) -> dict[int, str]:
    """Name what each dispute is about: its invoice or else its reason, both where it takes both."""
    rows = {one.id: one for one in (*account.disputes, *account.granted, *account.refused)}
    numbers = [one.number for one in rows.values()]
    return {
        key: formats.name(
            f"{one.number} · {reason(speaker, one.reason)}"
            if one.number and numbers.count(one.number) > 1
            else one.number or reason(speaker, one.reason),
            2 * DISPUTED if numbers.count(one.number) > 1 else DISPUTED,
        )
        for key, one in rows.items()
    }


@dataclass(frozen=True, slots=True)
class Undoable:
    """Ids of what the reader recorded within the last minutes."""

    promises: tuple[int, ...]
    disputes: tuple[int, ...]


def _undo(speaker: Speaker, account: Account, undoable: Undoable) -> list[Button]:
    abouts = _abouts(speaker, account) if len(undoable.disputes) > 1 else {}
    promises = (
        Button(speaker.say("↩️ Undo the promise"), WithdrawPromise(one)) for one in undoable.promises
    )
    disputes = (
        Button(
            speaker.say("↩️ Undo the dispute {about}", about=abouts[one])
            if one in abouts
            else speaker.say("↩️ Undo the dispute"),
            WithdrawDispute(one),
        )
        for one in undoable.disputes
    )
    return [*promises, *disputes]


@dataclass(frozen=True, slots=True)
class Gauge:
    """Exposure against the limit, as a bar of ten."""

    bar: str
    percent: int
    exposure: Money
    limit: Money


def gauge(account: Standing) -> Gauge | None:
    """Draw how much of the credit limit is used; None without a limit above zero."""
    limit = account.limit
    if limit is None or limit.minor <= 0:
        return None
    exposure = account.exposure(limit.currency)
    percent = max(0, round(exposure.minor * 100 / limit.minor))
    full = min(GAUGE, round(percent * GAUGE / 100))
    return Gauge("▓" * full + "░" * (GAUGE - full), percent, exposure, limit)


def invoices(speaker: Speaker, account: Account, page: int) -> Screen:
    """Show a page of the open lines, overdue first, each with its lateness and what is held."""
    ordered = sorted(account.items, key=lambda item: (item.is_credit, item.due_on is None))
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(max(page, 0), pages - 1)
    text = speaker.page(
        "account/invoices.html",
        customer=account.customer,
        items=ordered[page * PAGE : (page + 1) * PAGE],
        today=account.today,
        count=len(ordered),
        page=page + 1,
        pages=pages,
        Money=Money,
        lines=balance_lines(account.balances, account.items, account.today, account.floor),
    )
    customer = account.customer.id
    return Screen(
        text,
        (
            *pager(page, pages, lambda wanted: ShowInvoices(customer, wanted)),
            (Button(speaker.say("← Account"), OpenAccount(customer)),),
        ),
    )


def pager(page: int, pages: int, tap: Callable[[int], Tap]) -> tuple[tuple[Button, ...], ...]:
    """Make the row that turns pages, none of its buttons idle; nothing when there is one page."""
    if pages < 2:  # noqa: PLR2004 - one page needs no turning
        return ()
    before = (Button("‹", tap(page - 1)),) if page > 0 else ()
    after = (Button("›", tap(page + 1)),) if page < pages - 1 else ()
    return ((*before, Button(f"{page + 1} / {pages}", tap(page)), *after),)


def history(
    speaker: Speaker,
    account: Account,
    events: Sequence[tuple[datetime, str, str]],
    page: int,
    *,
    more: bool,
) -> Screen:
    """Show what was said and done, newest first: (moment, author, sentence) each."""
    text = speaker.page("account/history.html", customer=account.customer, events=events)
    customer = account.customer.id
    turn = []
    if page:
        turn.append(Button("‹", ShowHistory(customer, page - 1)))
    if more:
        turn.append(Button("›", ShowHistory(customer, page + 1)))
    back = (Button(speaker.say("← Account"), OpenAccount(customer)),)
    return Screen(text, (tuple(turn), back))


def found(speaker: Speaker, hits: Sequence[tuple[int, str, str]], wanted: str) -> Screen:
    """Offer the accounts that match a typed name: (customer id, code, name) each."""
    text = speaker.page("account/found.html", count=len(hits), wanted=wanted)
    rows = tuple(
        (Button(formats.account(name, code), OpenAccount(customer)),)
        for customer, code, name in hits
    )
    return Screen(text, rows)


def whom(speaker: Speaker) -> Screen:
    """Ask for the account that a command came without."""
    return Screen(speaker.page("account/whom.html"))


def totals(balances: Mapping[str, AgedBalance]) -> dict[str, list[Money]]:
    """List each currency's buckets in order, for an aged balance on one screen."""
    return {
        currency: [balance.not_due, *(balance.buckets[name] for name in BUCKETS)]
        for currency, balance in balances.items()
    }
