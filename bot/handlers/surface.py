"""The whole surface of the product: every module whose handlers can be woken.

The order counts twice: for free text, where the first reader that answers wins, and for the
menu of commands, whose first lines are what people use every day.
"""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "worklist",
    "digest",
    "dashboard",
    "exports",
    "rules",
    "broadcast",
    "conversation",
    "alert",
    "gathered",
    "call",
    "promise",
    "dispute",
    "disputes",
    "visit",
    "lights",
    "observations",
    "account",
    "leaving",
    "importing",
    "assigning",
    "order",
    "opening",
    "credit",
    "guarantee",
    "letter",
    "knowledge",
    "calculation",
    "settings",
    "access",
)


def load() -> None:
    """Import every handler module, so that the registry is complete."""
    for name in MODULES:
        import_module(f"bot.handlers.{name}")
