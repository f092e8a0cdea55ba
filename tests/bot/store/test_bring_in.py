"""Files dropped in the folder: imported once, moved, refused, asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import importing, store
from bot.use_cases import alerts, sync, uploads
from bot.use_cases.uploads import answer
from storage import customers, people, tables
from storage import uploads as rows
from storage.sync.folder import Folder
from tests.bot.store.bench import ANNE, CLAIRE, JULIE, OPEN, UNCLEAR, Company, with_company

pytestmark = pytest.mark.usefixtures("either_way")

ONE = "C1;Dupont;F1;01/09/2026;01/10/2026;1 200,00;1 200,00;EUR;R1"
TWO = "C2;Durand;F2;01/09/2026;01/10/2026;800,00;800,00;EUR;R2"
LOST = "C3;Martin;F3;01/09/2026;01/10/2026;500,00;500,00;EUR;"


def test_a_dropped_file_is_imported_moved_and_reported_once(
    database_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE, LOST)
        assert await company.look() == [("ouvertes.csv", "imported")]
        assert company.rooms() == {"in": [], "done": ["2026-11-23_ouvertes.csv"], "refused": []}
        for reader in (CLAIRE, ANNE):
            (card,) = await company.cards(reader)
            assert "ouvertes.csv" in card
            assert "2 nouvelles" in card
            assert "1 client n’a pas de commercial" in card
        assert await company.look() == []
        assert len(await company.cards(CLAIRE)) == 1

    with_company(database_url, tmp_path, story)


def test_customers_come_first_and_payments_last(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        company.drop(
            "a_paiements.csv",
            "Code client;Date de règlement;Montant;Facture",
            "C1;20/11/2026;1 200,00;F1",
        )
        company.drop("b_ouvertes.csv", OPEN, ONE)
        company.drop("c_clients.csv", "Code client;Raison sociale;Représentant", "C1;Dupont;R1")
        names = [name for name, _ in await company.look()]
        assert names == ["c_clients.csv", "b_ouvertes.csv", "a_paiements.csv"]
        (item,) = await company.rows(tables.item)
        assert item.open_minor == 0

    with_company(sqlite_url, tmp_path, story)


def test_a_crash_between_import_and_move_imports_nothing_twice(
    database_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        path = company.drop("paiements.csv", OPEN, ONE)
        Folder(company.root).prepare()
        origin = company.bench.origin("crashed")
        await importing.bring(company.bench, origin, sync.wish_of(path))
        assert await company.look() == [("paiements.csv", "known")]  # the next process
        assert company.rooms()["done"] == ["2026-11-23_paiements.csv"]
        assert len(await company.rows(tables.import_run)) == 1
        assert len(await company.cards(CLAIRE)) == 1

    with_company(database_url, tmp_path, story)


def test_the_same_export_on_a_later_day_makes_the_book_fresh_again(
    database_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE)
        assert await company.look() == [("ouvertes.csv", "imported")]
        company.bench.clock.at += timedelta(days=1)  # type: ignore[attr-defined]
        company.drop("ouvertes.csv", OPEN, ONE)
        assert await company.look() == [("ouvertes.csv", "imported")]
        first, second = await company.rows(tables.import_run)
        assert second.as_of == first.as_of + timedelta(days=1)
        assert (second.new, second.changed, second.unchanged) == (0, 0, 1)
        company.drop("ouvertes.csv", OPEN, ONE)
        assert await company.look() == [("ouvertes.csv", "known")]

    with_company(database_url, tmp_path, story)


def test_a_refused_file_is_moved_with_its_reason(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        company.drop("mauvais.csv", OPEN, ONE, "Total général;;;;;999,00;999,00;EUR;")
        assert await company.look() == [("mauvais.csv", "refused")]
        assert company.rooms()["refused"] == [
            "2026-11-23_mauvais.csv",
            "2026-11-23_mauvais.csv.txt",
        ]
        note = (company.root / "in/refused/2026-11-23_mauvais.csv.txt").read_text("utf-8-sig")
        assert "999,00" in note
        assert "1 200,00" in note.replace("\N{NARROW NO-BREAK SPACE}", " ")
        (card,) = await company.cards(CLAIRE)
        assert "✋" in card
        assert await company.rows(tables.item) == []

    with_company(sqlite_url, tmp_path, story)


def test_an_uncertain_file_stays_and_is_asked_about_once(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        company.drop("flou.csv", UNCLEAR, "C1;Dupont;F1;01/09/2026;01/10/2026;1200,00")
        assert await company.look() == [("flou.csv", "asking")]
        assert await company.look() == []
        assert company.rooms()["in"] == ["flou.csv"]
        ((card, keys),) = await company.bodies(CLAIRE)
        assert "1200,00" in card
        assert next(key["text"] for row in keys for key in row) == "Montant TTC"

    with_company(sqlite_url, tmp_path, story)


def test_the_answer_imports_the_file_and_serves_its_like(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        company.drop("flou.csv", UNCLEAR, "C1;Dupont;F1;01/09/2026;01/10/2026;1200,00")
        await company.look()
        await _answered(company, CLAIRE)
        await store.fetch_uploads(company.bench)
        assert await company.look() == [("flou.csv", "known")]
        assert len(await company.rows(tables.item)) == 1
        assert "1 nouvelle" in (await company.cards(ANNE))[-1]  # hers is closed as well
        company.drop("flou2.csv", UNCLEAR, "C2;Durand;F2;01/09/2026;01/10/2026;300,00")
        assert await company.look() == [("flou2.csv", "imported")]

    with_company(sqlite_url, tmp_path, story)


async def _answered(company: Company, who: int) -> None:
    def say(work: Any) -> None:
        person = people.by_telegram(work, who)
        assert person is not None
        asking = rows.in_states(work, (rows.State.ASKING,))
        (one,) = [one for one in asking if one.person_id == person.id]
        answer(work, person, one.id, 0, 0)

    def accept(work: Any) -> None:
        person = people.by_telegram(work, who)
        assert person is not None
        (one,) = rows.in_states(work, (rows.State.READY,))
        uploads.accept(work, person, one.id)

    await company.database.transact(say)
    await store.fetch_uploads(company.bench)
    await company.database.transact(accept)


def test_a_file_given_up_leaves_the_entrance(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        company.drop("flou.csv", UNCLEAR, "C1;Dupont;F1;01/09/2026;01/10/2026;1200,00")
        await company.look()

        def give_up(work: Any) -> None:
            for one in rows.in_states(work, (rows.State.ASKING,)):
                person = people.by_id(work, one.person_id)
                assert person is not None
                uploads.cancel(work, company.bench.origin("cancel"), person, one.id)

        await company.database.transact(give_up)
        assert await company.look() == [("flou.csv", "refused")]
        assert company.rooms()["in"] == []
        company.drop("flou.csv", UNCLEAR, "C1;Dupont;F1;01/09/2026;01/10/2026;1200,00")
        assert await company.look() == [("flou.csv", "asking")]

    with_company(sqlite_url, tmp_path, story)


def test_two_processes_never_read_the_folder_at_once(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE)
        await company.database.transact(sync.hold, "another", company.bench.clock.now())
        assert await company.look() == []
        await company.database.transact(sync.let_go, "another")
        assert await company.look() == [("ouvertes.csv", "imported")]

    with_company(sqlite_url, tmp_path, story)


def test_a_killed_process_holds_the_folder_no_longer(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE)
        await company.database.transact(sync.hold, "office/1/ab/in", company.bench.clock.now())
        assert await company.look() == []
        company.bench = replace(company.bench, is_gone=lambda owner: owner == "office/1/ab/in")
        assert await company.look() == [("ouvertes.csv", "imported")]

    with_company(sqlite_url, tmp_path, story)


@pytest.mark.parametrize("reader", [JULIE])
def test_a_rep_is_shown_no_file(sqlite_url: str, tmp_path: Path, reader: int) -> None:
    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE, TWO)
        await company.look()
        assert await company.cards(reader) == []

    with_company(sqlite_url, tmp_path, story)


def test_a_customer_who_makes_most_of_our_sales_is_noted_for_the_next_look(
    database_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE, TWO)
        await company.look()
        ones = await company.database.read(customers.by_code, "C1")
        assert ones is not None
        company.bench.clock.at += timedelta(days=1)  # type: ignore[attr-defined]
        sight = await company.database.read(
            alerts.look, [ones.id], company.bench.clock.now(), company.bench.rules
        )
        ((_, looked),) = [(one.customer_id, one.assessment) for one in sight.looked]
        assert "C2-10" in [signal.id for signal in looked.signals]

    with_company(database_url, tmp_path, story)
