"""Charts as PNG, 1080 px wide, in type large enough for a telephone held at arm's length.

The drawing library is loaded by the first chart, so that nobody else waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import Any

DOTS = 100  # per inch
WIDTH, HEIGHT = 10.8, 9.0  # inches: 1080 x 900 px
TITLE, TEXT, SMALL = 31, 26, 24  # points: 24 are 33 px, a third of it on a phone
INK, PALE, PAPER = "#1c2733", "#d5dde5", "#ffffff"
BLUE, ORANGE, RED, GREY = "#1f6fb2", "#d9730d", "#b3261e", "#66788a"
Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: its name, its colour and a value per label."""

    name: str
    colour: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in words and values; `note` tells scope and date, `write` words a value."""

    title: str
    note: str
    labels: Sequence[str]
    series: Sequence[Series]
    write: Write
    colours: Sequence[str] = ()  # one per label, when there is a single series


def across(chart: Chart) -> bytes:
    """Draw bars that run from left to right, the first label on top; series follow each other."""
    figure, axes = _paper(chart)
    places = range(len(chart.labels))
    left = [0.0] * len(chart.labels)
    for one in chart.series:
        axes.barh(places, one.values, left=left, color=_colour(chart, one), label=one.name)
        left = [start + value for start, value in zip(left, one.values, strict=True)]
    most = max([*left, 0.0]) or 1.0
    for place, total in zip(places, left, strict=True):
        axes.text(
            max(total, 0.0) + most * 0.02,
            place,
            chart.write(total),
            va="center",
            fontsize=SMALL,
            color=INK,
        )
    axes.set_yticks(places, chart.labels)
    axes.invert_yaxis()
    axes.set_xlim(min([*left, 0.0]) * 1.05, most * 1.45)
    axes.set_xticks([])
    return _png(figure, axes, chart)


def upright(chart: Chart) -> bytes:
    """Draw columns, the first label on the left; series stand on each other."""
    figure, axes = _paper(chart)
    places = range(len(chart.labels))
    foot = [0.0] * len(chart.labels)
    for one in chart.series:
        axes.bar(places, one.values, bottom=foot, color=_colour(chart, one), label=one.name)
        foot = [start + value for start, value in zip(foot, one.values, strict=True)]
    most = max([*foot, 0.0]) or 1.0
    for place, total in zip(places, foot, strict=True):
        axes.text(
            place,
            total + most * 0.02,
            chart.write(total),
            ha="center",
            va="bottom",
            fontsize=SMALL,
            color=INK,
        )
    axes.set_xticks(places, chart.labels)
    axes.set_ylim(0, most * 1.3)
    axes.set_yticks([])
    return _png(figure, axes, chart)


def _paper(chart: Chart) -> tuple[Any, Any]:
    """Prepare a white sheet with its title and its note."""
    figure = import_module("matplotlib.figure").Figure(
        figsize=(WIDTH, HEIGHT), dpi=DOTS, facecolor=PAPER, layout="constrained"
    )
    figure.get_layout_engine().set(w_pad=0.25, h_pad=0.25)  # inches of white around it
    axes = figure.add_subplot()
    axes.set_title(chart.title, fontsize=TITLE, fontweight="bold", color=INK, loc="left", pad=22)
    figure.supxlabel(chart.note, fontsize=SMALL, color=GREY, x=0.02, ha="left")
    return figure, axes


def _colour(chart: Chart, series: Series) -> str | Sequence[str]:
    return chart.colours or series.colour


def _png(figure: Any, axes: Any, chart: Chart) -> bytes:  # noqa: ANN401 - loaded late, so untyped
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=TEXT, colors=INK, length=0)
    axes.set_facecolor(PAPER)
    if len(chart.series) > 1:
        axes.legend(fontsize=SMALL, frameon=False, loc="upper right", labelcolor=INK)
    out = BytesIO()
    figure.savefig(out, format="png", dpi=DOTS)
    return out.getvalue()
