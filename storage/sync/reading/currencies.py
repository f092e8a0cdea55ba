"""Currencies as files name them: ISO 4217 codes, symbols and words."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

CODES: Final = frozenset(
    (  # noqa: SIM905 - a hundred and sixty quoted codes read worse
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN "
        "BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR "
        "FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD "
        "JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT "
        "MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG "
        "QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS "
        "TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG "
        "XOF XPF YER ZAR ZMW ZWG"
    ).split()
)
"""ISO 4217 codes of money in use."""

SYMBOLS: Final = MappingProxyType(
    {
        "€": "EUR",
        "EURO": "EUR",
        "EUROS": "EUR",
        "US$": "USD",
        "$US": "USD",
        "$": "USD",
        "£": "GBP",
        "¥": "JPY",
        "FS": "CHF",
        "FR.": "CHF",
        "CFA": "XOF",
        "FCFA": "XOF",
        "DH": "MAD",
        "DT": "TND",
        "ZŁ": "PLN",
    }
)
"""Signs and words that stand for a code."""

_IN_HEADER: Final = re.compile(r"€|£|US\$|\b[A-Z]{3}\b|\beuros?\b", re.ASCII)


def currency_named(text: str) -> str | None:
    """Return the ISO code meant by a cell, a sign or a word, or nothing."""
    word = text.strip().upper()
    if word in CODES:
        return word
    return SYMBOLS.get(word)


def currency_in_header(header: str) -> str | None:
    """Return the currency that a header names ("Solde (EUR)", "Montant €"), or nothing."""
    for word in _IN_HEADER.findall(header):
        code = currency_named(word)
        if code is not None:
            return code
    return None
