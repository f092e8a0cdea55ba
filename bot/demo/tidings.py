"""What the wholesaler knows besides its ledger: orders, the insurer's limits, public notices."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.demo.debtors import Debtor, code_of
from bot.demo.exports import amount, day
from bot.demo.ledger import Ledger
from bot.demo.situations import Place

ORDERS, COVER, NOTICES = "commandes.csv", "assurance_credit.csv", "annonces_bodacc.json"
PUBLISHED_DAYS = 2
"""Days ago of the notice that opens a procedure."""
RHYTHM, MONTHS, QUIET = 15, 16, 60
HOMONYM_SIREN = "009999996"  # passes the Luhn check, borne by no company and no customer

_ORDER_HEADER = ("Code client", "N° commande", "Date commande", "Montant TTC", "Devise", "Statut")
_COVER_HEADER = ("SIREN", "Raison sociale", "Décision", "Date décision", "Garantie", "Devise")


def write_known(ledger: Ledger, folder: Path) -> list[Path]:
    """Write the orders and the insurer's limits, known before the demo begins."""
    return [
        _table(folder / ORDERS, _ORDER_HEADER, _orders(ledger.day)),
        _table(folder / COVER, _COVER_HEADER, _cover(ledger)),
    ]


def write_news(ledger: Ledger, folder: Path) -> Path:
    """Write this week's public notices: one is about a customer, one about his namesake."""
    path = folder / NOTICES
    folder.mkdir(parents=True, exist_ok=True)
    records = _notices(ledger)
    path.write_text(json.dumps(records, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _orders(today: date) -> list[tuple[str, ...]]:
    falling = [(ago, 980_00) for ago in range(QUIET + 3, 30 * MONTHS, RHYTHM)] + [(9, 2_090_00)]
    odd = [(ago, 870_00) for ago in range(20, 30 * MONTHS, 2 * RHYTHM)] + [(1, 3_640_00)]
    rows = [(code_of(Place.RED_ALERT), *one) for one in falling]
    rows += [(code_of(Place.ODD_ORDER), *one) for one in odd]
    rows.sort(key=lambda one: -one[1])
    return [
        (
            *(code, f"BC-{number:05d}", day(today - timedelta(days=ago)), amount(cents), "EUR"),
            "En cours" if ago <= PUBLISHED_DAYS else "Livrée",
        )
        for number, (code, ago, cents) in enumerate(rows, 1)
    ]


def _cover(ledger: Ledger) -> list[tuple[str, ...]]:
    insured = (Place.RED_ALERT, Place.AT_PEACE, Place.OVER_LIMIT, Place.INSURER_LEAVES)
    granted = [(ledger.debtors[place], "Accordée", 400) for place in insured]
    left = ledger.debtors[Place.INSURER_LEAVES]
    return [
        *(_limit(one, said, ledger.day - timedelta(days=ago)) for one, said, ago in granted),
        _limit(left, "Résiliée", ledger.day - timedelta(days=12)),
    ]


def _limit(one: Debtor, said: str, on: date) -> tuple[str, ...]:
    covered = 0 if said == "Résiliée" else (one.limit_cents or 0) // 2
    return (one.siren, one.name, said, day(on), amount(covered), one.currency)


def _notices(ledger: Ledger) -> list[dict[str, Any]]:
    ruined = ledger.debtors[Place.INSOLVENT]
    on = ledger.day - timedelta(days=PUBLISHED_DAYS)
    return [
        _opening(1204, on, ruined.name, ruined.siren, "d'une procédure de redressement judiciaire"),
        _opening(1310, on, ruined.name, HOMONYM_SIREN, "de liquidation judiciaire"),
    ]


def _opening(number: int, on: date, name: str, siren: str, what: str) -> dict[str, Any]:
    """Write a judgment in the shape of the open data of the BODACC."""
    issue = f"{on:%Y}{on.timetuple().tm_yday:04}"
    judgment = {
        "famille": "Jugement d'ouverture",
        "nature": f"Jugement d'ouverture {what}",
        "date": (on - timedelta(days=9)).isoformat(),
    }
    return {
        "id": f"A{issue}{number}",
        "publicationavis": "A",
        "parution": issue,
        "dateparution": on.isoformat(),
        "numeroannonce": number,
        "typeavis": "annonce",
        "familleavis": "collective",
        "commercant": name,
        "registre": [f"{siren[:3]} {siren[3:6]} {siren[6:]}", siren],
        "jugement": json.dumps(judgment, ensure_ascii=False),
    }


def _table(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Path:
    page = io.StringIO()
    csv.writer(page, delimiter=";", lineterminator="\r\n").writerows((header, *rows))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.getvalue().encode("cp1252"))
    return path
