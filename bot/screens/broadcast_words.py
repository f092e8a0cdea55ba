"""What the command line says of a broadcast: queued, on its way, how far it came."""

from __future__ import annotations

from bot.screens.render import Speaker
from bot.use_cases.broadcasts import Tally


def nobody_signs(speaker: Speaker) -> str:
    """Say that there is no one in whose name to write."""
    return speaker.say(
        "Nobody signs: there is no credit manager yet (relance invite --role credit-manager)."
    )


def nobody_sends(speaker: Speaker) -> str:
    """Say that the message waits for a bot to be started."""
    return speaker.say(
        "No bot is running on this database: the message leaves when one starts (relance run)."
    )


def queued(speaker: Speaker, recipients: int) -> str:
    """Say to how many the message goes."""
    return speaker.count("Queued: {n} recipient", "Queued: {n} recipients", recipients)


def delivered(speaker: Speaker, tally: Tally, seconds: float) -> str:
    """Say how far the message came, and in what time."""
    return speaker.say(
        "Delivered {sent} of {recipients} in {seconds} s; "
        "seen {seen}, blocked {blocked}, failed {failed}, waiting {waiting}.",
        seconds=seconds,
        **tally.as_json(),
    )


def goes_on(speaker: Speaker) -> str:
    """Say that nobody waits any more, and what becomes of the message."""
    return speaker.say(
        "No longer waiting: the message is still being sent; relance outbox tells what is left, "
        "--drop gives it up."
    )
