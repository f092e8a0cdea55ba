"""A credit note set off against a promised invoice neither keeps the promise nor breaks it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.handlers.judged import rendered
from bot.handlers.news import News
from bot.screens import import_words
from bot.screens.account import card
from bot.screens.promise import STATES
from bot.screens.render import speaker
from bot.use_cases import accounts, reminders
from credit.promise import PromiseState
from storage import activity, contacts, indicators, news, people, promises, tables
from storage.promises import Kept
from storage.sync import outgoing
from storage.work import Work
from tests.bot.use_cases.ledger import (
    ITEMS,
    PAID,
    PARIS,
    TODAY,
    a_file,
    a_rep,
    item,
    line,
    rules,
    settlements,
    signed,
    take,
)
from tests.bot.use_cases.test_judging import MONDAY, THEN, a_promise, told
from tests.storage.inline import inline

OTHER = line("F9", "5")
TUESDAY, THURSDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)


def credit_note(amount: str) -> str:
    return line("AV1", f"-{amount}", issued="12/11/2026", due="12/11/2026")


def book(work: Work, folder: Path, on: date, *lines: str) -> list[str]:
    """Take in what is open on a day; return what promises became of it."""
    report = take(work, a_file(folder, ITEMS, *lines, OTHER), on=on)
    return [str(one["state"]) for one in report.judged]


def promised_then_noted(
    work: Work,
    folder: Path,
    minor: int,
    note: str,
    *invoices: str,
    keys: tuple[str, ...] = ("F1#1",),
    engaged: bool = True,
) -> tuple[int, int]:
    """Promise open invoices, beside which a credit note is seen later; tell rep and promise."""
    rep = a_rep(work, "R1")
    book(work, folder, THEN, *invoices)
    promise = a_promise(work, rep, minor, keys=keys, engaged=engaged)
    book(work, folder, THEN + timedelta(days=2), *invoices, note)
    return rep, promise


def kept_as(work: Work, promise: int) -> Kept:
    kept = promises.by_id(work, promise)
    assert kept is not None
    return kept


def said(work: Work, rep: int, promise: int, was: str, locale: str = "fr") -> str:
    """Read the card of the news that the rep gets."""
    person = people.by_id(work, rep)
    assert person is not None
    body = {"promise_id": promise, "state": kept_as(work, promise).promise.state.value, "was": was}
    news_of = News(work, speaker(locale, PARIS), rules(), person, 1, body, signed().at)
    screen = rendered(news_of)
    assert screen is not None
    return screen.text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_credit_note_for_the_whole_invoice_makes_its_promise_void(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        whole = line("F1", "100")
        rep, promise = promised_then_noted(work, tmp_path, 10_000, credit_note("100"), whole)
        assert book(work, tmp_path, MONDAY) == ["moot"]
        kept = kept_as(work, promise)
        assert (kept.paid_minor, kept.credited_minor) == (0, 10_000)
        assert kept.line_states == (PromiseState.MOOT,)
        assert told(work) == [(rep, "moot")]
        assert contacts.tasks_of(work, item(work, "F1#1").customer_id) == []
        text = said(work, rep, promise, "open")
        assert "⚪ Promesse sans objet : avoir" in text
        assert "Déduit par avoir : 100,00 €" in text
        assert "ne compte ni comme tenue ni comme non tenue" in text
        assert "Il manque encore" not in text
        english = said(work, rep, promise, "open", "en")
        assert "Taken off by a credit note: €100.00" in english


def test_a_promise_broken_before_the_credit_note_came_is_broken_no_more(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        book(work, tmp_path, THEN, line("F1", "100"))
        promise = a_promise(work, rep, 10_000)
        both = (line("F1", "100"), credit_note("100"))
        assert book(work, tmp_path, THURSDAY, *both) == ["broken"]
        customer = item(work, "F1#1").customer_id
        assert promises.broken_by_item(work, customer) == {item(work, "F1#1").id: 1}
        assert book(work, tmp_path, TODAY) == ["moot"]
        assert promises.broken_by_item(work, customer) == {}
        assert told(work) == [(rep, "broken"), (rep, "moot")]
        assert "Correction" not in said(work, rep, promise, "broken")


def test_of_an_invoice_credited_in_part_the_rest_is_what_was_promised(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        whole = line("F1", "1000")
        rep, promise = promised_then_noted(work, tmp_path, 100_000, credit_note("400"), whole)
        book(work, tmp_path, MONDAY, line("F1", "600", total="1000"))
        kept = kept_as(work, promise)
        assert (kept.promise.state, kept.credited_minor) == (PromiseState.OPEN, 40_000)
        waiting = reminders.waiting(work, promise, 1, MONDAY)
        assert waiting is not None
        assert waiting.amount.minor == 60_000
        [due] = news.lines_due(work, None, MONDAY, MONDAY)
        assert due.minor == 60_000
        [coming] = indicators.coming(work, None, MONDAY, TODAY)
        assert coming.minor == 60_000
        account = accounts.load(work, item(work, "F1#1").customer_id, signed(MONDAY).at, rules())
        text = card(speaker("en", PARIS), account).text
        assert "Promised: €600.00 by" in text
        assert "already received" not in text
        wire = f"C1;{TUESDAY:%d/%m/%Y};600;EUR;F1;VIR 1"
        take(work, a_file(tmp_path, PAID, wire), on=THURSDAY)
        assert kept_as(work, promise).promise.state is PromiseState.KEPT
        text = said(work, rep, promise, "open")
        assert "600,00 € reçus sur 1 000,00 € promis" in text
        assert "Déduit par avoir : 400,00 €" in text
        assert "Il manque encore" not in text


@pytest.mark.parametrize("payments", [True, False])
def test_money_and_a_credit_note_that_settle_an_invoice_together_are_told_apart(
    database_url: str, tmp_path: Path, *, payments: bool
) -> None:
    with inline(database_url) as work:
        whole = line("F1", "1000")
        _, promise = promised_then_noted(work, tmp_path, 100_000, credit_note("400"), whole)
        if payments:
            wire = f"C1;{MONDAY:%d/%m/%Y};600;EUR;F1;VIR 1"
            take(work, a_file(tmp_path, PAID, wire), on=MONDAY)
        book(work, tmp_path, TUESDAY)  # invoice and note are matched and listed no more
        kept = kept_as(work, promise)
        assert kept.promise.state is PromiseState.KEPT
        assert (kept.paid_minor, kept.credited_minor) == (60_000, 40_000)
        assert sum(minor for _, minor, _ in settlements(work, "F1#1")) == 100_000


def test_a_credit_note_shared_by_two_invoices_is_no_money_for_either(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        both, keys = (line("F1", "100"), line("F2", "50")), ("F1#1", "F2#1")
        note = credit_note("150")
        _, promise = promised_then_noted(work, tmp_path, 15_000, note, *both, keys=keys)
        assert book(work, tmp_path, MONDAY) == ["moot"]
        assert kept_as(work, promise).credited_minor == 15_000


def test_where_nobody_can_say_what_a_note_took_what_went_counts_as_money(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        both = (line("F1", "100"), line("F2", "80"))
        _, promise = promised_then_noted(work, tmp_path, 10_000, credit_note("30"), *both)
        assert book(work, tmp_path, MONDAY) == ["kept"]
        assert kept_as(work, promise).credited_minor == 0


def test_the_dashboard_and_the_digest_count_a_void_promise_on_neither_side(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        lines = (line("F1", "100"), line("F2", "1000"))
        book(work, tmp_path, THEN, *lines)
        void = a_promise(work, rep, 10_000)
        shrunk = a_promise(work, rep, 100_000, keys=("F2#1",))
        notes = (credit_note("100"), credit_note("400").replace("AV1", "AV2"))
        book(work, tmp_path, THEN + timedelta(days=2), *lines, *notes)
        book(work, tmp_path, MONDAY, line("F2", "600", total="1000"))
        book(work, tmp_path, TUESDAY)
        states = {one: kept_as(work, one).promise.state.value for one in (void, shrunk)}
        assert states == {void: "moot", shrunk: "kept"}
        before = signed(THEN).at.at
        assert news.outcomes(work, None, before) == {"kept": 1}
        decided = {row.state: int(row.minor) for row in activity.judged(work, None, before)}
        assert decided == {"moot": 0, "kept": 60_000}
        made = {row.state: int(row.minor) for row in indicators.promises(work, None, THEN)}
        assert made == {"moot": 0, "kept": 60_000}
        assert {row.state for row in news.judged(work, None, before)} == {"moot", "kept"}


def test_a_word_without_engagement_is_void_too(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        whole, note = line("F1", "100"), credit_note("100")
        _, promise = promised_then_noted(work, tmp_path, 10_000, note, whole, engaged=False)
        book(work, tmp_path, MONDAY)
        assert kept_as(work, promise).promise.state is PromiseState.MOOT


def test_an_invoice_that_left_the_book_shrinks_no_promise(
    database_url: str, tmp_path: Path
) -> None:
    """Its settlements left with it: nobody can say that a credit note took it."""
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        book(work, tmp_path, THEN, line("F1", "100"))
        promise = a_promise(work, rep, 10_000)
        work.execute(update(tables.promise_item).values(item_id=999))
        book(work, tmp_path, THEN + timedelta(days=2), line("F1", "100"), credit_note("100"))
        book(work, tmp_path, THURSDAY)
        assert kept_as(work, promise).promise.state is PromiseState.BROKEN
        assert work.scalar(select(tables.promise.c.credited_minor)) == 0


@pytest.mark.parametrize("state", list(PromiseState))
def test_every_state_of_a_promise_has_french_words_on_screen_and_in_the_way_back(
    state: PromiseState,
) -> None:
    french = speaker("fr", PARIS)
    assert french.say(STATES[state.value]) != STATES[state.value]
    assert outgoing.word("promise", state.value) != state.value
    if state in import_words.STATES:
        said = import_words.STATES[state]
        assert french.say(said) != said
