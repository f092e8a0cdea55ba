"""Every situation worth seeing, each lived by one customer; the others just pay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import IntEnum
from random import Random

from bot.demo.cast import REPS
from bot.demo.debtors import ORPHAN, SWISS, Debtor, debtors
from bot.demo.ledger import BookKeeper, Entry, Ledger, Receipt

DEFAULT_SEED = 7


class Place(IntEnum):
    """Which customer lives which situation; the place modulo three says whose portfolio."""

    VERY_LATE = 0
    GROWING_DELAY = 1
    LATE_ABROAD = 2
    OVER_LIMIT = 3
    SILENT = 4
    OVERDUE_SHARE = 5
    PROMISE_DUE_TODAY = 6
    TWO_BROKEN_PROMISES = 7
    ODD_PAYMENTS = 8
    DISPUTE = 9
    NO_DUE_DATE = 10
    WANTS_TIME = 11
    BROKEN_PROMISE = 12
    FIRST_PURCHASE = 13
    LEFT_ASIDE = 14
    PAID_UNMATCHED = 15
    A_LITTLE_LATE = 16
    PROMISE_RUNNING = 17
    INSTALMENTS = 18
    FAR_OVER_LIMIT = 19
    LATE_DISPUTES = 20
    CREDIT_NOTES = 21
    AT_PEACE = 22
    RED_ALERT = 24
    ODD_ORDER = 25
    INSURER_LEAVES = 26
    NEW_ALERT = 27
    INSOLVENT = 28
    SWISS = SWISS
    ORPHAN = ORPHAN
    HOSTILE = 59


Story = Callable[[BookKeeper, Debtor], None]


def write_ledger(day: date, seed: int = DEFAULT_SEED) -> Ledger:
    """Write two years of the wholesaler's book, ending on `day`."""
    everybody = debtors(tuple(rep.codes[0] for rep in REPS))
    keeper = BookKeeper(day, Random(f"{seed}:{day.isoformat()}"))  # noqa: S311 - invented data
    for debtor in everybody:
        STORIES.get(debtor.place, _calm)(keeper, debtor)
    return keeper.close(everybody)


def _calm(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-8, -1) if debtor.place % 3 else (-5, 6))


def _at_peace(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-12, -2))


def _very_late(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-2, 9), until=80)
    keeper.owes(debtor, 76, 4180)
    keeper.owes(debtor, 41, 2350)
    keeper.owes(debtor, 12, 1290)
    keeper.owes(debtor, -9, 3600)


def _growing_delay(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-4, 2), until=95)
    for paid_ago, late in ((70, 19), (48, 23), (30, 26), (11, 28)):
        keeper.paid_late(debtor, paid_ago, late, 1900)
    keeper.owes(debtor, 8, 640)
    keeper.owes(debtor, -16, 5200)


def _late_abroad(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (0, 7), until=70)
    keeper.owes(debtor, 66, 5240)
    keeper.owes(debtor, 5, 1100)
    keeper.owes(debtor, -20, 2750)


def _over_limit(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-5, 2), until=20)
    limit = (debtor.limit_cents or 0) // 100
    keeper.owes(debtor, 13, limit // 4)
    keeper.owes(debtor, -8, limit // 2)
    keeper.owes(debtor, -22, limit // 2 + limit // 10)


def _far_over_limit(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-5, 2), until=20)
    limit = (debtor.limit_cents or 0) // 100
    for due_in in (4, 15, 28):
        keeper.owes(debtor, -due_in, limit * 11 // 20)


def _silent(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (0, 9), until=40)
    keeper.owes(debtor, 33, 2890)
    keeper.owes(debtor, -5, 1750)


def _overdue_share(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-2, 6), until=30)
    keeper.owes(debtor, 17, 2980)
    keeper.owes(debtor, -13, 3400)


def _promised(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-2, 8), until=30)
    keeper.owes(debtor, 22, 3120)
    keeper.owes(debtor, -14, 2200)


def _broken_promises(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (0, 9), until=60)
    keeper.owes(debtor, 52, 3460)
    keeper.owes(debtor, 21, 1830)
    keeper.owes(debtor, -10, 2500)


def _odd_payments(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-2, 8), until=45)
    keeper.owes(debtor, 24, 4312)
    keeper.owes(debtor, -12, 2987)
    for days_ago in (40, 15):
        on = keeper.ago(days_ago)
        keeper.receipts.append(
            Receipt(debtor.code, on, 1_000_00, debtor.currency, "VIREMENT", "", "ACOMPTE")
        )
        keeper.credits(debtor, "RG", days_ago, 1_000_00)


def _disputed(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-3, 6), until=50)
    keeper.owes(debtor, 43, 3940)
    keeper.owes(debtor, -11, 1480)


def _no_due_date(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-6, 1), until=20)
    keeper.owes(debtor, 15, 1760, due=False)
    keeper.owes(debtor, -6, 2040)


def _first_purchase(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.owes(debtor, 6, 3275)


def _left_aside(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-6, 2), euros=(300, 1500))
    keeper.owes(debtor, 28, 6480)


def _paid_unmatched(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-4, 4), until=40)
    keeper.owes(debtor, 26, 2275)
    owed = keeper.entries[-1].open_cents
    keeper.credits(debtor, "RG", 2, owed)
    keeper.owes(debtor, -15, 1340)


def _a_little_late(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-4, 4), until=25)
    keeper.owes(debtor, 14, 890)
    keeper.owes(debtor, -7, 5300)


def _instalments(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-4, 4), until=70)
    issued = keeper.ago(65)
    for late in (35, 5, -25):
        keeper.owes(debtor, late, 1500, shares="three times")
        last = keeper.entries[-1]
        keeper.entries[-1] = _issued(last, issued)


def _credit_notes(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-4, 4), until=20)
    keeper.owes(debtor, 11, 1520)
    keeper.credits(debtor, "AV", 9, 420_00)
    keeper.owes(debtor, -18, 2860, paid_euros=900)


def _red_alert(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (0, 6), until=60)
    keeper.owes(debtor, 32, 2140)
    keeper.owes(debtor, -12, 3900)


def _odd_order(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-2, 6), until=20, euros=(350, 1100))
    keeper.owes(debtor, 12, 760)
    keeper.owes(debtor, -14, 4100)


def _insurer_leaves(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-2, 7), until=25)
    keeper.owes(debtor, 16, 1480)
    keeper.owes(debtor, -10, 5600)


def _insolvent(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (2, 12), until=50)
    keeper.owes(debtor, 38, 3350)
    keeper.owes(debtor, 9, 1920)
    keeper.owes(debtor, -20, 2280)


def _swiss(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-3, 5), until=30)
    keeper.owes(debtor, 34, 4870)
    keeper.owes(debtor, -8, 2130)


def _orphan(keeper: BookKeeper, debtor: Debtor) -> None:
    keeper.usual(debtor, (-3, 5), until=50)
    keeper.owes(debtor, 47, 2640)
    keeper.owes(debtor, -4, 980)


def _issued(entry: Entry, issued: date) -> Entry:
    return replace(entry, issued=issued)


STORIES: dict[int, Story] = {
    Place.VERY_LATE: _very_late,
    Place.GROWING_DELAY: _growing_delay,
    Place.LATE_ABROAD: _late_abroad,
    Place.OVER_LIMIT: _over_limit,
    Place.SILENT: _silent,
    Place.OVERDUE_SHARE: _overdue_share,
    Place.PROMISE_DUE_TODAY: _promised,
    Place.TWO_BROKEN_PROMISES: _broken_promises,
    Place.ODD_PAYMENTS: _odd_payments,
    Place.DISPUTE: _disputed,
    Place.NO_DUE_DATE: _no_due_date,
    Place.WANTS_TIME: _promised,
    Place.BROKEN_PROMISE: _broken_promises,
    Place.FIRST_PURCHASE: _first_purchase,
    Place.LEFT_ASIDE: _left_aside,
    Place.PAID_UNMATCHED: _paid_unmatched,
    Place.A_LITTLE_LATE: _a_little_late,
    Place.PROMISE_RUNNING: _promised,
    Place.INSTALMENTS: _instalments,
    Place.FAR_OVER_LIMIT: _far_over_limit,
    Place.LATE_DISPUTES: _disputed,
    Place.CREDIT_NOTES: _credit_notes,
    Place.AT_PEACE: _at_peace,
    Place.RED_ALERT: _red_alert,
    Place.ODD_ORDER: _odd_order,
    Place.INSURER_LEAVES: _insurer_leaves,
    Place.INSOLVENT: _insolvent,
    Place.NEW_ALERT: _at_peace,
    Place.SWISS: _swiss,
    Place.ORPHAN: _orphan,
    Place.HOSTILE: _overdue_share,
}
