"""Public notices in the shape of the open data of the BODACC, with every trap they hold."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from bot.demo.debtors import fictional_siren

OPENED = "Jugement d'ouverture d'une procédure de redressement judiciaire"
TURNED = "Jugement de conversion en liquidation judiciaire"
CLOSED = "Clôture pour extinction du passif"

# Whom the notices touch: code, name, SIREN, rep.
RUINED = ("C101", "DUPONT", fictional_siren(1), "R1")
HOMONYM = ("C102", "DUPONT", fictional_siren(2), "R1")
PERSON = ("C103", "MARTIN Jean", "", "R1")
CORRECTED = ("C104", "LEROY TP", fictional_siren(4), "R1")
RECOVERED = ("C105", "BOIS ET FILS", fictional_siren(5), "R1")
CONVERTED = ("C106", "GARAGE CENTRAL", fictional_siren(6), "R1")
MISPRINTED = ("C107", "PLATRES SUD", fictional_siren(7), "R1")
EVERYBODY = (RUINED, HOMONYM, PERSON, CORRECTED, RECOVERED, CONVERTED, MISPRINTED)
STRANGER = fictional_siren(9)


def wrong_digit(siren: str) -> str:
    """Return a number that a misprint makes of a SIREN: it fails the check."""
    return siren[:-1] + str((int(siren[-1]) + 1) % 10)


def notice(number: int, on: date, who: str, siren: str, what: str, **changes: Any) -> Any:
    """Write one record; without a SIREN the register names nobody."""
    family = "Jugement d'ouverture" if what == OPENED else "Extrait de jugement"
    return {
        "id": _id(number, on),
        "publicationavis": "A",
        "parution": _issue(on),
        "dateparution": on.isoformat(),
        "numeroannonce": number,
        "typeavis": "annonce",
        "familleavis": "collective",
        "commercant": who,
        "registre": [f"{siren[:3]} {siren[3:6]} {siren[6:]}", siren] if siren else None,
        "jugement": json.dumps({"famille": family, "nature": what, "date": on.isoformat()}),
        **changes,
    }


def every_trap(today: date) -> bytes:
    """Write a file in which two notices are about our customers and all others are traps."""
    march = date(today.year, 3, 3)
    records = [
        notice(11, march, "DUPONT", RUINED[2], OPENED),
        notice(12, march, "MARTIN Jean", "", OPENED),
        notice(13, date(2026, 2, 3), CORRECTED[1], CORRECTED[2], OPENED),
        notice(
            14,
            march,
            "LEROY TRAVAUX",
            STRANGER,
            OPENED,
            typeavis="rectificatif",
            parutionavisprecedent=_earlier(13, date(2026, 2, 3)),
        ),
        notice(15, date(2017, 5, 4), RECOVERED[1], RECOVERED[2], OPENED),
        notice(16, date(2019, 6, 6), RECOVERED[1], RECOVERED[2], CLOSED),
        notice(17, date(2025, 9, 2), CONVERTED[1], CONVERTED[2], OPENED),
        notice(18, march, CONVERTED[1], CONVERTED[2], TURNED),
        notice(19, march, MISPRINTED[1], wrong_digit(MISPRINTED[2]), OPENED),
    ]
    return json.dumps(records, ensure_ascii=False).encode()


def _earlier(number: int, on: date) -> str:
    """Name the notice that another corrects, as the open data does."""
    return json.dumps(
        {
            "nomPublication": "BODACC A",
            "numeroParution": _issue(on),
            "numeroAnnonce": number,
        }
    )


def _issue(on: date) -> str:
    return f"{on:%Y}{on.timetuple().tm_yday:04}"


def _id(number: int, on: date) -> str:
    return f"A{_issue(on)}{number}"
