"""One's own settings: alerts, digest, language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from bot.screens.access import LANGUAGES, language_keys, marked
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from credit.people import Pace, Person
from credit.policy import VolumePolicy


@verb("sp")
@dataclass(frozen=True, slots=True)
class ChoosePace(Tap):
    """Hear of alerts at this pace."""

    pace: str


@verb("sh")
@dataclass(frozen=True, slots=True)
class ChooseDigest(Tap):
    """Have the digest at this time of day."""

    minutes: int


PACES = {
    Pace.NOW: N_("At once"),
    Pace.TWICE: N_("Twice a day"),
    Pace.DIGEST: N_("In the digest"),
}


def settings(
    speaker: Speaker, person: Person, hours: Sequence[time], volume: VolumePolicy
) -> Screen:
    """Show what a person has chosen, each choice as a button."""
    text = speaker.page(
        "settings/home.html",
        pace=person.pace.value,
        most=volume.cards_an_hour,
        twice=[_clock(one.start) for one in volume.twice],
        digest=_clock(person.digest_at),
        language=LANGUAGES.get(person.locale, person.locale),
    )
    paces = tuple(
        Button(marked(speaker.say(words), on=pace is person.pace), ChoosePace(pace.value))
        for pace, words in PACES.items()
    )
    clocks = tuple(
        Button(
            marked(_clock(one), on=one == person.digest_at),
            ChooseDigest(60 * one.hour + one.minute),
        )
        for one in hours
    )
    return Screen(text, (paces[:1], paces[1:], clocks, language_keys(person)))


def chosen(speaker: Speaker) -> str:
    """Confirm a choice."""
    return speaker.say("Noted.")


def _clock(at: time) -> str:
    return at.isoformat("minutes")
