"""The gate: all-clear or reasons, and who may pass in spite of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.handlers import notices
from bot.handlers.news import News
from bot.screens.account import PrepareCall
from bot.screens.alert import Dismiss, Snooze
from bot.screens.dispute import StartDispute
from bot.screens.gate import QuickOutcome, StartCall
from bot.screens.promise import StartPromise
from bot.screens.render import speaker
from bot.use_cases import alerts
from storage import facts, people, tables
from storage.events import Origin
from tests.bot.talks.stage import (
    CLAIRE,
    JULIE,
    MARC,
    NOW,
    PARIS,
    Chat,
    account,
    chat,
    invoice,
    rules,
)


def late(told: Chat, cents: int = 150_000) -> int:
    customer = account(told.work)
    invoice(told.work, customer, "F-1042", cents, 34)
    return customer


def test_the_all_clear_tells_the_age_of_the_figures(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        said = told.tap(PrepareCall(late(told)))
        assert "Feu vert" in said
        assert "2 heures" in said
        assert "📞 Commencer" in told.labels()


def test_a_running_promise_stops_the_rep_and_warns_the_credit_manager(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        promise_all(told, customer)
        told.wait(days=8)  # the week's calls are over, the promise is not: it was for 1 December
        said = told.tap(PrepareCall(customer))
        assert "Promesse de 1 500,00 € en cours" in said
        assert "Commencer" not in "".join(told.labels())
        assert "quand même" not in "".join(told.labels())
        told.tap(PrepareCall(customer), who=CLAIRE)
        assert "Appeler quand même" in told.labels(CLAIRE)
        assert "Préparer" in told.press("quand même", who=CLAIRE)
        assert "gate.passed" in told.kinds()


def promise_all(told: Chat, customer: int) -> None:
    told.tap(StartPromise(customer))
    told.press("Tout")
    told.press("01/12")
    told.press("Virement")
    told.press("Mme Roche")
    told.press("Valider")


def test_a_forged_start_does_not_pass_a_stop(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        promise_all(told, customer)
        said = told.tap(StartCall(customer, 1))
        assert "Préparer" not in said
        assert "Promesse" in said


def test_old_figures_warn_and_may_be_passed_knowingly(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        facts.put(told.work, "data_as_of", (NOW - timedelta(days=3)).isoformat())
        said = told.tap(PrepareCall(customer))
        assert "Les chiffres ont 3 jours" in said
        assert "Préparer" not in told.tap(StartCall(customer, 0))
        assert "Préparer" in told.press("quand même")


def test_a_colleagues_call_is_named(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        told.tap(QuickOutcome(customer), who=CLAIRE)
        told.press("Injoignable", who=CLAIRE)
        said = told.tap(PrepareCall(customer))
        assert "Claire Roy a tenté d’appeler" in said


def test_outside_calling_hours_the_gate_tells_when(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        told.wait(hours=9)
        assert "prochaine plage le 24/11 à 09:00" in told.tap(PrepareCall(customer))


def test_nothing_overdue_is_said(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 1000, -5)
        assert "Rien n’est échu" in told.tap(PrepareCall(customer))


def test_a_call_the_customer_asked_for_is_not_too_many(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        for _ in range(2):
            told.tap(QuickOutcome(customer))
            told.press("À rappeler")
            told.press("24/11" if told.now.today.day == 23 else "25/11")
            told.wait(days=1)
        said = told.tap(PrepareCall(customer))
        assert "Feu vert" in said or "Les chiffres ont" in said
        assert "sept jours" not in said


def test_a_quick_outcome_is_one_record_and_closes_the_planned_call(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        told.tap(QuickOutcome(customer))
        told.press("Messagerie")
        told.wait(days=1)
        told.tap(QuickOutcome(customer))
        told.press("Dit avoir payé")
        told.type("CHQ 12345")
        contacts = told.all(tables.contact_record)
        assert [(one.outcome, one.answered) for one in contacts] == [
            ("voicemail", False),
            ("payment_announced", True),
        ]
        assert contacts[1].note == "CHQ 12345"
        open_tasks = [task for task in told.all(tables.task) if task.done_at is None]
        assert [task.kind for task in open_tasks] == ["check_bank"]
        told.wait(seconds=3)
        told.press("Annuler")
        open_tasks = [task for task in told.all(tables.task) if task.done_at is None]
        assert [task.kind for task in open_tasks] == ["call_again"]


def test_the_gate_of_another_portfolio_stays_shut(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        for tap in (PrepareCall(customer), StartCall(customer, 1), QuickOutcome(customer)):
            said = told.tap(tap, who=MARC)
            assert "Dupont" not in said
        assert told.all(tables.conversation) == []


def lit(told: Chat) -> int:
    customer = late(told)
    alerts.scan(told.work, Origin(None, None, told.now, "test"), [customer], rules())
    return customer


def test_an_alert_is_snoozed_until_a_typed_day(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = lit(told)
        assert "à quel jour" in told.tap(Snooze(customer))
        assert all(body["method"] != "editMessageText" for body in told.bodies)
        told.type("jeudi")
        [alert] = told.work.all(tables.alert.select())
        assert alert.state == "snoozed"
        assert alert.snoozed_until.date().isoformat() == "2026-11-26"


def test_an_alert_is_dismissed_with_its_reason(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = lit(told)
        said = told.tap(Dismiss(customer))
        assert "34 jours" in said
        told.press("Erreur dans les données")
        told.type("La facture F-1042 est un doublon")
        [alert] = told.work.all(tables.alert.select())
        assert (alert.state, alert.dismissal) == ("dismissed", "data_error")
        assert len(told.all(tables.rule_feedback)) == len(alert.signals)


def test_snoozing_an_alert_that_has_cleared_harms_nobody(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = lit(told)
        told.tap(Snooze(customer))
        told.work.execute(tables.alert.update().values(level=0, state="cleared"))
        told.press("24/11")
        [alert] = told.work.all(tables.alert.select())
        assert alert.state == "cleared"
        assert told.all(tables.conversation)[0].state == "done"
        assert JULIE in told.shown


def test_a_recorded_call_answers_the_alert(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = lit(told)
        told.tap(QuickOutcome(customer))
        told.press("Messagerie")
        [alert] = told.work.all(tables.alert.select())
        assert (alert.state, alert.answer_by) == ("acknowledged", None)


def test_what_is_handed_over_is_worded_for_who_decides(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        told.tap(QuickOutcome(customer))
        told.press("Autre")
        told.press("Refus de payer")
        told.type("« Jamais <de la vie> »")
        [row] = [row for row in told.all(tables.outbox) if row.kind == "notice"]
        claire = people.by_telegram(told.work, CLAIRE)
        assert claire is not None
        voice = speaker("fr", PARIS)
        news = News(told.work, voice, rules(), claire, CLAIRE, row.body, told.now)
        body = notices.rendered(news)
        assert body is not None
        text = body["params"]["text"]
        assert "Le client refuse de payer." in text
        assert "Jamais &lt;de la vie&gt;" in text
        assert "Julie Martin" in text
        told.work.execute(tables.person.update().values(active=False))
        gone = people.by_telegram(told.work, CLAIRE)
        assert gone is not None
        assert notices.rendered(replace(news, person=gone)) is None


def contested(told: Chat, customer: int, *amount: str) -> None:
    told.tap(StartDispute(customer))
    told.type("casse")
    told.press("F-1042")
    told.press("Une partie" if amount else "Toute")
    for typed in (*amount, "Trois palettes cassées"):
        told.type(typed)
    told.press("Passer")
    told.press("Ouvrir le litige")


def test_a_part_that_is_disputed_is_named_before_the_call(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        assert "En litige" not in told.tap(PrepareCall(customer))
        contested(told, customer, "300 €")
        said = told.tap(PrepareCall(customer))
        assert "✋ En litige : 300,00 €. Réclamez le reste" in said


def test_what_is_all_disputed_is_said_once_only(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late(told)
        contested(told, customer)
        said = told.tap(PrepareCall(customer))
        assert "1 500,00 €" in said
        assert "En litige : 1 500" not in said
