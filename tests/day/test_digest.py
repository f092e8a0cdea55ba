"""The digest: what it says to whom, once a day, on working days, in hours, across clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert, update

from bot.alerts.digest import DigestKind
from bot.screens.screen import visible_length
from bot.use_cases import digests, reminders
from credit.moment import Moment
from credit.people import Person, Role
from storage import tables
from storage.events import record
from storage.work import Work
from tests.credit.builders import PARIS, TODAY
from tests.day import company
from tests.day.company import MORNING, rules
from tests.day.test_account import clean
from tests.day.test_worklist import alarmed
from tests.storage.inline import inline

YESTERDAY = TODAY - timedelta(days=1)
MONDAY = date(2026, 11, 23)


def a_busy_book(work: Work, lea: Person) -> int:
    one = company.a_customer(work, "C1", "ALPHA <b>SA</b>")
    company.an_invoice(work, one, "F1", 500_000, late=45)
    alarmed(work, one)
    two = company.a_customer(work, "C2", "BETA")
    company.an_invoice(work, two, "F2", 200_000, due_on=YESTERDAY)
    company.promised(work, two, lea, 90_000, TODAY)
    three = company.a_customer(work, "C3", "GAMMA")
    broken = MORNING.at - timedelta(hours=12)
    company.promised(work, three, lea, 70_000, YESTERDAY, state="broken", judged_at=broken)
    company.disputed(work, three, lea, 30_000, target_on=YESTERDAY)
    company.planned(work, three, lea)
    company.paid(work, three, 420_000, YESTERDAY)
    record(work, company.signed(), "alert.cleared", {"level": 0, "points": 0}, three)
    return one


def test_a_reps_digest_says_each_thing_in_a_line_with_a_button(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        a_busy_book(work, lea)
        found = digests.build(work, lea, MORNING, rules())
        told = company.says(work, lea, "/resume_du_jour")
    assert [line.kind for line in found.page.lines] == [
        DigestKind.ALERT,
        DigestKind.PROMISE_DUE,
        DigestKind.PROMISE_BROKEN,
        DigestKind.NEW_OVERDUE,
        DigestKind.DISPUTE_LATE,
        DigestKind.CALL_PLANNED,
    ]
    text = clean(told.text)
    assert "Votre journée</b> · mercredi 25 novembre" in text
    assert "Encours 7 000 € · échu <b>7 000 €</b> (100 %) ▲ 2 000 €" in text
    assert "Encaissé depuis mar. 24/11 : 4 200 €" in text
    assert "1. 🔴 <b>ALPHA &lt;b&gt;SA&lt;/b&gt;</b> · Promesses non tenues : 1 en 90 jours" in text
    assert "900 € promis pour le mer. 25/11" in text
    assert "litige (livraison, 300 €) hors délai depuis le mar. 24/11" in text
    assert len(told.text.splitlines()) <= 14
    assert len([label for label in told.labels if label[0].isdigit()]) == 6


def test_a_long_day_is_cut_and_says_how_much_is_left(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        for n in range(40):
            one = company.a_customer(work, f"C{n}", "N" * 300)
            company.an_invoice(work, one, f"F{n}", 100_000 + n)
            alarmed(work, one)
        told = company.says(work, lea, "/digest")
    assert "et 30 de plus" in clean(told.text)
    assert visible_length(told.text) < 4096


def test_on_monday_the_week_is_summed_up(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1", "LENT")
        item = company.an_invoice(
            work, one, "F1", 100_000, due_on=MONDAY - timedelta(days=40), open_minor=0
        )
        company.settled(work, item, 100_000, MONDAY - timedelta(days=20))
        company.an_invoice(work, one, "F2", 50_000, due_on=MONDAY - timedelta(days=3))
        decided = company.at(MONDAY).at - timedelta(days=9)
        for state in ("kept", "kept", "kept", "broken"):
            company.promised(work, one, lea, 1_000, TODAY, state=state, judged_at=decided)
        told = company.says(work, lea, "/digest", company.at(MONDAY))
        tuesday = company.says(work, lea, "/digest", company.at(MONDAY + timedelta(days=1)))
    text = clean(told.text)
    assert "20 jours de retard moyen · promesses tenues : 75 %" in text
    assert "Plus lents (jours) : LENT 20" in text
    assert "retard moyen" not in clean(tuesday.text)


def test_a_promise_that_a_credit_note_took_is_told_and_counts_on_neither_side(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1", "AVOIR")
        decided = company.at(MONDAY).at - timedelta(hours=2)
        for state in ("kept", "broken", "moot"):
            company.promised(work, one, lea, 100_000, TODAY, state=state, judged_at=decided)
        told = company.says(work, lea, "/digest", company.at(MONDAY))
    text = clean(told.text)
    assert "⚪ <b>AVOIR</b> · promesse sans objet, avoir : 1 000 €" in text
    assert "promesses tenues : 50 %" in text


def test_the_weeks_delays_are_those_of_one_currency(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1", "LENT")
        due = MONDAY - timedelta(days=40)
        # worth less than the euros, in more of the smallest unit
        for number, minor, days, currency in (
            ("F1", 100_000, 20, "EUR"),
            ("Y1", 150_000, 2, "JPY"),
        ):
            item = company.an_invoice(
                work, one, number, minor, due_on=due, open_minor=0, currency=currency
            )
            company.settled(work, item, minor, due + timedelta(days=days))
            company.an_invoice(work, one, f"{number}b", minor, due_on=MONDAY, currency=currency)
        told = company.says(work, lea, "/digest", company.at(MONDAY))
    text = clean(told.text)
    assert "20 jours de retard moyen" in text
    assert "Plus lents (jours) : LENT 20" in text


def test_a_credit_note_is_neither_money_nor_a_late_payment(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1")
        day = MONDAY - timedelta(days=1)
        due = MONDAY - timedelta(days=40)
        item = company.an_invoice(work, one, "F1", 100_000, due_on=due, open_minor=0)
        company.settled(work, item, 80_000, due + timedelta(days=5))
        company.settled(work, item, 20_000, day)
        note = company.an_invoice(work, one, "A1", -20_000, kind="credit_note", open_minor=0)
        company.settled(work, note, -20_000, day)
        # of these 100 the customer paid 80, in time: the note took the rest
        paid_on = MONDAY - timedelta(days=20)
        split = company.an_invoice(work, one, "F2", 10_000, due_on=paid_on, open_minor=0)
        other = company.an_invoice(work, one, "A2", -2_000, kind="credit_note", open_minor=0)
        company.settled(work, split, 10_000, paid_on)
        company.settled(work, other, -2_000, paid_on)
        told = company.says(work, lea, "/digest", company.at(MONDAY))
    text = clean(told.text)
    assert "5 jours de retard moyen" in text
    assert "Encaissé" not in text


def test_nothing_to_say_is_not_said_except_on_monday(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        told = []
        for day in (MONDAY, MONDAY + timedelta(days=1)):
            now = company.at(day)
            digests.queue(work, company.signed(now), digests.due(work, now, rules()))
            row = company.waiting(work, "digest")[-1]
            told.append(company.rendered(work, row, now))
        assert len(company.waiting(work, "digest")) == 2
        assert lea.id
    assert "Rien d’urgent" in told[0].text
    assert told[1].bodies == []


def test_what_was_put_off_until_now_is_told_before_it_is_woken(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1", "ALPHA")
        company.an_invoice(work, one, "F1", 500_000, late=45)
        alarmed(work, one)
        found = []
        for until in (MORNING.at + timedelta(hours=1), MORNING.at):
            work.execute(update(tables.alert).values(state="snoozed", snoozed_until=until))
            found.append(digests.build(work, lea, MORNING, rules()).page.lines)
    assert [[line.kind for line in lines] for lines in found] == [[], [DigestKind.ALERT]]


def test_a_manager_reads_a_line_per_rep(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        chief = company.hire(work, "Paul", Role.SALES_MANAGER, "R1")
        a_busy_book(work, lea)
        other = company.a_customer(work, "C9", rep="R9")
        company.an_invoice(work, other, "F9")
        told = company.says(work, chief, "/digest")
    assert "Léa (R1)</b> · échu 7 000 € · 🔴 1 promesse non tenue" in clean(told.text)
    assert "R9" not in told.text


def test_the_credit_manager_reads_the_company(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        boss = company.hire(work, "Sophie", Role.CREDIT_MANAGER)
        a_busy_book(work, lea)
        company.a_customer(work, "C8", rep=None)
        company.fresh(work)
        told = company.says(work, boss, "/digest")
        orphans = company.taps(work, boss, told.data("Affecter"))
    text = clean(told.text)
    assert "Données du 25/11 à 07:00" in text
    assert "Promis d’ici dimanche : 900 €" in text
    assert "1 litige hors délai : 300 €" in text
    assert "1 client sans commercial" in text
    assert "C8" in str(orphans.bodies)


def an_order(work: Work, customer: int, minor: int = 300_000) -> None:
    """Let the order desk say that it holds an order."""
    row = {"customer_id": customer, "number": f"K{customer}", "ordered_on": TODAY}
    more = {"currency": "EUR", "amount_minor": minor, "status": "held"}
    work.execute(insert(tables.sales_order), {**row, **more})


def a_request(work: Work, customer: int, who: Person, minor: int = 300_000) -> None:
    """Let a rep have asked, five hours ago, that an order may leave."""
    row = {"uid": f"r{customer}", "customer_id": customer, "person_id": who.id, "rules": ["B04"]}
    more = {"amount_minor": minor, "currency": "EUR", "reason": "chantier", "state": "asked"}
    at = {"asked_at": MORNING.at - timedelta(hours=5)}
    work.execute(insert(tables.release_request), {**row, **more, **at})


def test_a_held_order_is_told_with_what_frees_it(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        late = company.a_customer(work, "C1", "ALPHA")
        company.an_invoice(work, late, "F1", 500_000, late=45)
        an_order(work, late)
        asked = company.a_customer(work, "C2", "BETA")
        an_order(work, asked)
        a_request(work, asked, lea)
        an_order(work, company.a_customer(work, "C9", "ZETA", rep="R9"))
        told = company.says(work, lea, "/digest")
        day = company.says(work, lea, "/aujourdhui")
        opened = company.taps(work, lea, day.data("🧾 ALPHA"))
    for text in (clean(told.text), clean(day.text)):
        assert "commande de 3 000 € retenue : 5 000 € échus réglés la libèrent" in text
        assert "commande de 3 000 € retenue : déblocage demandé le 25/11 à 04:00" in text
        assert text.count("🧾") == 2
        assert "ZETA" not in text
    assert "ALPHA" in opened.text


def test_the_credit_manager_reads_which_requests_wait_and_what_the_law_dates(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        boss = company.hire(work, "Sophie", Role.CREDIT_MANAGER)
        one = company.a_customer(work, "C1", "ALPHA")
        a_request(work, one, lea)
        company.an_invoice(work, one, "OLD", 700_000, due_on=date(2021, 12, 20))
        near, far = TODAY + timedelta(days=9), TODAY + timedelta(days=40)
        for kind, until in (("claim_declaration", near), ("claim_goods", far)):
            row = {"uid": kind, "customer_id": one, "person_id": boss.id, "kind": kind}
            more = {"due_on": TODAY, "note": until.isoformat(), "created_at": MORNING.at}
            work.execute(insert(tables.task), {**row, **more})
        company.fresh(work)
        found = digests.build(work, boss, MORNING, rules())
        told = company.says(work, boss, "/digest")
        his = company.says(work, lea, "/digest")
    assert digests.worth_sending(found, rules())
    text = clean(told.text)
    assert "1 demande de déblocage attend, depuis 5 h" in text
    for said in (text, clean(his.text)):
        assert "🏛 <b>ALPHA</b> · déclarer la créance avant le ven. 04/12" in said
        assert "7 000 € prescrits au dim. 20/12" in said
        assert "marchandises avant" not in said


def test_on_monday_the_speed_of_the_portfolio_is_told(database_url: str) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1")
        company.an_invoice(work, one, "F0", 60_000, late=20)
        for n in range(8):
            due = MONDAY - timedelta(days=20 * n)
            company.an_invoice(work, one, f"F{n + 1}", 100_000, due_on=due, open_minor=0)
        told = company.says(work, lea, "/digest", company.at(MONDAY))
    assert "📊 DSO 12 j, dont 12 de retard (ADD)" in clean(told.text)  # 600 x 115 / 5 600


def posted_at(work: Work, now: Moment) -> list[int]:
    found = digests.due(work, now, rules())
    return digests.queue(work, company.signed(now), found)


def local(day: date, hour: int, minute: int) -> Moment:
    at = datetime.combine(day, time(hour, minute), tzinfo=PARIS)
    return Moment(at.astimezone(UTC), PARIS)


@pytest.mark.parametrize("day", [date(2026, 3, 30), date(2026, 10, 26), TODAY])
def test_each_gets_one_digest_a_day_at_his_own_local_hour(sqlite_url: str, day: date) -> None:
    with inline(sqlite_url) as work:
        early = company.hire(work, "Léa", Role.REP, "R1")
        late = company.hire(work, "Marc", Role.REP, "R2", digest_at="09:30")
        assert posted_at(work, local(day, 7, 44)) == []
        assert posted_at(work, local(day, 7, 45)) == [early.id]
        assert posted_at(work, local(day, 7, 46)) == []
        assert posted_at(work, local(day, 9, 30)) == [late.id]
        assert posted_at(work, local(day, 18, 59)) == []
        assert posted_at(work, local(day + timedelta(days=1), 7, 45)) == [early.id]


def test_a_late_start_catches_up_the_same_day_but_never_at_night(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        assert posted_at(work, local(TODAY, 19, 0)) == []
        assert posted_at(work, local(TODAY, 23, 30)) == []
        assert posted_at(work, local(TODAY + timedelta(days=1), 15, 12)) == [lea.id]


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 11, 29), date(2026, 12, 25)])
def test_there_is_no_digest_on_a_day_that_is_not_worked(sqlite_url: str, day: date) -> None:
    with inline(sqlite_url) as work:
        company.hire(work, "Léa", Role.REP, "R1")
        assert posted_at(work, local(day, 9, 0)) == []


def test_a_digest_whose_day_is_over_is_dropped(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        a_busy_book(work, lea)
        posted_at(work, MORNING)
        row = company.waiting(work, "digest")[0]
        on_time = company.rendered(work, row, local(TODAY, 18, 0))
        night = company.rendered(work, row, local(TODAY, 19, 30))
        tomorrow = company.rendered(work, row, local(TODAY + timedelta(days=1), 8, 0))
    assert on_time.bodies
    assert not night.bodies
    assert not tomorrow.bodies


@pytest.mark.parametrize("customers", [3, 30])
def test_a_digest_takes_as_many_statements_for_thirty_accounts_as_for_three(
    sqlite_url: str, customers: int
) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        for n in range(customers):
            one = company.a_customer(work, f"C{n}")
            company.an_invoice(work, one, f"F{n}", due_on=YESTERDAY)
            company.promised(work, one, lea, 100, TODAY)
            alarmed(work, one)
        with company.counted(work) as statements:
            digests.build(work, lea, MORNING, rules())
    assert len(statements) == 19


def test_what_nobody_gave_his_word_for_is_not_counted_as_promised(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        chief = company.hire(work, "Ada", Role.CREDIT_MANAGER)
        one = company.a_customer(work, "C1")
        company.promised(work, one, lea, 30_000, TODAY)
        vague = company.promised(work, one, lea, 90_000, TODAY)
        promise = tables.promise
        work.execute(promise.update().where(promise.c.id == vague).values(engaged=False))
        found = digests.build(work, chief, MORNING, rules()).company
    assert found is not None
    assert [money.amount for money in found.promised] == [300]


def test_the_author_is_reminded_once_the_worked_day_before(database_url: str) -> None:
    friday = date(2026, 11, 27)
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1", "DUPONT")
        company.promised(work, one, lea, 150_000, friday + timedelta(days=3))
        company.promised(work, one, lea, 1_000, friday + timedelta(days=4))
        for hour in (7, 9, 11):
            now = company.at(friday, hour)
            found = reminders.due(work, now, rules())
            reminders.queue(work, company.signed(now), found)
        rows = company.waiting(work, "promise_due")
        told = company.rendered(work, rows[0], company.at(friday, 11))
        moved = company.customer_moved(work, one, "R2")
        gone = company.rendered(work, rows[0], company.at(friday, 11))
    assert len(rows) == 1
    assert moved
    assert "Promis pour lundi 30 novembre : <b>1 500,00 €</b>" in clean(told.text)
    assert not gone.bodies
