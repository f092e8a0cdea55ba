"""Load the dated, sourced reference data: what the law and the central bank decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path

from config.typed_toml import ConfigFault, parse, read
from credit.money import Money
from credit.penalty import RateTable, Semester, SemesterRate

LATE_PAYMENT = "late_payment.toml"
SEMESTER = re.compile(r"(\d{4})S([12])")


@dataclass(frozen=True, slots=True)
class _LatePaymentFile:
    """The file as it is written: half-years are text keys."""

    points_above_refi: Decimal
    contract_floor_factor: Decimal
    day_base: int
    flat_fee: Money
    source: str
    checked_on: date
    semesters: Mapping[str, SemesterRate]


def load_late_payment_rates(path: Path | None = None) -> RateTable:
    """Read the rates of late payment, from the packaged file when no path is given.

    Raises `ConfigFault` with the file, the key and what was expected.
    """
    packaged = resources.files("config").joinpath("reference", LATE_PAYMENT)
    text = (path or packaged).read_text(encoding="utf-8")
    file = str(path) if path else f"reference/{LATE_PAYMENT}"
    table = read(_LatePaymentFile, parse(text, file), file)
    if not table.semesters:
        raise ConfigFault(file, "semesters", "at least one half-year", {})
    return RateTable(
        semesters={_semester(key, file): rate for key, rate in table.semesters.items()},
        points_above_refi=table.points_above_refi,
        contract_floor_factor=table.contract_floor_factor,
        day_base=table.day_base,
        flat_fee=table.flat_fee,
        source=table.source,
        checked_on=table.checked_on,
    )


def _semester(key: str, file: str) -> Semester:
    match = SEMESTER.fullmatch(key)
    if match is None:
        raise ConfigFault(file, f"semesters.{key}", "a half-year such as 2026S1", key)
    return Semester(int(match[1]), int(match[2]))
