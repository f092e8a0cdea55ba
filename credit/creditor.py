"""Who claims: our own company as its letters name it, and the account to pay to (handbook 7.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from credit.money import Money

WANTED: Final = ("name", "form", "capital", "siren", "register", "address", "vat", "iban", "bic")
"""What a complete letter says of its sender; `holder` only where the account is another's."""
COMPANIES: Final = ("S", "EURL")
"""How the legal forms begin that have a capital: SAS, SARL, SA, SNC, « Société … »."""


@dataclass(frozen=True, slots=True)
class Creditor:
    """Our company as the register has it, and where it is paid; None or empty: not told.

    `register` is where it is registered (« RCS Rennes »), `address` its registered office line
    by line; `holder` is whose account it is where that is another's (a factor's).
    """

    name: str | None = None
    form: str | None = None
    capital: Money | None = None
    siren: str | None = None
    register: str | None = None
    address: tuple[str, ...] | None = None
    vat: str | None = None
    iban: str | None = None
    bic: str | None = None
    holder: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Name what a letter should say of its sender and cannot (art. R123-237, R123-238 C. com.).

        A capital is missed only of a form that has one.
        """
        return tuple(
            name
            for name in WANTED
            if not getattr(self, name) and (name != "capital" or self._has_capital)
        )

    @property
    def _has_capital(self) -> bool:
        return (self.form or "").replace(".", "").upper().startswith(COMPANIES)
