"""The aged balance on a phone: its bars, then who owes it, the most overdue first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.screens import export_tap
from bot.screens.account import OpenAccount, pager
from bot.screens.named_rows import Named, laid
from bot.screens.render import Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.screens.worklist import OWN, ROOM, ShowDay, ShowTeam, bar
from bot.use_cases.balances import OWING, Owing
from credit.ageing import BUCKETS, AgedBalance
from credit.money import Money
from credit.policy import FloorPolicy

CURRENCIES = 4
"""Currencies told in a line each, besides the main one."""


@verb("bw")
@dataclass(frozen=True, slots=True)
class ShowOwing(Tap):
    """Show a page of who owes a balance: all that the reader sees, or one portfolio."""

    page: int
    key: int


def balance(
    speaker: Speaker,
    balances: Mapping[str, AgedBalance],
    owing: Owing,
    floor: FloorPolicy,
    *,
    title: str = "",
    back: bool = False,
    key: int = OWN,
) -> Screen:
    """Show an aged balance: the heaviest currency in bars, then a page of its customers."""
    ordered = sorted(balances.values(), key=lambda one: (-floor.weigh(one.gross), one.currency))
    main = ordered[0] if ordered else None
    first = owing.page * OWING
    text = speaker.page(
        "worklist/balance.html",
        title=title,
        main=main,
        bars=_bars(speaker, main) if main and not owing.page else (),
        others=ordered[1 : CURRENCIES + 1],
        more=len(ordered) - CURRENCIES - 1,
        debts=list(enumerate(owing.lines, first + 1)),
    )
    return Screen(text, _rows(speaker, owing, back=back, key=key))


def _rows(
    speaker: Speaker, owing: Owing, *, back: bool, key: int
) -> tuple[tuple[Button, ...], ...]:
    first = owing.page * OWING
    keys = [
        Named(f"{n} · ", one.name, OpenAccount(one.customer))
        for n, one in enumerate(owing.lines, first + 1)
    ]
    rows = laid(keys, ROOM)
    rows += pager(owing.page, owing.pages, lambda wanted: ShowOwing(wanted, key))
    if back and key not in {OWN, 0}:
        rows.append((Button(speaker.say("📞 Whom to call"), ShowDay(0, key)),))
    foot = [export_tap.key(speaker, export_tap.BALANCE, key)] if owing.lines else []
    foot += [Button(speaker.say("← Team"), ShowTeam(0, "b"))] if back else []
    return (*rows, tuple(foot)) if foot else tuple(rows)


def _bars(speaker: Speaker, balance: AgedBalance) -> list[tuple[str, str, Money]]:
    labels = {name: speaker.say("{span} d", span=name) for name in BUCKETS}
    places = [(speaker.say("Not due"), balance.not_due)]
    places += [(labels[name], balance.buckets[name]) for name in BUCKETS]
    if balance.no_due_date.minor:
        places.append((speaker.say("No date"), balance.no_due_date))
    if balance.credits.minor:
        places.append((speaker.say("Credits"), balance.credits))
    widest = max(len(label) for label, _ in places)
    most = max(abs(money.minor) for _, money in places) or 1
    return [(label.ljust(widest), bar(abs(money.minor), most), money) for label, money in places]
