"""The garbage collector waits while a piece of work makes thousands of values for a moment."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: for pieces of some tens of milliseconds.

    Such values hold each other in no circle, they go by themselves; looking through them, and
    through all else that the process holds, was a seventh of a scan. Whoever found it waiting
    already leaves it so: of two threads the first ends the wait.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
