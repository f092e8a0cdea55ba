"""How a button names a rep code, which is free text, in a few letters, digits and dashes."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Final

SPELLED: Final = "-"
"""Begins a mark from which the code is read; no digest begins so."""
LONGEST: Final = 40
"""Characters of a word in a button."""
DIGEST_LENGTH: Final = 8


def mark_of(code: str) -> str:
    """Return the word that stands for a rep code: the code itself in base64, or its digest.

    Only a code of more than 29 bytes, or with characters that are not seen, has a digest.
    """
    spelled = SPELLED + urlsafe_b64encode(code.encode()).decode().rstrip("=")
    return spelled if code.isprintable() and len(spelled) <= LONGEST else digest_of(code)


def digest_of(code: str) -> str:
    """Return the word that stands for a code that is not spelled, or was not by older buttons."""
    return sha256(code.encode()).hexdigest()[:DIGEST_LENGTH]


def code_in(mark: str) -> str | None:
    """Return the code that a mark spells; None when it is a digest, or nothing we wrote."""
    if not mark.startswith(SPELLED):
        return None
    text = mark.removeprefix(SPELLED)
    try:
        code = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return code if mark_of(code) == mark else None
