"""What was seen on visits, on one screen; each photo and voice note behind a button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens import formats
from bot.screens.alert import Explain
from bot.screens.lights_words import SEEN
from bot.screens.render import Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.use_cases.observations_seen import Proof, Sighting
from storage.customers import Customer

SHOWN = 12
PROOFS_SHOWN = 24
A_ROW = 2


@verb("os")
@dataclass(frozen=True, slots=True)
class ShowSeen(Tap):
    """Show what was seen at this customer's."""

    customer: int


@verb("op")
@dataclass(frozen=True, slots=True)
class ShowProof(Tap):
    """Send one photo or voice note of an observation again."""

    observation: int
    place: int


def seen(speaker: Speaker, customer: Customer, found: Sequence[Sighting]) -> Screen:
    """List what was seen, newest first, with a button for each photo and voice note."""
    text = speaker.page(
        "visit/seen.html",
        customer=customer,
        sightings=[(one, speaker.say(SEEN[one.code])) for one in found[:SHOWN]],
        hidden=len(found) - SHOWN,
    )
    keys = [
        Button(_label(speaker, one, proof), ShowProof(one.id, place))
        for one in found[:SHOWN]
        for place, proof in enumerate(one.proofs)
    ]
    keys = keys[:PROOFS_SHOWN]
    rows = [tuple(keys[at : at + A_ROW]) for at in range(0, len(keys), A_ROW)]
    return Screen(text, (*rows, (Button(speaker.say("← Why?"), Explain(customer.id)),)))


def proof(found: Proof) -> Screen:
    """Send a photo or a voice note again, as Telegram keeps it."""
    if found.spoken:
        return Screen("🎤", voice=found.file_id)
    return Screen("📷", photo=found.file_id)


def _label(speaker: Speaker, one: Sighting, proof: Proof) -> str:
    day = formats.short_day(one.on, speaker.locale)
    if proof.spoken:
        return speaker.say("🎤 {day} · {seconds} s", day=day, seconds=proof.seconds)
    return speaker.say("📷 {day}", day=day)
