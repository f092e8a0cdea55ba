"""A broadcast as its readers see it, and the report that tells its author how far it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens import formats
from bot.screens.render import Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.screens.worklist import bar
from bot.use_cases.broadcasts import Report
from storage.broadcasts import Broadcast


@verb("bs")
@dataclass(frozen=True, slots=True)
class Seen(Tap):
    """I have read this message."""

    broadcast: int


@verb("br")
@dataclass(frozen=True, slots=True)
class Remind(Tap):
    """Send it again to those who have not seen it."""

    broadcast: int


@verb("bx")
@dataclass(frozen=True, slots=True)
class ExportReaders(Tap):
    """Send the list of its recipients as a workbook."""

    broadcast: int


def message(
    speaker: Speaker, sent: Broadcast, *, seen: bool = False, again: bool = False
) -> Screen:
    """Show the message to a reader, with the button that says he has read it."""
    text = speaker.page(
        "broadcast/message.html", author=sent.author, text=sent.text, seen=seen, again=again
    )
    if seen:
        return Screen(text)
    return Screen(text, ((Button(speaker.say("👍 Seen"), Seen(sent.id), style="success"),),))


def thanks(speaker: Speaker) -> str:
    """Confirm that the author will know."""
    return speaker.say("Thank you: the author sees it.")


def report(speaker: Speaker, found: Report) -> Screen:
    """Show how many got the message, have seen it, cannot be reached, and who is missing."""
    tally = found.tally
    total, unseen = tally.recipients, tally.sent - tally.seen
    unreached = tally.blocked + tally.failed
    rows = [
        (speaker.say("Delivered"), tally.sent),
        (speaker.say("Seen"), tally.seen),
        (speaker.say("Blocked"), unreached),
        (speaker.say("Waiting"), tally.waiting),
    ]
    widest = max(len(label) for label, _ in rows)
    text = speaker.page(
        "broadcast/report.html",
        sent=found.broadcast,
        total=total,
        rows=[(label.ljust(widest), bar(n, total), n) for label, n in rows],
        missing=_listed(found.unseen, unseen),
        blocked=_listed(found.unreached, unreached),
    )
    rows_of_keys = []
    if unseen:
        label = speaker.count(
            "Remind who has not seen it (1)", "Remind who has not seen it ({n})", unseen
        )
        rows_of_keys.append((Button(label, Remind(found.broadcast.id)),))
    export = Button(speaker.say("Export (XLSX)"), ExportReaders(found.broadcast.id))
    return Screen(text, (*rows_of_keys, (export,)))


def _listed(names: Sequence[str], of: int) -> str:
    shown = ", ".join(formats.name(one, 24) for one in names)
    return f"{shown}… (+{of - len(names)})" if of > len(names) else shown


def reminded(speaker: Speaker, n: int) -> str:
    """Say how many are reminded."""
    if not n:
        return speaker.say("Everybody was reminded today already.")
    return speaker.count("{n} person is reminded.", "{n} people are reminded.", n)
