"""Check what the policy says of our own company: the numbers by their keys, the lines by length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from config.typed_toml import ConfigFault
from credit.creditor import Creditor
from credit.identifiers import siren_of_vat, vat_of

LONGEST: Final = 80
"""Characters of a line: what fits across a letter."""
MOST_LINES: Final = 5


def checked(company: Creditor, file: str) -> Creditor:
    """Return our company with its numbers written without spaces.

    Raise `ConfigFault` naming the file, the key, and what to put there.
    """
    if company.capital is not None and company.capital.minor <= 0:
        amount = str(company.capital.amount)
        raise ConfigFault(file, "company.capital", "an amount above zero", amount)
    siren = _siren(company.siren or "", file)
    return replace(
        company,
        name=_line(company.name or "", "name", file),
        form=_line(company.form or "", "form", file),
        register=_line(company.register or "", "register", file),
        holder=_line(company.holder or "", "holder", file),
        address=tuple(_address(company.address or (), file)),
        siren=siren,
        vat=_vat(company.vat or "", siren, file),
        iban=_iban(company.iban or "", file),
        bic=_bic(company.bic or "", file),
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


def _siren(text: str, file: str) -> str:
    if not text:
        return ""
    from stdnum.fr import siren  # noqa: PLC0415 - the registers are loaded when met

    if not siren.is_valid(text):
        raise ConfigFault(
            file, "company.siren", "the nine digits of a SIREN, as on your Kbis, or nothing", text
        )
    return str(siren.compact(text))


def _vat(text: str, siren: str, file: str) -> str:
    if not text:
        return ""
    from stdnum.eu import vat  # noqa: PLC0415 - see above

    if not vat.is_valid(text):
        raise ConfigFault(
            file,
            "company.vat",
            "a VAT number of the European Union, as on your invoices, or nothing",
            text,
        )
    number = str(vat.compact(text))
    if siren and siren_of_vat(number) not in {None, siren}:
        raise ConfigFault(
            file,
            "company.vat",
            "{expected}, the VAT number of the SIREN above, or another SIREN",
            text,
            expected=vat_of(siren),
        )
    return number


def _iban(text: str, file: str) -> str:
    if not text:
        return ""
    from stdnum import iban  # noqa: PLC0415 - see above

    if not iban.is_valid(text):
        raise ConfigFault(
            file, "company.iban", "an IBAN copied from your bank's slip, or nothing", text
        )
    return str(iban.compact(text))


def _bic(text: str, file: str) -> str:
    if not text:
        return ""
    from stdnum import bic  # noqa: PLC0415 - see above

    if not bic.is_valid(text):
        raise ConfigFault(
            file,
            "company.bic",
            "a BIC of 8 or 11 characters copied from your bank's slip, or nothing",
            text,
        )
    return str(bic.compact(text))
