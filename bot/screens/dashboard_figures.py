"""The dashboard's blocks of money and days: figures in, facts in words out."""

from __future__ import annotations

from bot.screens import formats
from bot.screens.dashboard_facts import (
    Fact,
    back,
    days,
    fact,
    money,
    part,
    percent,
    short,
)
from bot.screens.render import Speaker
from bot.use_cases.dashboard import Dashboard, Figures
from credit import indicators

NAMED = 5
_HUNDRED = 100


def volume(speaker: Speaker, _found: Dashboard, one: Figures) -> list[Fact]:
    """Tell what is owed, what of it is late, and by whom most."""
    balance = one.balance
    late = money(speaker, balance.overdue)
    if balance.overdue_percent is not None:
        late += f" ({percent(speaker, balance.overdue_percent)})"
    facts = [
        fact(speaker, "total", money(speaker, balance.total)),
        fact(speaker, "overdue", late),
        fact(speaker, "concentration", percent(speaker, one.concentration)),
    ]
    return facts + [
        Fact(f"{n}. {formats.name(name, 24)}", money(speaker, owed), "")
        for n, (name, owed) in enumerate(one.debtors[:NAMED], 1)
    ]


def speed(speaker: Speaker, _found: Dashboard, one: Figures) -> list[Fact]:
    """Tell how fast money comes in."""
    speed = one.speed
    return [
        fact(speaker, "dso", days(speaker, speed.dso)),
        fact(speaker, "late_days", days(speaker, speed.late)),
        fact(speaker, "best", days(speaker, speed.best)),
        fact(speaker, "back", back(speaker, speed.back)),
    ]


def quality(speaker: Speaker, _found: Dashboard, one: Figures) -> list[Fact]:
    """Tell how well late money is collected and how old it is."""
    effective = one.effectiveness
    return [
        fact(
            speaker,
            "effectiveness",
            short(speaker) if effective is None else percent(speaker, effective),
        ),
        fact(speaker, "over_60", percent(speaker, one.over_60)),
        fact(speaker, "over_90", percent(speaker, one.over_90)),
    ]


def promises(speaker: Speaker, _found: Dashboard, one: Figures) -> list[Fact]:
    """Tell how promises were kept, and what is promised for four weeks."""
    words = one.words
    share = indicators.share(words.kept, words.count)
    by_amount = indicators.share(words.kept_amount.minor, words.amount.minor)
    return [
        fact(speaker, "kept", part(speaker, share, words.kept, words.count)),
        fact(speaker, "kept_money", percent(speaker, by_amount)),
        *(
            Fact(speaker.say("Week {n}", n=n), money(speaker, amount), "")
            for n, amount in enumerate(one.promised, 1)
        ),
    ]


def forecast(speaker: Speaker, _found: Dashboard, one: Figures) -> list[Fact]:
    """Tell what is to come in four weeks."""
    promised = sum(one.promised[1:], one.promised[0])
    trust = percent(speaker, one.words.trust.ratio * _HUNDRED)
    if one.words.trust.assumed:
        trust = speaker.say("{percent} (assumed: fewer than five promises)", percent=trust)
    return [
        fact(speaker, "expected", money(speaker, one.expected)),
        fact(speaker, "promised", money(speaker, promised)),
        fact(speaker, "due", money(speaker, one.due)),
        fact(speaker, "trust", trust),
    ]


def cost(speaker: Speaker, found: Dashboard, one: Figures) -> list[Fact]:
    """Tell what the receivables cost."""
    rate = formats.rate(found.financing.percent, speaker.locale)
    if not found.financing.verified:
        rate = speaker.say("{figure} (to be checked)", figure=rate)
    return [fact(speaker, "cost", money(speaker, one.cost)), fact(speaker, "rate", rate)]
