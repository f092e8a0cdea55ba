"""The way back: full states replaced, events added, nothing lost or doubled by a crash."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import store
from bot.jobs.store import write
from bot.use_cases import contacts, promises, sync
from credit.promise import Means, PromiseLine
from storage import customers, items, people
from storage.sync import outgoing
from storage.work import Work
from tests.bot.store.bench import JULIE, OPEN, Company, with_company
from tests.bot.talks.stage import TODAY, rules

ONE = "C1;=HYPERLINK(1);F1;01/09/2026;01/10/2026;1 200,00;1 200,00;EUR;R1"


async def promise(company: Company, *, engaged: bool = True) -> None:
    await company.database.transact(_promise, company, engaged=engaged)


def _promise(work: Work, company: Company, *, engaged: bool) -> None:
    person, customer = people.by_telegram(work, JULIE), customers.by_code(work, "C1")
    assert person is not None
    assert customer is not None
    (item,) = items.open_of(work, customer.id, rules().policy.dispute.rules, ())
    request = promises.PromiseRequest(
        currency="EUR",
        lines=(
            PromiseLine(TODAY + timedelta(days=2), 70_000),
            PromiseLine(TODAY + timedelta(days=7), item.open_minor - 70_000),
        ),
        means=Means.TRANSFER,
        contact="@Mme Roche",
        engaged=engaged,
    )
    origin = replace(company.bench.origin("promise"), person_id=person.id)
    promises.make(work, origin, person, customer.id, request, rules())


async def note(company: Company, text: str) -> None:
    def recorded(work: Work) -> None:
        person, customer = people.by_telegram(work, JULIE), customers.by_code(work, "C1")
        assert person is not None
        assert customer is not None
        request = contacts.ContactRequest(outcome="no_answer", reason="M24", note=text)
        origin = company.bench.origin("contact")
        contacts.record_contact(work, origin, person, customer.id, request)

    await company.database.transact(recorded)


def read(company: Company, name: str) -> list[dict[str, str]]:
    text = (company.root / "out" / name).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def journal(company: Company) -> list[dict[str, Any]]:
    lines = (company.root / "out/journal.jsonl").read_text("utf-8").splitlines()
    return [json.loads(one) for one in lines]


def test_a_promise_of_two_instalments_goes_out_as_two_rows(
    database_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE)
        await company.look()
        await promise(company)
        went = await store.carry_out(company.bench)
        assert went.files == ("contacts.csv", "disputes.csv", "promises.csv")
        first, second = read(company, "promises.csv")
        assert first["Date promise"] == "25/11/2026"
        assert [first["Montant promis"], second["Montant promis"]] == ["700,00", "500,00"]
        assert first["Client"] == "'=HYPERLINK(1)"
        assert first["Interlocuteur"] == "'@Mme Roche"
        assert first["État de la promesse"] == "en cours"
        assert first["Factures"] == "F1"
        assert [one["kind"] for one in journal(company)] == ["promise.made"]
        assert journal(company)[0]["author"] == "Julie Martin"
        assert journal(company)[0]["customer"] == "C1"

    with_company(database_url, tmp_path, story)


def test_nothing_is_written_when_nothing_happened(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        assert len((await store.carry_out(company.bench)).files) == 3
        before = (company.root / "out/promises.csv").stat().st_ino
        assert await store.carry_out(company.bench) == store.WentOut()
        assert (company.root / "out/promises.csv").stat().st_ino == before

    with_company(sqlite_url, tmp_path, story)


def test_a_file_that_somebody_deleted_comes_back(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        await store.carry_out(company.bench)
        (company.root / "out/disputes.csv").unlink()
        assert (await store.carry_out(company.bench)).files == ("disputes.csv",)

    with_company(sqlite_url, tmp_path, story)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_crash_after_any_step_loses_and_doubles_nothing(
    database_url: str, tmp_path: Path, steps: int
) -> None:
    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE)
        await company.look()
        await promise(company)
        await note(company, "premier")
        out = company.root / "out"
        until = await company.database.read(sync.settled)
        gone = await company.database.read(sync.gather, rules().zone, until)
        if steps >= 2:
            write(out, gone)
        if steps >= 3:  # the journal's last line was cut short by the crash
            path = out / "journal.jsonl"
            path.write_bytes(path.read_bytes()[:-9])
        await note(company, "second")
        await store.carry_out(company.bench)
        kinds = [one["kind"] for one in journal(company)]
        assert kinds == ["promise.made", "contact.recorded", "contact.recorded"]
        assert len({one["id"] for one in journal(company)}) == 3
        assert [one["Note"] for one in read(company, "contacts.csv")] == ["premier", "second"]

    with_company(database_url, tmp_path, story)


def test_more_events_than_one_batch_all_go_out(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "BATCH", 3)

    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE)
        await company.look()
        for number in range(8):
            await note(company, f"n° {number}")
        assert (await store.carry_out(company.bench)).journal == 8
        assert [one["data"]["note"] for one in journal(company)] == [
            f"n° {number}" for number in range(8)
        ]

    with_company(sqlite_url, tmp_path, story)


def test_the_tables_come_with_the_last_lines_of_the_journal_only(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "BATCH", 3)

    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE)
        await company.look()
        seen = []
        for number in range(4):
            await note(company, f"n° {number}")
        over = False
        while not over:
            until = await company.database.read(sync.settled)
            gone = await company.database.read(sync.gather, rules().zone, until)
            seen.append((len(gone.journal), sorted(gone.files)))
            over = await company.database.transact(sync.carried, gone)
        assert seen == [(3, []), (1, ["contacts.csv", "disputes.csv", "promises.csv"])]

    with_company(sqlite_url, tmp_path, story)


def test_large_tables_are_not_written_again_at_once(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LARGE", 0)

    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, ONE)
        await company.look()
        await note(company, "premier")
        assert "contacts.csv" in (await store.carry_out(company.bench)).files
        await note(company, "second")
        assert await store.carry_out(company.bench) == store.WentOut()
        company.bench.entrance.rests_until = 0.0  # the minute is over
        assert (await store.carry_out(company.bench)).files == ("contacts.csv",)
        assert [one["Note"] for one in read(company, "contacts.csv")] == ["premier", "second"]

    with_company(sqlite_url, tmp_path, story)
