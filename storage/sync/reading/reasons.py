"""Why a line, a cell or a whole file is not taken: codes and data, never prose."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from storage.sync.reading.fields import Field

KEPT: Final = 1000
"""Rejections kept in memory; those beyond are only counted."""

SHOWN: Final = 120
"""Characters of a refused value that are kept."""


class Reason(StrEnum):
    """Why a line is rejected, or what was changed on a line that is kept."""

    MISSING_CUSTOMER = "missing_customer"
    COLLECTIVE_ACCOUNT = "collective_account"
    MISSING_NAME = "missing_name"
    MISSING_AMOUNT = "missing_amount"
    MISSING_DATE = "missing_date"
    INVALID_AMOUNT = "invalid_amount"
    AMBIGUOUS_AMOUNT = "ambiguous_amount"
    EXCESS_DECIMALS = "excess_decimals"
    AMOUNT_TOO_LARGE = "amount_too_large"
    INVALID_DATE = "invalid_date"
    CONTRADICTORY_DATES = "contradictory_dates"
    UNKNOWN_CURRENCY = "unknown_currency"
    CURRENCY_CONFLICT = "currency_conflict"
    UNKNOWN_SIGN = "unknown_sign"
    DEBIT_AND_CREDIT = "debit_and_credit"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_FEW_CELLS = "too_few_cells"
    CELL_TOO_LONG = "cell_too_long"
    BROKEN_QUOTES = "broken_quotes"
    # On lines that are kept:
    CONTROL_CHARACTERS = "control_characters"
    UNDECODABLE = "undecodable"
    TRUNCATED = "truncated"
    INVALID_SIREN = "invalid_siren"
    INVALID_SIRET = "invalid_siret"
    INVALID_VAT = "invalid_vat"
    INVALID_EMAIL = "invalid_email"


class FileReason(StrEnum):
    """Why a whole file is refused."""

    EMPTY = "empty"
    NO_HEADER = "no_header"
    AGED_BALANCE = "aged_balance"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    PROTECTED = "protected"
    UNSUPPORTED = "unsupported"
    TOTAL_MISMATCH = "total_mismatch"


class Refused(ValueError):
    """A cell cannot be taken: the reason, and the column when the reader knows it."""

    def __init__(self, reason: Reason, value: object = "", column: int | None = None) -> None:
        """Keep the code, the value as found and the index of its column."""
        super().__init__(reason.value)
        self.reason = reason
        self.value = value
        self.column = column


class FileRefused(ValueError):
    """A file cannot be read at all."""

    def __init__(self, reason: FileReason) -> None:
        """Keep the code."""
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line (or a cell of it) that was not taken as it stands."""

    file: str
    line: int
    column: str | None
    position: int | None
    value: str
    reason: Reason
    field: Field | None = None

    @property
    def letter(self) -> str | None:
        """Return the column's letters as a spreadsheet shows them: A, Z, AA."""
        return None if self.position is None else column_letter(self.position)


@dataclass(slots=True)
class Rejections:
    """The first rejections in full and the number of all of them, by reason."""

    kept: list[Rejection] = field(default_factory=list)
    by_reason: dict[Reason, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return how many there were, kept or not."""
        return sum(self.by_reason.values())

    def add(self, rejection: Rejection) -> None:
        """Count one, and keep it while there is room."""
        self.by_reason[rejection.reason] = self.by_reason.get(rejection.reason, 0) + 1
        if len(self.kept) < KEPT:
            self.kept.append(rejection)


def column_letter(position: int) -> str:
    """Return the letters of the column at a position counted from 1."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def shown(value: object) -> str:
    """Return a refused value as text of bounded length, without control characters."""
    text = "" if value is None else str(value)[: SHOWN * 2]
    return "".join(c if c.isprintable() else " " for c in text).strip()[:SHOWN]
