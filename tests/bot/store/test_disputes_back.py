"""A dispute in the folder: decided, told to the ledger, closed by its credit note."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

from bot.jobs import store
from bot.use_cases import accounts, dispute_deciding, disputes
from bot.use_cases.dispute_deciding import Ruling
from bot.use_cases.disputes import DisputeRequest
from credit.dispute import DisputeReason, DisputeState
from credit.money import Money
from storage import customers, people, tables
from storage.work import Work
from tests.bot.store.bench import CLAIRE, JULIE, OPEN, Company, with_company
from tests.bot.talks.stage import rules

BEFORE = "C1;Dupont;F1;01/09/2026;01/10/2026;1 200,00;1 200,00;EUR;R1"
AFTER = "C1;Dupont;F1;01/09/2026;01/10/2026;1 200,00;900,00;EUR;R1"
NOTE = "C1;Dupont;AV7;23/11/2026;;-300,00;-300,00;EUR;R1"
GRANTED = Ruling(DisputeState.FOUNDED, note="Avoir demandé")


def _decided(work: Work, company: Company) -> None:
    rep, manager = people.by_telegram(work, JULIE), people.by_telegram(work, CLAIRE)
    customer = customers.by_code(work, "C1")
    assert rep is not None
    assert manager is not None
    assert customer is not None
    account = accounts.load(work, customer.id, company.bench.clock.now(), rules())
    amount = Money.from_minor(30_000, "EUR")
    wanted = DisputeRequest(DisputeReason.PRICE, account.items[0].id, amount, "Remise oubliée")
    origin = company.bench.origin("dispute")
    mine, theirs = (replace(origin, person_id=one.id) for one in (rep, manager))
    key = disputes.open_dispute(work, mine, rep, customer.id, wanted, rules())
    dispute_deciding.decide(work, theirs, manager, key, GRANTED, rules())


def _claim(work: Work, company: Company) -> int:
    customer = customers.by_code(work, "C1")
    assert customer is not None
    account = accounts.load(work, customer.id, company.bench.clock.now(), rules())
    return account.claim("EUR").minor


def _lines(company: Company) -> list[dict[str, str]]:
    text = (company.root / "out/disputes.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_a_decided_dispute_goes_out_and_its_credit_note_closes_it(
    database_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        company.drop("ouvertes.csv", OPEN, BEFORE)
        await company.look()
        await company.database.transact(_decided, company)
        await store.carry_out(company.bench)
        [line] = _lines(company)
        assert (line["État"], line["Montant reconnu fondé"]) == ("fondé", "300,00")
        assert (line["Tranché par"], line["Motif de la décision"]) == (
            "Claire Roy",
            "Avoir demandé",
        )
        assert line["Avoir"] == ""
        journal = (company.root / "out/journal.jsonl").read_text("utf-8").splitlines()
        told = [json.loads(one) for one in journal]
        assert [one["kind"] for one in told] == ["dispute.opened", "dispute.decided"]
        assert told[1]["data"]["amount"] == "300.00"

        company.drop("avec_avoir.csv", OPEN, BEFORE, NOTE)
        await company.look()
        [dispute] = await company.rows(tables.dispute)
        assert dispute.state == "founded"  # not set off yet: the invoice still shows all
        assert await company.database.read(_claim, company) == 90_000

        company.drop("lettre.csv", OPEN, AFTER)
        await company.look()
        [dispute] = await company.rows(tables.dispute)
        assert (dispute.state, dispute.credit_note) == ("closed", "AV7")
        assert await company.database.read(_claim, company) == 90_000
        await store.carry_out(company.bench)
        assert _lines(company)[0]["Avoir"] == "AV7"

    with_company(database_url, tmp_path, story)
