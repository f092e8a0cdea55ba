"""What the numbers of a French company say of one another, and of the names beside them."""

from __future__ import annotations

import unicodedata

SIREN_DIGITS, VAT_DIGITS = 9, 13
LEGAL_FORMS = frozenset(
    {
        *("SARL", "EURL", "SAS", "SASU", "SA", "SCI", "SNC", "SCOP", "SELARL", "SC", "GIE"),
        *("EI", "EIRL", "ETS", "ETABLISSEMENTS", "STE", "SOCIETE", "ENTREPRISE", "ET", "AND"),
    }
)
"""Words of a company's name that a bank may drop, or write otherwise."""


def siren_of(siret: str) -> str:
    """Return the SIREN inside a SIRET of 14 digits."""
    return siret[:SIREN_DIGITS]


def siren_of_vat(vat: str) -> str | None:
    """Return the SIREN inside a French VAT number; None for another country's, or Monaco's."""
    inside = vat[4:]
    french = vat.startswith("FR") and len(vat) == VAT_DIGITS and inside.isdigit()
    return inside if french and not inside.startswith("000") else None


def vat_of(siren: str) -> str:
    """Return the French VAT number of a SIREN (art. 286 ter CGI; key modulo 97)."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def same_company(holder: str, name: str) -> bool:
    """Tell whether the holder of a bank account is the company of that name.

    Accents, case, order of words and legal forms are not looked at; a first name, a trade
    sign or one more word make another holder.
    """
    one, other = _words(holder), _words(name)
    return bool(one) and one == other


def _words(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name.replace("&", " ET ").replace(".", ""))
    kept = "".join(
        letter if letter.isalnum() else " "
        for letter in plain.upper()
        if not unicodedata.combining(letter)
    )
    words = frozenset(kept.split())
    return words - LEGAL_FORMS or words
