"""The rules in the credit manager's chat: tried on the past apart, then told to who asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from bot.alerts.evaluation import EARLY_WARNING_RULES
from bot.handlers import rules as handlers
from bot.handlers.news import News
from bot.jobs import trials as job
from bot.jobs.timetable import Bench
from bot.screens.render import speaker
from bot.screens.rules import TryRules
from bot.screens.rules import name as rule_name
from bot.use_cases import trials
from bot.use_cases.rules import Rules
from config.clock import Clock
from credit.people import Person, Role
from storage import tables
from storage.database import connect
from storage.retention_rules import RULES
from storage.work import Work
from tests.credit.builders import PARIS
from tests.dashboard.test_dashboard import a_book
from tests.dashboard.test_deeds import customer
from tests.day import company
from tests.day.company import MORNING, rules
from tests.day.test_account import clean
from tests.storage.inline import inline


def not_relevant(work: Work, who: Person, rule: str, why: str) -> None:
    row = {"signal": rule, "customer_id": customer(work, "C1"), "person_id": who.id}
    work.execute(insert(tables.rule_feedback), {**row, "reason": why, "at": MORNING.at})


def counted(url: str, with_rules: Rules | None = None) -> None:
    """Let the clock's job run once, as it does in the product."""

    async def once() -> None:
        database = connect(url)
        await database.open()
        clock = Clock(0.0, PARIS)
        offset = (MORNING.at - clock.now().at).total_seconds()
        bench = Bench(database, with_rules or rules(), Clock(offset, PARIS), Path(), Path())
        try:
            await job.run(bench)
        finally:
            await database.close()

    asyncio.run(once())


def test_a_trial_is_asked_for_counted_apart_and_told_to_who_asked(database_url: str) -> None:
    with inline(database_url) as work:
        lea, chief = a_book(work)
        other = company.hire(work, "Ada", Role.CREDIT_MANAGER)
        company.hire(work, "Zoé", Role.CREDIT_MANAGER)
        for why in ("paid", "paid", "dispute"):
            not_relevant(work, lea, "C1-01", why)
        first = company.says(work, chief, "/regles")
        ordered = company.taps(work, chief, first.data("Simuler 6 mois"))
        company.taps(work, other, TryRules(6))
    counted(database_url)
    with inline(database_url) as work:
        news = company.waiting(work, trials.TRIAL)
        told = company.rendered(work, news[0])
        after = company.says(work, chief, "/regles")
        left = trials.asked(work)
    assert "Pas encore simulées" in clean(first.text)
    assert "Calcul lancé" in ordered.toast
    assert "Calcul en cours sur 6 mois" in clean(ordered.text)
    assert not any("Simuler" in label for label in ordered.labels)
    assert sorted(row.person_id or 0 for row in news) == sorted([chief.id, other.id])
    for text in (clean(told.text), clean(after.text)):
        assert "C1-01 · Retard actuel</b>\nse serait allumée 2 fois · 0,08 par" in text
        assert "2 sur 2 jugées suivies d’un vrai retard (100 %)" in text
        assert "pas pertinent : déjà payé 2, litige 1" in text
    assert left is None


def sighting(work: Work, who: Person, code: str, at: datetime, n: int = 1, **more: Any) -> None:
    row = {"customer_id": customer(work, "C1"), "person_id": who.id, "files": [], **more}
    rows = [{**row, "uid": str(uuid4()), "code": code, "at": at, "on": at.date()} for _ in range(n)]
    work.execute_many(insert(tables.observation), rows)


def test_the_rules_of_the_field_tell_how_often_it_was_seen_even_by_whom_nobody_knows_any_more(
    sqlite_url: str,
) -> None:
    with inline(sqlite_url) as work:
        lea, chief = a_book(work)
        sighting(work, lea, "T01", MORNING.at - timedelta(days=500), 2)
        sighting(work, lea, "T01", MORNING.at, 3)
        sighting(work, lea, "T04", MORNING.at, withdrawn_at=MORNING.at)
        sighting(work, lea, "T05", MORNING.at)
        before = clean(company.says(work, chief, "/regles").text)
        rule = next(one for one in RULES if one.name == "sightings")
        assert rule.piece(work, MORNING.at - timedelta(days=365), now=MORNING.at).done == 2
        after = clean(company.says(work, chief, "/regles").text)
    assert (
        "T01 · Locaux fermés pendant les heures d’ouverture</b>\n👁 vu 5 fois depuis le " in before
    )
    first = (MORNING.at - timedelta(days=500)).date()
    assert f"vu 5 fois depuis le {first:%d/%m/%Y}" in before
    assert f"vu 5 fois depuis le {first.replace(day=1):%d/%m/%Y}" in after
    assert f"vu 1 fois depuis le {MORNING.today:%d/%m/%Y}" in after
    assert "T04" not in after


def test_a_trial_that_fails_is_told_and_asked_no_more(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        _, chief = a_book(work)
        company.taps(work, chief, TryRules(3))
    nonsense = replace(rules(), policy="no policy")  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        counted(sqlite_url, nonsense)
    with inline(sqlite_url) as work:
        (news,) = company.waiting(work, trials.TRIAL)
        told = company.rendered(work, news)
        assert trials.asked(work) is None
    assert "n’a pas abouti" in told.text


def test_nobody_but_the_credit_manager_tries_rules_or_reads_them(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea, chief = a_book(work)
        refused = company.taps(work, lea, TryRules(6))
        odd = company.taps(work, chief, TryRules(7))
        assert trials.asked(work) is None
        facts = {"failed": False}
        news = News(work, speaker("fr", PARIS), rules(), lea, lea.telegram_id or 0, facts, MORNING)
        body = handlers.rendered(news)
    assert refused.toast
    assert odd.toast
    assert body is None


def test_every_rule_of_the_house_has_a_name() -> None:
    spoken = speaker("fr", PARIS)
    assert [rule for rule in EARLY_WARNING_RULES if rule_name(spoken, rule) == rule] == []
