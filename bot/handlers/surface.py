"""The whole surface of the product: every module whose handlers can be woken.

The order counts for free text: the first reader that answers wins.
"""

from __future__ import annotations

from importlib import import_module

MODULES = (
    "access",
    "conversation",
    "alert",
    "call",
    "promise",
    "dispute",
    "worklist",
    "digest",
    "broadcast",
    "account",
    "importing",
)


def load() -> None:
    """Import every handler module, so that the registry is complete."""
    for name in MODULES:
        import_module(f"bot.handlers.{name}")
