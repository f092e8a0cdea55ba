"""Why something failed, in a form that every database can keep."""

from __future__ import annotations

from typing import Final

LENGTH: Final = 400


def reason(text: str) -> str:
    """Return the text cut to its column, without what PostgreSQL or UTF-8 refuse."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:LENGTH]
