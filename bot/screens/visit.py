"""What is said of visits: the way to begin one, and why a text is not kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens import formats
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.use_cases.refusals import Refused


@verb("vi")
@dataclass(frozen=True, slots=True)
class StartVisit(Tap):
    """Say what was seen at the customer's."""

    customer: int


TOPICS = {
    "health": N_("health"),
    "family": N_("family"),
    "religion": N_("religion"),
    "union": N_("union"),
    "politics": N_("politics"),
    "sexual_life": N_("private life"),
    "criminal_record": N_("criminal record"),
}


def forbidden(speaker: Speaker, refused: Refused) -> str:
    """Say which word may not be written about a person, and that the rest is kept."""
    topic = speaker.say(TOPICS.get(getattr(refused, "topic", ""), TOPICS["health"]))
    sentence = (
        "This may not be written about a person ({topic}: “{word}”). "
        "The rest is kept: say only what you saw or heard."
    )
    return speaker.say(sentence, topic=topic, word=formats.name(getattr(refused, "found", ""), 40))


def too_long(speaker: Speaker, refused: Refused) -> str:
    """Say how long a voice note may be."""
    sentence = "A voice note of {most} seconds at most: say it again, shorter."
    return speaker.say(sentence, most=getattr(refused, "most", 0))


def choose(speaker: Speaker, hits: Sequence[tuple[int, str, str]]) -> Screen:
    """Offer accounts to visit: (customer id, code, name) each."""
    text = speaker.page("visit/choose.html", count=len(hits))
    rows = tuple(
        (Button(formats.account(name, code), StartVisit(customer)),)
        for customer, code, name in hits
    )
    return Screen(text, rows)
