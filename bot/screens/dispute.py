"""A dispute in words: its reason, its owner, the way to open one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.screens.render import Speaker
from bot.screens.tap import Tap, verb

REASONS = {
    "L01": "price, discount, terms",
    "L02": "quantity",
    "L03": "quality",
    "L04": "delivery",
    "L05": "order number, reference",
    "L06": "wrong or duplicate invoice",
    "L07": "VAT",
    "L08": "payment not posted",
    "L09": "credit note missing",
    "L10": "incomplete work",
    "L11": "contract, retention",
    "L12": "debt denied",
}


@verb("ds")
@dataclass(frozen=True, slots=True)
class StartDispute(Tap):
    """Open a dispute on this account, without the guided call."""

    customer: int


@verb("dw")
@dataclass(frozen=True, slots=True)
class WithdrawDispute(Tap):
    """Undo a dispute of one's own."""

    dispute: int


def reason(speaker: Speaker, code: str) -> str:
    """Say the type of a dispute in two or three words."""
    return speaker.say(REASONS[code])


def withdrawn(speaker: Speaker) -> str:
    """Confirm that the dispute was taken back."""
    return speaker.say("Dispute withdrawn: its part can be claimed again.")
