"""The risk class that the credit manager gives a customer (handbook 5.4)."""

from __future__ import annotations

from enum import StrEnum


class RiskClass(StrEnum):
    """From A, the safest, to E, cash only."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
