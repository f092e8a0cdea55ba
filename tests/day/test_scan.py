"""`relance scan` and `relance digest`, from the database to what is printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.use_cases import alerts
from bot.use_cases.past import assess
from bot.use_cases.signals import as_json
from config.clock import Clock
from credit.people import Role
from storage.work import Work
from tests.credit.builders import PARIS, TODAY
from tests.day import company
from tests.day.company import MORNING, rules
from tests.storage.inline import inline

DARK = dict.fromkeys(("payment", "commercial", "public", "field"), "green")
NOW = Clock(0, PARIS).now()


@pytest.fixture
def installed(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("RELANCE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("RELANCE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("RELANCE_TIMEZONE", "Europe/Paris")
    return sqlite_url


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["scan", *arguments, "--json"]) == 0
    return {one["customer"]: one for one in json.loads(capsys.readouterr().out)}


@contextmanager
def heard(work: Work) -> Iterator[list[str]]:
    """Collect the statements that the database hears, those past SQLAlchemy too."""
    if work.dialect != "sqlite":
        with company.counted(work) as statements:
            yield statements
        return
    statements = []
    work.raw().set_trace_callback(statements.append)
    yield statements
    work.raw().set_trace_callback(None)


def test_today_and_as_of_today_tell_the_same(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        ids = [company.a_customer(work, f"C{n}", credit_limit_minor=50_000) for n in range(4)]
        items = [company.an_invoice(work, one, f"F{one}", late=70) for one in ids]
        company.an_invoice(work, ids[1], "F9", 90_000, late=-5)
        company.disputed(work, ids[1], lea, 100_000, item=items[1])
        then = MORNING.at - timedelta(days=3)
        company.promised(work, ids[2], lea, 5_000, TODAY, state="broken", judged_at=then)
        for n in (1, 2, 3):
            company.contacted(work, ids[3], lea, TODAY - timedelta(days=n), answered=False)
        paid = company.an_invoice(work, ids[3], "F8", 40_000, late=40, open_minor=0)
        company.settled(work, paid, 40_000, TODAY - timedelta(days=1))
        for amount in (1_234, 4_321):
            company.paid(work, ids[3], amount, TODAY - timedelta(days=2))
        live = alerts.look(work, ids, MORNING, rules()).looked
        past = assess(work, ids, TODAY, rules())
    assert [one.customer_id for one in live] == ids
    for looked in live:
        assert as_json(looked.assessment, "C") == as_json(past[looked.customer_id], "C")
    fired = {signal.id for assessment in past.values() for signal in assessment.signals}
    assert fired >= {"C1-01", "C1-03", "C1-04", "C1-06", "C1-09", "C1-10", "C1-11", "C1-13"}


def test_what_came_later_is_not_known_then(database_url: str) -> None:
    day = TODAY - timedelta(days=30)
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1")
        two = company.a_customer(work, "C2")
        item = company.an_invoice(work, one, "F1", late=100, open_minor=0)
        company.settled(work, item, 100_000, TODAY - timedelta(days=5))
        company.an_invoice(work, one, "F2", 900_000, late=1)
        company.promised(work, one, lea, 9, TODAY, state="broken", judged_at=MORNING.at)
        company.disputed(work, one, lea, 100_000, item=item)
        company.contacted(work, one, lea)
        then = assess(work, [one, two], day, rules())
        first, second = then[one], then[two]
    assert [signal.id for signal in first.signals] == ["C1-01", "C1-11"]
    assert first.signals[0].figure["days"] == 70
    assert second.level == 0


def test_scan_writes_pushes_and_answers_for_every_customer(
    installed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with inline(installed) as work:
        company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1", "DUPONT")
        company.a_customer(work, "C2")
        company.an_invoice(work, one, "F1", late=70, today=NOW.today)
        company.fresh(work, NOW)
    found = answered(capsys)
    assert found["C1"]["level"] == 2
    assert found["C1"]["lights"] == {**DARK, "payment": "red"}
    assert found["C1"]["signals"][0]["id"] == "C1-01"
    assert found["C1"]["signals"][0]["points"] == 4
    clear = {"level": 0, "lights": DARK, "signals": []}
    assert found["C2"] == {"customer": "C2", **clear}
    assert main(["scan"]) == 0
    assert "DUPONT" in capsys.readouterr().out
    with inline(installed) as work:
        assert len(company.waiting(work, "alert")) == 1


def test_a_past_day_writes_nothing(installed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with inline(installed) as work:
        company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1")
        company.an_invoice(work, one, "F1", due_on=date(2013, 5, 1))
    assert answered(capsys, "--as-of", "2013-06-30")["C1"]["level"] == 2
    with inline(installed) as work:
        assert not company.waiting(work, "alert")


def test_a_wrong_date_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--as-of", "30/06/2013"]) == 2
    assert "une date s’écrit AAAA-MM-JJ" in capsys.readouterr().err


def test_digests_are_printed_or_queued_once(
    installed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with inline(installed) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1", "<b>DUPONT</b>")
        company.an_invoice(work, one, "F1", due_on=NOW.today - timedelta(days=1))
    assert main(["digest", "--dry-run"]) == 0
    assert "<b>DUPONT</b>" in capsys.readouterr().out
    assert main(["digest", "--person", str(lea.id)]) == 0
    assert capsys.readouterr().out.startswith("+")
    assert main(["digest"]) == 0
    assert capsys.readouterr().out.startswith("=")
    assert main(["digest", "--person", "999"]) == 1
    with inline(installed) as work:
        assert len(company.waiting(work, "digest")) == 1
