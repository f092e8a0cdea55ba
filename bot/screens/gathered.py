"""The alerts that did not ring one by one, told in one message: a line each, a button each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens.alert import headline
from bot.screens.named_rows import Named, laid
from bot.screens.render import Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.screens.worklist import OWN, ShowDay, ShowTeam
from storage.alerts import Known

ROOM = 20  # characters of a button, two a row


@verb("gt")
@dataclass(frozen=True, slots=True)
class BringCard(Tap):
    """Show the card of an alert below the list that names it."""

    customer: int


def gathered(
    speaker: Speaker,
    found: Sequence[tuple[str, Known]],
    hidden: int,
    *,
    rung: int,
    has_team: bool,
) -> Screen:
    """List these alerts by customer's name; `rung` cards had rung before (0: none was to)."""
    text = speaker.page(
        "alert/gathered.html",
        total=len(found) + hidden,
        lines=[
            (n, headline(speaker, known).partition(" "), name)
            for n, (name, known) in enumerate(found, 1)
        ],
        hidden=hidden,
        rung=rung,
    )
    keys = [
        Named(f"{n} · ", name, BringCard(known.customer_id))
        for n, (name, known) in enumerate(found, 1)
    ]
    rows = laid(keys, ROOM)
    if has_team:
        foot = Button(speaker.say("👥 Team"), ShowTeam(0, "d"))
    else:
        foot = Button(speaker.say("📞 Whom to call"), ShowDay(0, OWN), style="primary")
    return Screen(text, (*rows, (foot,)))
