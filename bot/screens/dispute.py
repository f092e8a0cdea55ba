"""A dispute in words: its reason, its owner, the way to open one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.screens.render import Speaker
from bot.screens.tap import Tap, verb


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


@verb("dl")
@dataclass(frozen=True, slots=True)
class ListDisputes(Tap):
    """Show a page of the disputes that hold money back."""

    page: int


@verb("dv")
@dataclass(frozen=True, slots=True)
class ShowDispute(Tap):
    """Show one dispute as it stands."""

    dispute: int


def withdrawn(speaker: Speaker) -> str:
    """Confirm that the dispute was taken back."""
    return speaker.say("Dispute withdrawn: its part can be claimed again.")
