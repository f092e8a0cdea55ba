"""An account's four lights, each with its reasons and its way back to green."""

from __future__ import annotations

from dataclasses import dataclass

from bot.screens import formats
from bot.screens.account import OpenAccount
from bot.screens.alert import LEVELS, MARKS, ShowAlert, sentence
from bot.screens.lights_words import GREEN_WHEN
from bot.screens.observations import ShowSeen
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.use_cases.accounts import Account
from bot.use_cases.lights import LEDGER, Explained, FamilyLight
from credit.levels import Light


@verb("lf")
@dataclass(frozen=True, slots=True)
class Lift(Tap):
    """Unfreeze this account for a reason of the list."""

    customer: int
    place: int


FAMILIES = {
    "payment": N_("Payment"),
    "commercial": N_("Orders"),
    "public": N_("Public records"),
    "field": N_("On site"),
}
LIGHTS = {Light.GREEN: "🟢", Light.ORANGE: "🟠", Light.RED: "🔴"}
REASONS = (
    N_("The notice is about somebody else"),
    N_("Paid or guaranteed"),
    N_("Plan or takeover: we go on for cash"),
    N_("What was reported does not hold"),
)


def explained(speaker: Speaker, account: Account, found: Explained, *, may_lift: bool) -> Screen:
    """Say each family's light, its reasons with their figures, and what would turn it green."""
    text = speaker.page(
        "lights/explained.html",
        customer=account.customer,
        mark=MARKS[int(found.level)],
        level=speaker.say(LEVELS[int(found.level)]),
        frozen_since=found.frozen_since,
        reported=found.reported,
        families=[_family(speaker, one) for one in found.families],
        as_of=account.data_as_of,
    )
    customer = account.customer.id
    rows: list[tuple[Button, ...]] = []
    if found.frozen_since is not None and may_lift:
        rows += [
            (Button(f"🔓 {speaker.say(why)}", Lift(customer, number)),)
            for number, why in enumerate(REASONS)
        ]
    if found.seen:
        label = speaker.count("👁 {n} thing seen", "👁 {n} things seen", found.seen)
        rows.append((Button(label, ShowSeen(customer)),))
    if found.level:
        rows.append((Button(speaker.say("← Alert"), ShowAlert(customer)),))
    else:
        rows.append((Button(speaker.say("← Account"), OpenAccount(customer)),))
    return Screen(text, tuple(rows))


def _family(speaker: Speaker, one: FamilyLight) -> dict[str, object]:
    return {
        "mark": LIGHTS[one.light],
        "name": speaker.say(FAMILIES[one.family.value]),
        "points": one.points,
        "reasons": [sentence(speaker, signal) for signal in one.reasons],
        "hidden": one.hidden,
        "excess": one.excess,
        "ways": _ways(speaker, one),
    }


def _ways(speaker: Speaker, one: FamilyLight) -> list[str]:
    """Say what would turn a family green, each thing once; the invoice to pay is named."""
    said: list[str] = []
    settle = one.settle
    for way in one.ways:
        words = speaker.say(GREEN_WHEN[_kind(way)])
        if settle and way in LEDGER:
            words, settle = f"{words} ({formats.name(settle, 24)})", None
        if words not in said:
            said.append(words)
    return said


def _kind(signal_id: str) -> str:
    return signal_id if signal_id in GREEN_WHEN else signal_id[:1]


def reason(number: int) -> str:
    """Return the words, in English, of a reason of the list: what the audit trail keeps."""
    return REASONS[number] if 0 <= number < len(REASONS) else ""


def lifted(speaker: Speaker) -> str:
    """Confirm that an account is frozen no more."""
    return speaker.say("Unfrozen: reminders and orders may go on.")
