"""Invoices without a due date take it from payment terms, and the report says how many did."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.screens import importing
from bot.screens.render import speaker
from bot.use_cases.imports import import_file
from bot.use_cases.refusals import MappingUncertain
from credit.terms import Count
from storage.sync.reading import NONE_OF_THEM
from storage.tables import item
from storage.work import Work
from tests.bot.use_cases.ledger import PARIS, TODAY, a_file, rules, signed, take
from tests.storage.inline import inline

TERMS = "Code client;Client;Facture;Date facture;Échéance;Conditions de paiement;Reste dû"
NO_DUE = "Code client;Client;Facture;Date facture;Conditions de paiement;Reste dû"
PLAIN = "Code client;Client;Facture;Date facture;Échéance;Reste dû"
PEOPLE = "Code client;Raison sociale;Conditions de paiement;Commercial"
EOM = "45 jours fin de mois"
ISSUED = "15/01/2026"
NET_60, EOM_A, EOM_B = date(2026, 3, 16), date(2026, 3, 31), date(2026, 3, 17)


def due(work: Work) -> dict[str, date | None]:
    return {row.number: row.due_on for row in work.all(select(item.c.number, item.c.due_on))}


def told(report: Any) -> dict[str, int]:
    return {one.code: one.data["n"] for one in report.notices}


def test_terms_of_a_line_date_what_the_file_does_not(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        report = take(
            work,
            a_file(
                tmp_path,
                TERMS,
                f"C1;Un;F1;{ISSUED};;60 jours net;10",
                f"C1;Un;F2;{ISSUED};20/02/2026;60 jours net;20",
                f"C2;Deux;F3;{ISSUED};;{EOM};30",
                f"C2;Deux;F4;{ISSUED};;à convenir;40",
                f"C2;Deux;A5;{ISSUED};;30 jours;-5",
            ),
        )
        assert due(work) == {
            "F1": NET_60,
            "F2": date(2026, 2, 20),
            "F3": EOM_A,
            "F4": None,
            "A5": None,
        }
        assert told(report) == {
            "due_dates_derived": 2,
            "counted_eom_a": 1,
            "terms_unread": 1,
            "due_dates_unknown": 1,
        }


def test_a_file_of_terms_without_a_column_of_due_dates_needs_no_answer(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        take(work, a_file(tmp_path, NO_DUE, f"C1;Un;F1;{ISSUED};60 jours;10"))
        assert due(work) == {"F1": NET_60}
        with pytest.raises(MappingUncertain):
            take(work, a_file(tmp_path, NO_DUE, f"C1;Un;F1;{ISSUED};Virement;10"))


def test_the_terms_of_the_customers_file_date_his_invoices(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, PEOPLE, "C1;Un;60 jours net;R1"))
        path = a_file(tmp_path, PLAIN, f"C1;Un;F1;{ISSUED};;10", f"C2;Deux;F2;{ISSUED};;20")
        report = take(work, path)
        assert due(work) == {"F1": NET_60, "F2": None}
        assert told(report) == {"due_dates_derived": 1, "due_dates_unknown": 1}
        # on the next day nothing has moved, and it is told again
        again = take(work, path, on=TODAY + timedelta(days=1))
        assert (again.unchanged, again.changed) == (2, 0)
        assert told(again) == {"due_dates_derived": 1, "due_dates_unknown": 1}


def test_a_due_date_that_was_stated_is_not_replaced_by_usual_terms_but_by_those_of_its_line(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, PEOPLE, "C1;Un;60 jours net;R1"))
        stated = a_file(tmp_path, PLAIN, f"C1;Un;F1;{ISSUED};20/02/2026;10")
        take(work, stated)
        take(work, a_file(tmp_path, PLAIN, f"C1;Un;F1;{ISSUED};;10", f"C1;Un;F2;{ISSUED};;20"))
        assert due(work) == {"F1": date(2026, 2, 20), "F2": NET_60}
        take(work, a_file(tmp_path, PEOPLE, "C1;Un;30 jours net;R1"))
        later = a_file(tmp_path, PLAIN, f"C1;Un;F1;{ISSUED};;9", f"C1;Un;F2;{ISSUED};;19")
        take(work, later, on=TODAY + timedelta(days=1))
        assert due(work) == {"F1": date(2026, 2, 20), "F2": NET_60}
        on_it = a_file(tmp_path, TERMS, f"C1;Un;F1;{ISSUED};;{EOM};9", f"C1;Un;F2;{ISSUED};;;19")
        take(work, on_it, on=TODAY + timedelta(days=2))
        assert due(work) == {"F1": EOM_A, "F2": NET_60}


def test_terms_that_come_later_date_the_export_that_is_sent_again(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        path = a_file(tmp_path, PLAIN, f"C1;Un;F1;{ISSUED};;10")
        take(work, path)
        assert [one.code for one in take(work, path).notices] == ["repeated"]
        take(work, a_file(tmp_path, PEOPLE, "C1;Un;60 jours net;R1"))
        report = take(work, path)
        assert due(work) == {"F1": NET_60}
        assert (report.changed, told(report)) == (1, {"due_dates_derived": 1})
        assert [one.code for one in take(work, path).notices] == ["repeated"]


@pytest.mark.parametrize(
    ("count", "day", "code"),
    [
        (Count.THEN_MONTH_END, EOM_A, "counted_eom_a"),
        (Count.MONTH_END_THEN, EOM_B, "counted_eom_b"),
    ],
)
def test_the_company_says_how_days_end_of_month_are_counted(
    sqlite_url: str, tmp_path: Path, count: Count, day: date, code: str
) -> None:
    law = rules().reference
    ours = replace(rules(), reference=replace(law, terms=replace(law.terms, month_end=count)))
    with inline(sqlite_url) as work:
        path = a_file(tmp_path, NO_DUE, f"C1;Un;F1;{ISSUED};{EOM};10")
        report = import_file(work, signed(), path, rules=ours, channel="cli")
        assert due(work) == {"F1": day}
        assert told(report) == {"due_dates_derived": 1, code: 1}


def test_a_fec_is_dated_by_the_terms_of_its_customers(sqlite_url: str, tmp_path: Path) -> None:
    header = (
        "JournalCode;JournalLib;EcritureNum;EcritureDate;CompteNum;CompteLib;CompAuxNum;CompAuxLib"
        ";PieceRef;PieceDate;EcritureLib;Debit;Credit;EcritureLet;DateLet;ValidDate;Montantdevise"
        ";Idevise"
    )
    line = "VE;Ventes;1;20260115;411000;Clients;C1;Un;F1;20260115;Vente;120,00;0,00;;;20260131;;"
    with inline(sqlite_url) as work:
        take(work, a_file(tmp_path, PEOPLE, "C1;Un;60 jours net;R1"))
        path = a_file(tmp_path, header, line)
        report = import_file(
            work,
            signed(),
            path,
            rules=rules(),
            channel="cli",
            overrides={"due_date": NONE_OF_THEM},
        )
        assert due(work) == {"F1": NET_60}
        assert told(report)["due_dates_derived"] == 1


def test_what_is_told_of_due_dates_reads_in_french(sqlite_url: str, tmp_path: Path) -> None:
    with inline(sqlite_url) as work:
        report = take(
            work,
            a_file(
                tmp_path, TERMS, f"C1;Un;F1;{ISSUED};;{EOM};10", f"C1;Un;F2;{ISSUED};;au mieux;20"
            ),
        )
    said = "\n".join(importing.summary(speaker("fr", PARIS), report)).replace("\xa0", " ")
    assert "1 facture sans échéance : elle a été calculée d’après le délai de paiement." in said
    assert "1 de ces échéances compte les jours, puis la fin du mois" in said
    assert "1 facture a un délai de paiement que je ne comprends pas (« au mieux »)." in said
    assert "sans accord, la loi prévoit 30 jours après réception." in said
