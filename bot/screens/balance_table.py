"""The aged balance as an aligned table for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from babel.numbers import format_decimal

from bot.screens import formats
from bot.use_cases.balances import totals
from credit.ageing import BUCKETS

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.balances import Balance
    from credit.money import Money

NAME_WIDTH = 28


def table(speaker: Speaker, rows: Sequence[Balance]) -> list[str]:
    """Align the balances under their titles, with a total per currency; plain text."""
    if not rows:
        return [speaker.say("Nothing is open on that day.")]
    body = [_cells(speaker, row, _who(speaker, row)) for row in rows]
    sums = [_cells(speaker, row, speaker.say("Total")) for row in totals(list(rows))]
    lines = [_titles(speaker), *body, *(sums if len(rows) > len(sums) else [])]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [_aligned(cells, widths) for cells in lines]


def _titles(speaker: Speaker) -> list[str]:
    return [
        speaker.say("Account"),
        "",
        speaker.say("Not due"),
        *BUCKETS,
        speaker.say("Credits"),
        speaker.say("No due date"),
        speaker.say("Overdue"),
        speaker.say("Total"),
    ]


def _who(speaker: Speaker, row: Balance) -> str:
    name = row.code if row.name == row.code else f"{row.code} {row.name}".strip()
    name = name or speaker.say("(nobody)")
    return formats.name(name if row.by.value != "company" else speaker.say("Company"), NAME_WIDTH)


def _cells(speaker: Speaker, row: Balance, who: str) -> list[str]:
    moneys = [row.not_due, *row.buckets.values(), row.credits, row.no_due_date]
    moneys += [row.overdue, row.total]
    return [who, row.currency, *(_figure(speaker, money) for money in moneys)]


def _figure(speaker: Speaker, money: Money) -> str:
    decimals = max(0, -int(money.amount.as_tuple().exponent))
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    return format_decimal(money.amount, pattern, locale=speaker.locale)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, currency, *figures = cells
    left = f"{first.ljust(widths[0])}  {currency.ljust(widths[1])}"
    right = (cell.rjust(width) for cell, width in zip(figures, widths[2:], strict=True))
    return "  ".join([left, *right]).rstrip()
