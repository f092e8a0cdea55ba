"""Load the dated, sourced reference data: what the law and the central bank decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import TypeVar

from config.typed_toml import MISSING, ConfigFault, parse, read
from credit.account_opening import Checklist
from credit.bailiff import Tariff
from credit.cost import Financing
from credit.guarantees import GuaranteeLaw
from credit.insolvency import InsolvencyLaw
from credit.money import Money
from credit.penalty import RateTable, Semester, SemesterRate
from credit.prescription import TimeLimits
from credit.reference import Reference
from credit.returns import ReturnLaw
from credit.terms import TermsLaw

T = TypeVar("T")

LATE_PAYMENT = "late_payment.toml"
PAYMENT_TERMS = "payment_terms.toml"
TIME_LIMITS = "time_limits.toml"
INSOLVENCY = "insolvency.toml"
RETURNS = "returns.toml"
BAILIFF_TARIFF = "bailiff_tariff.toml"
FINANCING = "financing.toml"
ACCOUNT_OPENING = "account_opening.toml"
GUARANTEES = "guarantees.toml"
FILES = (
    ACCOUNT_OPENING,
    LATE_PAYMENT,
    PAYMENT_TERMS,
    TIME_LIMITS,
    INSOLVENCY,
    RETURNS,
    BAILIFF_TARIFF,
    FINANCING,
    GUARANTEES,
)
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


@dataclass(frozen=True, slots=True)
class _TariffFile:
    """The tariffs, each with the days for which it holds."""

    checked_on: date
    tariffs: tuple[Tariff, ...]


def load_reference(folder: Path | None = None) -> Reference:
    """Read every reference file; one in `folder` takes the place of the packaged one.

    Raises `ConfigFault` with the file, the key and what was expected.
    """
    if folder is not None and not folder.is_dir():
        raise ConfigFault("RELANCE_REFERENCE_DIR", str(folder), "a folder", MISSING)

    def file(name: str) -> Path | None:
        own = folder and folder / name
        return own if own and own.exists() else None

    return Reference(
        rates=load_late_payment_rates(file(LATE_PAYMENT)),
        terms=_terms(file(PAYMENT_TERMS)),
        limits=_loaded(TimeLimits, TIME_LIMITS, file(TIME_LIMITS)),
        insolvency=_loaded(InsolvencyLaw, INSOLVENCY, file(INSOLVENCY)),
        returns=_loaded(ReturnLaw, RETURNS, file(RETURNS)),
        tariffs=_loaded(_TariffFile, BAILIFF_TARIFF, file(BAILIFF_TARIFF)).tariffs,
        financing=_loaded(Financing, FINANCING, file(FINANCING)),
        opening=_loaded(Checklist, ACCOUNT_OPENING, file(ACCOUNT_OPENING)),
        guarantees=_loaded(GuaranteeLaw, GUARANTEES, file(GUARANTEES)),
    )


def load_late_payment_rates(path: Path | None = None) -> RateTable:
    """Read the rates of late payment, from the packaged file when no path is given.

    Raises `ConfigFault` with the file, the key and what was expected.
    """
    file = _name(LATE_PAYMENT, path)
    table = _loaded(_LatePaymentFile, LATE_PAYMENT, path)
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


def _terms(path: Path | None) -> TermsLaw:
    law = _loaded(TermsLaw, PAYMENT_TERMS, path)
    if "general" not in law.ceilings:
        raise ConfigFault(_name(PAYMENT_TERMS, path), "ceilings.general", "a ceiling", {})
    return law


def _loaded(kind: type[T], name: str, path: Path | None) -> T:
    packaged = resources.files("config").joinpath("reference", name)
    file = _name(name, path)
    try:
        text = (path or packaged).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigFault(file, "encoding", "UTF-8 text", error.reason) from error
    return read(kind, parse(text, file), file)


def _name(name: str, path: Path | None) -> str:
    return str(path) if path else f"reference/{name}"


def _semester(key: str, file: str) -> Semester:
    match = SEMESTER.fullmatch(key)
    if match is None:
        raise ConfigFault(file, f"semesters.{key}", "a half-year such as 2026S1", key)
    return Semester(int(match[1]), int(match[2]))
