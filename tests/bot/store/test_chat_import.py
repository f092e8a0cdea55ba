"""A file sent to the bot: received, read, shown, asked about, imported; accounts without a rep."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.handlers.dispatch import Desk, Wish, handle
from bot.handlers.request import Attached, Incoming
from bot.jobs import store
from bot.screens.marks import mark_of
from bot.screens.render import speaker
from bot.screens.tap import encode
from bot.screens.uploads import AnswerColumn, AssignTo, ImportUpload, ShowAnomalies
from bot.use_cases.uploads import LARGEST_BYTES, FileGone
from storage import tables
from storage.work import Work
from tests.bot.store.bench import CLAIRE, JULIE, OPEN, UNCLEAR, Company, with_company
from tests.bot.talks.stage import PARIS, rules

pytestmark = pytest.mark.usefixtures("either_way")

ONE = "C1;Dupont;F1;01/09/2026;01/10/2026;1 200,00;1 200,00;EUR;R1"
LOST = "C3;<b>Martin</b>;F3;01/09/2026;01/10/2026;500,00;500,00;EUR;"
BAD = "C4;Petit;F4;le 32;01/10/2026;dix;dix;EUR;R1"


def telegram(*lines: str) -> Callable[[str, Path], Awaitable[None]]:
    """Stand where Telegram's files are: every file holds these lines."""

    async def fetch(_file_id: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes("\r\n".join(lines).encode())

    return fetch


async def gone(_file_id: str, _target: Path) -> None:
    raise FileGone


class Talk:
    """One person's gestures; every answer is a body ready to post."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.number = 0

    async def send(self, who: int, **wish: Any) -> str:
        self.number += 1
        return await self.company.database.transact(self._sent, who, self.number, wish)

    async def file(self, who: int, name: str = "export.csv", size: int = 900) -> str:
        attached = Attached("file-1", "unique-1", name, "text/csv", size)
        incoming = Incoming(7, "", self.company.bench.clock.now().today, document=attached)
        return await self.send(who, kind="document", incoming=incoming)

    async def read_file(self, who: int) -> str:
        """Send a file and have it downloaded, then read."""
        said = await self.file(who)
        for _ in range(2):
            await store.fetch_uploads(self.company.bench)
        return said

    async def tap(self, who: int, tap: Any) -> str:
        return await self.send(who, press=encode(tap), query_id="q", tapped=50)

    def _sent(self, work: Work, who: int, number: int, wish: dict[str, Any]) -> str:
        now = self.company.bench.clock.now()
        row = {"update_id": number, "sender": who, "body": "{}", "received_at": now.at}
        work.execute(insert(tables.inbox), row)
        desk = Desk(rules(), lambda locale: speaker(locale or "fr", PARIS))
        handle(
            work,
            Wish(
                update_id=number,
                telegram_id=who,
                chat_id=who,
                first_name="X",
                language="fr",
                now=now,
                **wish,
            ),
            desk,
        )
        box = tables.outbox
        said = work.scalars(select(box.c.body).where(box.c.dedupe.startswith(f"u{number}:")))
        texts = [str(body["params"].get("text", body["params"].get("caption"))) for body in said]
        queries = [body.get("query", {}).get("text", "") for body in said]
        return "\n".join([*texts, *queries]).replace("\N{NO-BREAK SPACE}", " ")


def test_a_sent_file_is_read_shown_and_imported_on_demand(
    database_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        talk = Talk(company)
        assert "Je lis le fichier" in await talk.read_file(CLAIRE)
        ((card, keys),) = await company.bodies(CLAIRE)
        assert "2 nouvelles" in card
        assert "1 ligne rejetée" in card
        assert "Rien n’est encore importé" in card
        assert [key["text"] for row in keys for key in row] == [
            "Importer",
            "🔎 Anomalies (1)",
            "Annuler",
        ]
        assert await company.rows(tables.item) == []
        assert "J’importe" in await talk.tap(CLAIRE, ImportUpload(1))
        await store.fetch_uploads(company.bench)
        (done, keys) = (await company.bodies(CLAIRE))[-1]
        assert done.startswith("✅")
        assert "1 client n’a pas de commercial" in done
        assert keys[0][0]["text"] == "👤 Affecter"
        assert len(await company.rows(tables.item)) == 2
        (run,) = await company.rows(tables.import_run)
        assert (run.channel, run.person_id) == ("chat", 1)

    with_company(database_url, tmp_path, story, telegram(OPEN, ONE, LOST, BAD))


def test_two_presses_import_once(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        talk = Talk(company)
        await talk.read_file(CLAIRE)
        await talk.tap(CLAIRE, ImportUpload(1))
        assert "J’importe" not in await talk.tap(CLAIRE, ImportUpload(1))
        for _ in range(3):
            await store.fetch_uploads(company.bench)
        assert len(await company.rows(tables.import_run)) == 1

    with_company(sqlite_url, tmp_path, story, telegram(OPEN, ONE))


def test_an_uncertain_column_is_asked_with_sample_lines(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        talk = Talk(company)
        await talk.read_file(CLAIRE)
        ((card, keys),) = await company.bodies(CLAIRE)
        assert "1200,00" in card
        assert keys[0][0]["text"] == "Montant TTC"
        assert "Je lis le fichier" in await talk.tap(CLAIRE, AnswerColumn(1, 0, 0))
        assert "Je lis" not in await talk.tap(CLAIRE, AnswerColumn(1, 0, 0))  # answered already
        await store.fetch_uploads(company.bench)
        assert "1 nouvelle" in (await company.cards(CLAIRE))[-1]

    line = "C1;Dupont;F1;01/09/2026;01/10/2026;1200,00"
    with_company(sqlite_url, tmp_path, story, telegram(UNCLEAR, line))


def test_a_rep_who_sends_a_file_is_told_politely(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        assert "seul le credit manager" in await Talk(company).file(JULIE)
        assert await company.rows(tables.upload) == []

    with_company(sqlite_url, tmp_path, story)


@pytest.mark.parametrize(
    ("name", "size"), [("virus.exe", 10), ("scan.pdf", 10), ("book.xlsx", LARGEST_BYTES + 1)]
)
def test_what_cannot_be_a_table_is_refused_before_it_is_downloaded(
    sqlite_url: str, tmp_path: Path, name: str, size: int
) -> None:
    async def story(company: Company) -> None:
        assert name in await Talk(company).file(CLAIRE, name, size)
        assert await company.rows(tables.upload) == []

    with_company(sqlite_url, tmp_path, story)


def test_a_hostile_name_is_shown_harmless_and_never_becomes_a_path(
    sqlite_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        said = await Talk(company).file(CLAIRE, "../../<b>etc</b>.csv")
        assert "&lt;b&gt;etc" in said
        await store.fetch_uploads(company.bench)
        (row,) = await company.rows(tables.upload)
        assert row.path == str(tmp_path / "uploads" / "1.csv")

    with_company(sqlite_url, tmp_path, story, telegram(OPEN, ONE))


def test_more_files_than_can_be_followed_are_refused(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        talk = Talk(company)
        for _ in range(5):
            assert "Je lis" in await talk.file(CLAIRE)
        assert "doit attendre" in await talk.file(CLAIRE)
        assert len(await company.rows(tables.upload)) == 5

    with_company(sqlite_url, tmp_path, story)


def test_a_file_that_telegram_does_not_give_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        await Talk(company).file(CLAIRE)
        await store.fetch_uploads(company.bench)
        (card,) = await company.cards(CLAIRE)
        assert "encore une fois" in card

    with_company(sqlite_url, tmp_path, story, gone)


def test_nobody_else_touches_the_file(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        talk = Talk(company)
        await talk.read_file(CLAIRE)
        for stranger in (JULIE, 104, 999):  # a rep, another credit manager, nobody
            for tap in (ImportUpload(1), ShowAnomalies(1, 0), AnswerColumn(1, 0, 0)):
                said = await talk.tap(stranger, tap)
                assert "export.csv" not in said
        (row,) = await company.rows(tables.upload)
        assert row.state == "ready"

    with_company(sqlite_url, tmp_path, story, telegram(OPEN, ONE))


def test_thousands_of_anomalies_are_paged(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        talk = Talk(company)
        await talk.read_file(CLAIRE)
        last = await talk.tap(CLAIRE, ShowAnomalies(1, 10_000))
        assert last.count("▫️") <= 8
        assert "&lt;i&gt;" in last

    bad = [f"C{n};Petit;F{n};01/09/2026;01/10/2026;<i>x;<i>x;EUR;R1" for n in range(2000)]
    with_company(sqlite_url, tmp_path, story, telegram(OPEN, ONE, *bad))


def test_a_customer_without_a_rep_is_assigned_by_taps(database_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE, LOST)
        await company.look()
        customers = {row.code: row.id for row in await company.rows(tables.customer)}
        talk = Talk(company)
        said = await talk.tap(CLAIRE, AssignTo(customers["C3"], mark_of("R2")))
        assert "Affecté à R2" in said
        assert "Chaque client a son commercial" in said
        assert "R2" not in await talk.tap(JULIE, AssignTo(customers["C1"], mark_of("R2")))
        assert "R9" not in await talk.tap(CLAIRE, AssignTo(customers["C1"], mark_of("R9")))
        owners = {row.code: row.assigned_code for row in await company.rows(tables.customer)}
        assert owners == {"C1": None, "C3": "R2"}
        kinds = [row.kind for row in await company.rows(tables.event)]
        assert kinds.count("customer.assigned") == 1

    with_company(database_url, tmp_path, story)
