"""The charts of the dashboard in words and colours: figures in, a picture out."""

from __future__ import annotations

from decimal import Decimal

from babel.dates import format_date

from bot.documents import charts
from bot.documents.charts import BLUE, ORANGE, RED, Chart, Series
from bot.screens import formats
from bot.screens.dashboard import CHARTED, scope_of
from bot.screens.dashboard_words import FAMILIES
from bot.screens.render import Speaker
from bot.screens.screen import File, Screen
from bot.use_cases.dashboard_charts import Charted
from credit.ageing import BUCKETS
from credit.money import rounded

AGES = (BLUE, "#e8a33d", ORANGE, "#cf4a1f", RED, "#7d1712")


def coming(speaker: Speaker) -> str:
    """Say that the chart is being drawn."""
    return speaker.say("The chart is on its way.")


def nothing(speaker: Speaker) -> Screen:
    """Say that there is nothing to draw."""
    return Screen(speaker.say("There is nothing to draw yet: history too short."))


def chart(speaker: Speaker, found: Charted, name: str) -> Screen | None:
    """Draw the chart of a block for the largest currency; None where there is nothing to draw."""
    if name not in CHARTED or (name == "speed" and not found.months):
        return None
    draw = {"speed": _speed, "risk": _lights, "volume": _aged}.get(name, _promised)
    return Screen(
        _note(speaker, found), file=File(f"{name}.png", draw(speaker, found), "image/png")
    )


def _note(speaker: Speaker, found: Charted) -> str:
    scope = scope_of(speaker, found.role, found.codes)
    if found.data_as_of is None:
        return scope
    at = formats.moment(found.data_as_of, speaker.locale, speaker.zone)
    return f"{scope} · {speaker.say('data of {at}', at=at)}"


def _aged(speaker: Speaker, found: Charted) -> bytes:
    balance = found.balance
    labels = [speaker.say("Not due"), *(speaker.say("{span} d", span=name) for name in BUCKETS)]
    values = [balance.not_due, *(balance.buckets[name] for name in BUCKETS)]
    return charts.across(
        Chart(
            title=speaker.say("Aged balance ({currency})", currency=found.balance.currency),
            note=_note(speaker, found),
            labels=labels,
            series=(Series("", BLUE, [float(money.amount) for money in values]),),
            write=lambda value: _amount(speaker, value, found.balance.currency),
            colours=AGES,
        )
    )


def _amount(speaker: Speaker, value: float, currency: str) -> str:
    whole = rounded(Decimal(round(value)), currency)
    return formats.round_money(whole, speaker.locale)


def _speed(speaker: Speaker, found: Charted) -> bytes:
    return charts.upright(
        Chart(
            title=speaker.say("DSO in days ({currency})", currency=found.balance.currency),
            note=_note(speaker, found),
            labels=[
                format_date(month.end, "MMM yy", locale=speaker.locale) for month in found.months
            ],
            series=(
                Series(
                    speaker.say("terms"), BLUE, [float(month.dso.terms) for month in found.months]
                ),
                Series(
                    speaker.say("late"), ORANGE, [float(month.dso.late) for month in found.months]
                ),
            ),
            write=lambda value: f"{value:.0f}",
        )
    )


def _promised(speaker: Speaker, found: Charted) -> bytes:
    return charts.upright(
        Chart(
            title=speaker.say(
                "Promised in four weeks ({currency})", currency=found.balance.currency
            ),
            note=_note(speaker, found),
            labels=[speaker.say("W{n}", n=n) for n in range(1, len(found.promised) + 1)],
            series=(Series("", BLUE, [float(money.amount) for money in found.promised]),),
            write=lambda value: _amount(speaker, value, found.balance.currency),
        )
    )


def _lights(speaker: Speaker, found: Charted) -> bytes:
    counts = [found.lights.get(family, {}) for family in FAMILIES]
    return charts.across(
        Chart(
            title=speaker.say("Warning lights by family"),
            note=_note(speaker, found),
            labels=[speaker.say(label) for label in FAMILIES.values()],
            series=(
                Series(speaker.say("red"), RED, [float(one.get("red", 0)) for one in counts]),
                Series(
                    speaker.say("orange"),
                    "#e8a33d",
                    [float(one.get("orange", 0)) for one in counts],
                ),
            ),
            write=lambda value: formats.count(round(value), speaker.locale),
        )
    )
