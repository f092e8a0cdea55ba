"""The two sides of a letter as it prints them, and what it lacks of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from bot.screens import formats
from bot.screens.render import N_, Speaker
from bot.screens.typography import FRENCH
from credit.creditor import WANTED

if TYPE_CHECKING:
    from bot.use_cases.formal_notices import Claim
    from bot.use_cases.letter_addressee import Addressee
    from credit.creditor import Creditor
    from credit.money import Money

OURS: Final = {
    "name": N_("legal name"),
    "form": N_("legal form"),
    "capital": N_("capital"),
    "siren": N_("SIREN"),
    "register": N_("place of registration (RCS)"),
    "address": N_("registered office"),
    "vat": N_("VAT number"),
    "iban": N_("IBAN"),
    "bic": N_("BIC"),
}
THEIRS: Final = {"siren": N_("SIREN"), "address": N_("address")}
BESIDE: Final = {"capital": "form", "register": "siren", "bic": "iban"}
"""What is printed only beside something else: where that is not known, that alone is missed."""
SIREN_GROUP, IBAN_GROUP = 3, 4
NO_BREAK = "\N{NO-BREAK SPACE}"  # an IBAN keeps plain spaces: it is copied into a bank's form


def sides(claim: Claim) -> dict[str, Any]:
    """Return the values of a letter that name the two parties."""
    customer, found = claim.account.customer, claim.addressee
    ours = printed(claim.creditor)
    name = ours["name"] or claim.company
    return {
        "us": {**ours, "name": name, "holder": claim.creditor.holder or name},
        "them": {
            "name": customer.name,
            "code": customer.code,
            "siren": _grouped(found.siren, SIREN_GROUP, NO_BREAK),
            "address": list(address_lines(found.address)),
        },
    }


def printed(creditor: Creditor) -> dict[str, Any]:
    """Write what is known of our company as letters show it; "" or no line: not known."""
    plain = {name: getattr(creditor, name) or "" for name in WANTED}
    return {
        **plain,
        "capital": _capital(creditor.capital) if creditor.capital else "",
        "siren": _grouped(plain["siren"], SIREN_GROUP, NO_BREAK),
        "address": list(creditor.address or ()),
        "iban": _grouped(plain["iban"], IBAN_GROUP),
    }


def lacking(creditor: Creditor, body: str) -> tuple[str, ...]:
    """Name what a letter does not say of our company: not known, or not when it was written."""
    said, missing = printed(creditor), creditor.missing
    return tuple(
        name
        for name in WANTED
        if name in missing or (BESIDE.get(name) not in missing and not _holds(body, said[name]))
    )


def _holds(body: str, said: str | list[str]) -> bool:
    return all(line in body for line in ([said] if isinstance(said, str) else said))


def unknown(found: Addressee) -> tuple[str, ...]:
    """Name what nothing says of the debtor."""
    return tuple(name for name in THEIRS if not getattr(found, name))


def listed(speaker: Speaker, words: Mapping[str, str], names: Iterable[str]) -> str:
    """Say some of these names in a row."""
    return ", ".join(speaker.say(words[name]) for name in names)


def address_lines(address: str) -> Iterator[str]:
    """Split an address that a file had in columns; numbers stay with the name behind them.

    « 12, rue des Lilas, 35000, Rennes » are two lines: the street with its number, the town
    with its postcode.
    """
    number = ""
    for part in (one.strip() for one in address.split(",")):
        if part.isdigit() and not number:
            number = part
        elif part:
            yield f"{number} {part}".strip()
            number = ""
    if number:
        yield number


def _capital(capital: Money) -> str:
    whole = capital.amount == capital.amount.to_integral_value()
    return (formats.round_money if whole else formats.money)(capital, FRENCH)


def _grouped(digits: str, size: int, between: str = " ") -> str:
    return between.join(digits[at : at + size] for at in range(0, len(digits), size))
