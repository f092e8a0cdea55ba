"""Files that are no ledger: only the right customers alert, and a K freezes the account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.use_cases import accounts, alerts, freezing
from bot.use_cases.refusals import NotYourRole, Outdated, ReasonMissing
from credit.people import Role
from storage import people, tables
from storage.work import Work
from tests.bot.use_cases.ledger import ITEMS, TODAY, a_file, a_rep, line, rules, signed, take
from tests.storage.inline import inline

OURS, HOMONYM, OTHER = "552100554", "732829320", "542065479"
PUBLISHED = TODAY - timedelta(days=10)


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as opened:
        yield opened


@pytest.fixture
def book(work: Work, tmp_path: Path) -> Work:
    a_rep(work, "R1")
    a_rep(work, role=Role.CREDIT_MANAGER, telegram=12)
    header = "Code client;Raison sociale;SIREN;Commercial;Adresse"
    lines = [
        f"C1;DUPONT;{OURS};R1;1 rue Haute",
        f"C2;DUPONT;{HOMONYM};R1;2 rue Basse",
        "C3;MARTIN Jean;;R1;3 place Verte",
    ]
    take(work, a_file(tmp_path, header, *lines))
    take(work, a_file(tmp_path, ITEMS, line("F1", "900,00", due="30/11/2026")))
    return work


def published(number: int, on: date = PUBLISHED, **changes: Any) -> dict[str, Any]:
    """Write a record in the shape of the open data of the BODACC."""
    return {
        "id": f"A{on:%Y}{on.timetuple().tm_yday:04}{number}",
        "publicationavis": "A",
        "parution": f"{on:%Y}{on.timetuple().tm_yday:04}",
        "dateparution": on.isoformat(),
        "numeroannonce": number,
        "typeavis": "annonce",
        "familleavis": "collective",
        "commercant": "DUPONT",
        "registre": ["552 100 554", OURS],
        "jugement": json.dumps(
            {
                "famille": "Jugement d'ouverture",
                "nature": "Jugement d'ouverture d'une procédure de redressement judiciaire",
                "date": "2026-11-05",
            }
        ),
        **changes,
    }


def judged(nature: str) -> str:
    return json.dumps({"famille": "Extrait de jugement", "nature": nature})


def bring(work: Work, folder: Path, *records: dict[str, Any], array: bool = True) -> Any:
    path = folder / f"bodacc-{len(list(folder.iterdir()))}.json"
    text = json.dumps(records) if array else "\n".join(json.dumps(one) for one in records)
    path.write_text(text, encoding="utf-8")
    return take(work, path)


def levels(work: Work) -> dict[str, int]:
    joined = tables.alert.join(tables.customer, tables.customer.c.id == tables.alert.c.customer_id)
    query = select(tables.customer.c.code, tables.alert.c.level).select_from(joined)
    return {row.code: row.level for row in work.all(query) if row.level}


def tasks(work: Work) -> dict[str, date]:
    return {row.kind: row.due_on for row in work.all(select(tables.task))}


def test_an_opening_freezes_the_company_of_its_siren_and_never_a_homonym(
    book: Work, tmp_path: Path
) -> None:
    report = bring(book, tmp_path, published(1))
    assert (report.kind, report.new, report.rejected) == ("notices", 1, 0)
    assert levels(book) == {"C1": 4}
    assert tasks(book) == {
        "claim_declaration": date(2026, 12, 26),
        "claim_goods": date(2027, 1, 26),
        "claim_relief": date(2027, 4, 25),
        "seek_goods": TODAY + timedelta(days=3),
    }
    assert accounts.frozen_since(book, 1) is not None
    again = bring(book, tmp_path, published(1), array=False)
    assert (again.new, again.unchanged) == (0, 1)


def test_a_rectification_that_names_another_company_clears_the_first(
    book: Work, tmp_path: Path
) -> None:
    first = published(1)
    bring(book, tmp_path, first)
    earlier = {
        "nomPublication": "BODACC A",
        "numeroParution": first["parution"],
        "numeroAnnonce": 1,
    }
    fixed = published(
        7,
        TODAY,
        typeavis="rectificatif",
        registre=[HOMONYM],
        parutionavisprecedent=json.dumps(earlier),
    )
    bring(book, tmp_path, fixed)
    assert levels(book) == {"C2": 4}


def test_a_cancelled_notice_alerts_nobody(book: Work, tmp_path: Path) -> None:
    first = published(1)
    earlier = {
        "nomPublication": "BODACC A",
        "numeroParution": first["parution"],
        "numeroAnnonce": 1,
    }
    gone = published(9, TODAY, typeavis="annulation", parutionavisprecedent=earlier)
    bring(book, tmp_path, first, gone)
    assert levels(book) == {}


def test_a_natural_person_without_siren_is_never_matched_by_name(
    book: Work, tmp_path: Path
) -> None:
    report = bring(book, tmp_path, published(1, registre=None, commercant="MARTIN Jean"))
    assert levels(book) == {}
    assert [one.code for one in report.notices] == ["foreign"]
    assert not book.all(select(tables.notice))


def test_an_old_procedure_that_was_closed_since_is_history(book: Work, tmp_path: Path) -> None:
    bring(
        book,
        tmp_path,
        published(1, date(2019, 3, 5)),
        published(2, date(2021, 6, 1), jugement=judged("Clôture pour extinction du passif")),
    )
    assert levels(book) == {}


def test_an_old_plan_that_was_carried_out_is_history(book: Work, tmp_path: Path) -> None:
    plan = judged("Jugement arrêtant le plan de redressement")
    bring(
        book,
        tmp_path,
        published(1, date(2015, 3, 5)),
        published(2, date(2016, 1, 8), jugement=plan),
    )
    assert levels(book) == {}
    bring(book, tmp_path, published(3, date(2020, 1, 8), jugement=plan))
    assert levels(book) == {"C1": 2}


def test_a_conversion_freezes_again_what_was_lifted(book: Work, tmp_path: Path) -> None:
    bring(book, tmp_path, published(1))
    manager = people.by_id(book, 2)
    assert manager is not None
    freezing.lift(book, signed(), manager, 1, "Garantie reçue")
    alerts.scan(book, signed(), [1], rules())
    assert levels(book) == {"C1": 2}
    assert accounts.frozen_since(book, 1) is None
    turned = judged("Jugement de conversion en liquidation judiciaire")
    bring(book, tmp_path, published(2, TODAY, jugement=turned))
    assert levels(book) == {"C1": 4}
    assert accounts.frozen_since(book, 1) is not None


def test_only_a_credit_manager_unfreezes_and_says_why(book: Work, tmp_path: Path) -> None:
    bring(book, tmp_path, published(1))
    rep, manager = people.by_id(book, 1), people.by_id(book, 2)
    assert rep is not None
    assert manager is not None
    with pytest.raises(NotYourRole):
        freezing.lift(book, signed(), rep, 1, "please")
    with pytest.raises(ReasonMissing):
        freezing.lift(book, signed(), manager, 1, "  ")
    freezing.lift(book, signed(), manager, 1, "Plan de cession")
    with pytest.raises(Outdated):
        freezing.lift(book, signed(), manager, 1, "Twice")


def test_accounts_filed_alert_nobody_and_a_sale_dates_its_opposition(
    book: Work, tmp_path: Path
) -> None:
    deposit = {"dateCloture": "2026-03-31", "typeDepot": "Comptes annuels"}
    bring(book, tmp_path, published(1, familleavis="dpc", jugement=None, depot=json.dumps(deposit)))
    assert levels(book) == {}
    sold = published(
        2, TODAY, familleavis="vente", jugement=None, acte={"vente": "Cession de fonds"}
    )
    bring(book, tmp_path, sold)
    assert levels(book) == {"C1": 2}
    assert tasks(book) == {"oppose_sale": TODAY}


def test_a_struck_off_company_is_frozen_and_a_csv_of_the_open_data_is_read(
    book: Work, tmp_path: Path
) -> None:
    path = tmp_path / "annonces.csv"
    path.write_text(
        "id;dateparution;numeroannonce;typeavis;familleavis;registre\n"
        f'B20263101;{PUBLISHED};1;annonce;radiation;"552 100 554,{OURS}"\n'
        f"B20263102;{PUBLISHED};2;annonce;radiation;{OTHER}\n",
        encoding="utf-8",
    )
    report = take(book, path)
    assert (report.new, [one.data for one in report.notices]) == (1, [{"n": 1}])
    assert levels(book) == {"C1": 4}


def test_the_register_freezes_what_it_calls_closed(book: Work, tmp_path: Path) -> None:
    header = "siren;etatAdministratifUniteLegale;dateDebut;activitePrincipaleUniteLegale"
    report = take(book, a_file(tmp_path, header, f"{OURS};C;2026-11-02;43.21A", f"{OTHER};A;;"))
    assert (report.kind, report.new) == ("registry", 1)
    assert levels(book) == {"C1": 4}


@pytest.mark.parametrize(
    ("header", "cells", "signal", "points"),
    [
        ("Code client;Code rejet;Date rejet;Montant", "C1;AM04;18/11/2026;120,00", "C1-05", 4),
        ("SIREN;Décision;Date;Garantie", f"{OURS};Refusée;02/11/2026;", "C3-04", 4),
        ("SIREN;Type inscription;Date inscription", f"{OURS};URSSAF;02/11/2026", "C3-03", 4),
        ("SIREN;Nature inscription;Date", f"{OURS};Nantissement du fonds;02/11/2026", "C3-12", 1),
        ("SIREN;Cotation;Date", f"{OURS};E;02/11/2026", "C3-05", 4),
        (
            "SIREN;Date clôture;Capitaux propres;Capital;Résultat",
            f"{OURS};31/03/2026;-5 000,00;10 000,00;-1",
            "C3-07",
            4,
        ),
    ],
)
def test_each_dated_fact_lights_its_signal(
    book: Work, tmp_path: Path, header: str, cells: str, signal: str, points: int
) -> None:
    report = take(book, a_file(tmp_path, header, cells))
    assert (report.new, report.rejected) == (1, 0), report.rejections
    found = alerts.look(book, [1], signed().at, rules()).looked[0].assessment
    assert {one.id: one.points for one in found.signals} == {signal: points}


def test_a_technical_return_says_nothing_and_a_wrong_line_is_rejected(
    book: Work, tmp_path: Path
) -> None:
    header = "Code client;Code rejet;Date rejet;Montant"
    lines = ["C1;AC01;18/11/2026;120,00", "C9;AM04;18/11/2026;5", "C1;AM04;hier;5"]
    report = take(book, a_file(tmp_path, header, *lines))
    assert (report.new, report.rejected) == (1, 2)
    assert [one.reason for one in report.rejections] == ["invalid_date", "unknown_customer"]
    assert levels(book) == {}


def test_a_second_bank_account_is_news_and_no_number_is_kept(book: Work, tmp_path: Path) -> None:
    header, number = "Code client;IBAN;Date", "FR7630006000011234567890189"
    take(book, a_file(tmp_path, header, f"C1;{number};01/01/2025"))
    assert levels(book) == {}
    take(book, a_file(tmp_path, header, "C1;FR7610107001011234567890129;10/11/2026"))
    assert levels(book) == {"C1": 1}
    kept = book.all(select(tables.sign))
    assert not any(number[4:] in str(tuple(row)) for row in kept)


def test_a_list_of_accounts_without_dates_says_nothing_new_when_it_comes_again(
    book: Work, tmp_path: Path
) -> None:
    header = "Code client;IBAN"
    known = ["C1;FR7630006000011234567890189", "C1;FR7610107001011234567890129"]
    take(book, a_file(tmp_path, header, *known), on=TODAY - timedelta(days=7))
    take(book, a_file(tmp_path, header, *known))
    assert levels(book) == {}
    take(book, a_file(tmp_path, header, *known, "C1;FR7611808009101234567890147"), hour=10)
    assert levels(book) == {"C1": 1}


def test_orders_come_in_and_a_fall_lights_the_second_family(book: Work, tmp_path: Path) -> None:
    header = "Code client;N° commande;Date commande;Montant TTC;Statut;Adresse livraison"
    old = [f"C1;B{n};{10 + n}/10/2025;1 000,00;Livrée;1 rue Haute" for n in range(5)]
    report = take(book, a_file(tmp_path, header, *old, "C1;B9;10/11/2026;900;En cours;9 rue X"))
    assert (report.kind, report.new) == ("orders", 6)
    found = alerts.look(book, [1], signed().at, rules()).looked[0].assessment
    assert [(one.id, one.points) for one in found.signals] == [("C2-01", 2), ("C2-06", 2)]
    again = take(book, a_file(tmp_path, header, "C1;B9;10/11/2026;950;Annulée;9 rue X"))
    assert (again.new, again.changed) == (0, 1)
