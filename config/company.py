"""Check what the policy says of our own company: the numbers by their keys, the lines by length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Final

from config.typed_toml import ConfigFault
from credit.creditor import Creditor
from credit.identifiers import siren_of_vat, vat_of

LONGEST: Final = 80
"""Characters of a line: what fits across a letter."""
MOST_LINES: Final = 5
NUMBERS: Final = {
    "siren": ("fr.siren", "the nine digits of a SIREN, as on your Kbis, or nothing"),
    "vat": ("eu.vat", "a VAT number of the European Union, as on your invoices, or nothing"),
    "iban": ("iban", "an IBAN copied from your bank's slip, or nothing"),
    "bic": ("bic", "a BIC of 8 or 11 characters copied from your bank's slip, or nothing"),
}
"""Each with the register of `stdnum` that knows its keys, and what is wanted."""


def checked(company: Creditor, file: str) -> Creditor:
    """Return our company with its numbers written without spaces.

    Raise `ConfigFault` naming the file, the key, and what to put there.
    """
    if company.capital is not None and company.capital.minor <= 0:
        amount = str(company.capital.amount)
        raise ConfigFault(file, "company.capital", "an amount above zero", amount)
    numbers = _numbers(company, file)
    _check_vat(numbers["vat"], numbers["siren"], file)
    return replace(
        company,
        name=_line(company.name or "", "name", file),
        form=_line(company.form or "", "form", file),
        register=_line(company.register or "", "register", file),
        holder=_line(company.holder or "", "holder", file),
        address=tuple(_address(company.address or (), file)),
        siren=numbers["siren"],
        vat=numbers["vat"],
        iban=numbers["iban"],
        bic=numbers["bic"],
    )


def _line(text: str, key: str, file: str) -> str:
    if len(text) > LONGEST or len(text.splitlines()) > 1:
        raise ConfigFault(
            file, f"company.{key}", "one line of {most} characters at most", text, most=LONGEST
        )
    return text.strip()


def _address(lines: tuple[str, ...], file: str) -> Iterator[str]:
    if len(lines) > MOST_LINES:
        raise ConfigFault(
            file, "company.address", "{lines} lines at most", list(lines), lines=MOST_LINES
        )
    for n, line in enumerate(lines):
        yield _line(line, f"address[{n}]", file)


def _numbers(company: Creditor, file: str) -> dict[str, str]:
    """Return the numbers that are given, each without spaces and checked by its keys."""
    found: dict[str, str] = {}
    for key, (register, expected) in NUMBERS.items():
        text = getattr(company, key) or ""
        # loaded when met: a start without any spares it
        known = import_module(f"stdnum.{register}") if text else None
        if known and not known.is_valid(text):
            raise ConfigFault(file, f"company.{key}", expected, text)
        found[key] = str(known.compact(text)) if known else ""
    return found


def _check_vat(vat: str, siren: str, file: str) -> None:
    """Refuse a French VAT number of another company."""
    if siren and vat and siren_of_vat(vat) not in {None, siren}:
        raise ConfigFault(
            file,
            "company.vat",
            "{expected}, the VAT number of the SIREN above, or another SIREN",
            vat,
            expected=vat_of(siren),
        )
