"""Acceptance 6: whatever is in the ledger, every screen is correct for Telegram."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from credit.people import Role
from storage import people
from storage.events import Origin
from tests.journeys import exports
from tests.journeys.harness import TOKEN
from tests.journeys.processes import ROOT, Process, environment, module
from tests.journeys.walker import NOW, Walker
from tests.storage.databases import blank_sqlite_url, sqlite_template, sqlite_url
from tests.storage.inline import inline

__all__ = ["blank_sqlite_url", "sqlite_template", "sqlite_url"]

REP, CREDIT = 8001, 8002
NAMES = {
    "H1": "<b>A & B</b>",
    "H2": '=HYPERLINK("http://x";"y")',
    "H3": "\u202eSARL \u200fنور\u200e & <i>Fils",
    "H4": "Très long nom " * 20 + "fin de 300",
    "H5": "{customer} %s {{ x }} \\n",
    "H6": "💶" * 80,
}
AMOUNTS = ("0,00", "-120,50", "0,01", "9 999 999 999,99")


def lines() -> Iterator[tuple[str, ...]]:
    for code, given in NAMES.items():
        name = given.replace(";", ",").replace('"', "'")
        for place, amount in enumerate(AMOUNTS):
            dates = ("01/12/2025", "10/01/2026", amount, amount)
            yield (code, name, "R1", f"{code}<&>{place}", *dates, "EUR")
        yield (code, name, "R1", f"{code}-Y", "01/12/2025", "10/01/2026", "150000", "150000", "JPY")
        yield (code, name, "R1", f"{code}-D", "01/12/2025", "10/02/2026", "80,5", "80,5", "USD")
        yield (code, name, "R1", f"{code}-T", "01/12/2025", "10/02/2026", "9,125", "9,125", "TND")
    for number in range(2_000):
        dates = ("01/12/2025", f"{1 + number % 28:02d}/01/2026", "12,34", "12,34")
        yield ("BIG", "Deux mille factures", "R1", f"B{number:05d}", *dates, "EUR")


@pytest.fixture(scope="module")
def telegram(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("telegram")
    users = [{"id": one, "first_name": "x", "started": True} for one in (REP, CREDIT)]
    (folder / "people.json").write_text(json.dumps(users))
    simulator = Process(module("bot.simulator"), folder / "telegram.log", ROOT)
    options = ["--no-limits", "--token", TOKEN, "--people", str(folder / "people.json")]
    yield str(json.loads(simulator.start(options, environment(), "\n", 40))["api_url"])
    simulator.stop(10)


def walkers(url: str, telegram: str, folder: Path) -> Iterator[tuple[Walker, Walker]]:
    from bot.use_cases.imports import import_file

    book = folder / "book.csv"
    text = "\r\n".join(";".join(line) for line in (exports.RECEIVABLES, *lines()))
    book.write_text(text, encoding="utf-8")
    with inline(url) as work:
        for number, role in ((REP, Role.REP), (CREDIT, Role.CREDIT_MANAGER)):
            codes = ["R1"] if role is Role.REP else []
            people.add(
                work,
                telegram_id=number,
                name="<i>R & Co</i>",
                role=role,
                locale="fr",
                codes=codes,
                at=NOW.at,
            )
        rep, credit = Walker(work, telegram, REP), Walker(work, telegram, CREDIT)
        origin = Origin(None, None, NOW, "cli:hostile")
        import_file(work, origin, book, rules=rep.rules, channel="cli")
        yield rep, credit


def test_every_screen_of_a_hostile_book_is_accepted(
    sqlite_url: str, telegram: str, tmp_path: Path
) -> None:
    for rep, credit in walkers(sqlite_url, telegram, tmp_path):
        cards = rep.posted(0)
        assert len(cards) >= len(NAMES), "the alerts of the import"
        pressed = rep.wander(cards, 250)
        for code in (*NAMES, "BIG"):
            rep.wander(rep.say(code), 60)
        for text in ("/aujourdhui", "/balance", "/aide", "/resume_du_jour", "/langue"):
            for walker in (rep, credit):
                pressed += walker.wander(walker.say(text), 60)
        pressed += credit.wander(credit.say("/diffuser"), 5)
        pressed += credit.wander(credit.say("<b>A & B</b> " * 200), 20)
        assert pressed > 150
        assert not rep.faults, rep.faults[:3]
        assert not credit.faults, credit.faults[:3]


def test_every_step_of_a_call_on_two_thousand_invoices_is_accepted(
    sqlite_url: str, telegram: str, tmp_path: Path
) -> None:
    for rep, _credit in walkers(sqlite_url, telegram, tmp_path):
        shown = rep.say("BIG")
        for _ in range(4):
            rep.wander(shown, 120)
            for answer in ("2000", "vendredi", "Jean <b>", "12345", "un texte & <i>"):
                shown = rep.say(answer)
                rep.wander(shown, 40)
            shown = rep.send_photo() + rep.say("BIG")
            rep.seen = {one for one in rep.seen if "Mettre de côté" not in one}
        assert not rep.faults, rep.faults[:3]
