"""Promises: what they cover, what they replace, what is refused, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.screens.account import OpenAccount, PrepareCall
from bot.screens.promise import StartPromise, WithdrawPromise
from bot.use_cases import promises
from bot.use_cases.promises import PromiseRequest
from bot.use_cases.refusals import (
    DateRefused,
    NothingToClaim,
    NotYours,
    PromiseRefused,
    TooLateToUndo,
)
from credit.people import Person
from credit.promise import Means, PromiseLine
from storage import people, tables
from storage.events import Origin
from storage.promises import Kept
from tests.bot.talks.stage import JULIE, MARC, TODAY, Chat, account, chat, invoice, rules

FRIDAY = date(2026, 11, 27)


def origin(told: Chat, key: str = "one") -> Origin:
    return Origin(person(told).id, None, told.now, key)


def person(told: Chat, telegram: int = JULIE) -> Person:
    found = people.by_telegram(told.work, telegram)
    assert found is not None
    return found


def request(cents: int, *, means: Means = Means.TRANSFER, **changes: object) -> PromiseRequest:
    plain = PromiseRequest("EUR", (PromiseLine(FRIDAY, cents),), means)
    return replace(plain, **changes)  # type: ignore[arg-type]


def make(told: Chat, customer: int, wanted: PromiseRequest, key: str = "one") -> Kept:
    return promises.make(told.work, origin(told, key), person(told), customer, wanted, rules())


def covered(told: Chat, promise_id: int) -> dict[str, int]:
    part = tables.promise_item.c
    statement = (
        select(tables.item.c.number, part.amount_minor)
        .select_from(tables.promise_item.join(tables.item))
        .where(part.promise_id == promise_id)
    )
    return {str(row.number): int(row.amount_minor) for row in told.work.all(statement)}


def three(told: Chat) -> tuple[int, int, int, int]:
    customer = account(told.work)
    late = [
        invoice(told.work, customer, number, cents, days)
        for number, cents, days in (("F-1", 10_000, 40), ("F-2", 20_000, 30), ("F-3", 30_000, 20))
    ]
    return customer, late[0], late[1], late[2]


def test_an_amount_covers_the_oldest_invoices_first(database_url: str) -> None:
    with chat(database_url) as told:
        customer, *_ = three(told)
        kept = make(told, customer, request(25_000, scope="other"))
        assert covered(told, kept.promise.id) == {"F-1": 10_000, "F-2": 15_000}


def test_chosen_invoices_are_covered_and_no_other(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _, _, third = three(told)
        kept = make(told, customer, request(45_000, scope="other", items=frozenset({third})))
        assert covered(told, kept.promise.id) == {"F-3": 30_000}


def test_currencies_are_never_mixed(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, *_ = three(told)
        invoice(told.work, customer, "USD-1", 99_000, 50, currency="USD")
        kept = make(told, customer, request(60_000))
        assert set(covered(told, kept.promise.id)) == {"F-1", "F-2", "F-3"}
        dollars = make(told, customer, request(99_000, currency="USD"), "two")
        assert set(covered(told, dollars.promise.id)) == {"USD-1"}
        assert [row.state for row in told.all(tables.promise)] == ["open", "open"]


def test_a_new_promise_replaces_the_one_on_the_same_invoices(database_url: str) -> None:
    with chat(database_url) as told:
        customer, *_ = three(told)
        first = make(told, customer, request(60_000))
        second = make(told, customer, request(30_000), "two")
        old, new = told.all(tables.promise)
        assert (old.state, old.superseded_by, new.state) == ("superseded", new.id, "open")
        assert "promise.superseded" in told.kinds()
        again = origin(told, "three")
        promises.withdraw(told.work, again, person(told), second.promise.id, rules())
        states = [row.state for row in told.all(tables.promise)]
        assert states == ["open", "withdrawn"]
        waiting = [task for task in told.all(tables.task) if task.done_at is None]
        assert [task.promise_id for task in waiting] == [first.promise.id]


def test_a_promise_is_followed_the_worked_day_after_each_instalment(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, *_ = three(told)
        lines = (PromiseLine(date(2026, 12, 24), 30_000), PromiseLine(FRIDAY, 30_000))
        make(told, customer, request(0, lines=lines))
        days = [task.due_on.isoformat() for task in told.all(tables.task)]
        assert days == ["2026-11-30", "2026-12-28"]  # Christmas and the weekend are not worked


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"means": Means.CASH, "cents": 100_001}, "cash_too_high"),
        ({"cents": 0}, "no_amount"),
        ({"cents": 60_000, "lines": (PromiseLine(FRIDAY, 12_000),) * 5}, "too_many_lines"),
        ({"cents": 60_000, "lines": ()}, "no_amount"),
    ],
)
def test_what_nobody_may_bend_is_refused(
    sqlite_url: str, changes: dict[str, object], code: str
) -> None:
    with chat(sqlite_url) as told:
        customer, *_ = three(told)
        invoice(told.work, customer, "F-4", 200_000, 10)
        with pytest.raises(PromiseRefused) as refused:
            make(told, customer, request(**changes))  # type: ignore[arg-type]
        assert refused.value.code == code
        assert told.all(tables.promise) == []
        assert told.kinds() == []


def test_a_date_that_is_past_is_refused(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, *_ = three(told)
        lines = (PromiseLine(TODAY - timedelta(days=1), 60_000),)
        with pytest.raises(DateRefused):
            make(told, customer, request(0, lines=lines))


def test_nothing_to_claim_is_nothing_to_promise(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "A-1", -5_000, 30, kind="credit_note")
        invoice(told.work, customer, "F-9", 5_000, -30)
        with pytest.raises(NothingToClaim):
            make(told, customer, request(5_000))


def test_after_two_broken_promises_only_an_instant_transfer_is_taken(database_url: str) -> None:
    with chat(database_url) as told:
        customer, *_ = three(told)
        for key in ("one", "two"):
            made = make(told, customer, request(60_000), key)
            broken = update(tables.promise).where(tables.promise.c.id == made.promise.id)
            told.work.execute(broken.values(state="broken"))
        with pytest.raises(PromiseRefused) as refused:
            make(told, customer, request(60_000), "three")
        assert refused.value.code == "broken_too_often"
        make(told, customer, request(60_000, means=Means.INSTANT_TRANSFER), "four")
        assert told.all(tables.promise)[-1].state == "open"


def test_warnings_are_kept_with_the_promise(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, *_ = three(told)
        lines = (PromiseLine(TODAY + timedelta(days=60), 5_000),)
        make(told, customer, request(0, lines=lines))
        [promise] = told.all(tables.promise)
        rules_broken = {one["rule"] for one in promise.warnings}
        assert rules_broken == {"first_date_too_late", "too_far_for_a_rep", "too_small"}


def test_only_the_author_withdraws_and_in_time(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, *_ = three(told)
        kept = make(told, customer, request(60_000))
        with pytest.raises(NotYours):
            promises.withdraw(
                told.work, origin(told, "x"), person(told, MARC), kept.promise.id, rules()
            )
        told.wait(minutes=11)
        with pytest.raises(TooLateToUndo):
            promises.withdraw(told.work, origin(told, "y"), person(told), kept.promise.id, rules())


def test_the_withdraw_button_works_for_its_author(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, *_ = three(told)
        kept = make(told, customer, request(60_000))
        told.tap(OpenAccount(customer))
        assert "↩️ Annuler la promesse" in told.labels()
        told.tap(WithdrawPromise(kept.promise.id), who=MARC)
        assert told.all(tables.promise)[0].state == "open"
        told.tap(WithdrawPromise(kept.promise.id))
        assert told.all(tables.promise)[0].state == "withdrawn"


def test_a_refused_promise_shows_why_and_keeps_the_step(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, *_ = three(told)
        told.tap(StartPromise(customer))
        for label in ("Tout", "27/11", "Virement", "Mme Roche"):
            told.press(label)
        told.work.execute(update(tables.item_row).values(open_minor=0))  # paid in the meantime
        said = told.press("Valider")
        assert "rien à promettre" in said
        assert told.all(tables.promise) == []
        assert told.all(tables.contact_record) == []
        assert "Rien n’a été enregistré" in told.press("Abandonner")


def test_no_chip_is_beyond_the_latest_day_and_the_oldest_is_offered_among_several(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 90_000, 34)
        told.tap(StartPromise(customer))
        assert not [label for label in told.labels() if "plus ancienne" in label]
        told.press("Tout")
        assert not [label for label in told.labels() if "15/12" in label]
        invoice(told.work, customer, "F-2", 50_000, 12)
        told.tap(StartPromise(customer))
        assert [label for label in told.labels() if "plus ancienne" in label]


def test_an_account_says_when_the_next_of_several_instalments_falls_due(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 90_000, 34)
        told.tap(StartPromise(customer))
        told.type("500")
        for label in ("27/11", "Virement", "Mme Roche", "Ajouter", "Le solde"):
            told.press(label)
        told.type("15/12")
        told.press("Valider")
        next_one = "pour le mar. 15/12 · en 2 échéances, la prochaine le ven. 27/11"
        assert next_one in told.tap(OpenAccount(customer))
        assert next_one in told.tap(PrepareCall(customer))


def test_a_promise_beyond_the_reps_authority_is_told_to_the_credit_manager(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, *_ = three(told)
        told.tap(StartPromise(customer))
        told.press("Tout")
        told.type("dans 20 jours")
        told.press("à valider")
        told.press("Virement")
        told.press("Mme Roche")
        told.press("Valider")
        [notice] = [row for row in told.all(tables.outbox) if row.kind == "notice"]
        assert notice.body["why"] == "promise_too_late"
        assert notice.ready is False


@pytest.mark.parametrize("typed", ["tout", "en totalité", "la totalité", "le solde"])
def test_everything_may_be_typed_as_people_say_it(sqlite_url: str, typed: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 200_000)
        told.tap(StartPromise(customer))
        assert "À quelle date" in told.type(typed)
