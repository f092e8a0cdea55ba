"""Acceptance 3: a company's week, from the first invitation to the broadcast's report."""

from __future__ import annotations

import re
from typing import Any

from tests.journeys import story
from tests.journeys.harness import PATIENCE, Company
from tests.journeys.story import both, plain, play, saying

PROMISES = [
    ("1", "13/03/2026", "2000,00", "0,00", "retirée", "virement instantané", "F-101"),
    ("2", "31/03/2026", "4000,00", "0,00", "retirée", "virement instantané", "F-101"),
    ("1", "13/03/2026", "2000,00", "0,00", "en cours", "chèque", "F-101, F-102"),
    ("2", "31/03/2026", "4000,00", "0,00", "en cours", "chèque", "F-101, F-102"),
]
CONTACTS = [
    ("promesse", "M05", "2 000 tout de suite, le reste fin mars", "oui"),
    ("promesse", "", "", "non"),
    ("litige", "", "", "non"),
]
JOURNAL = [
    "promise.made",
    "contact.recorded",
    "contact.withdrawn",
    "promise.withdrawn",
    "promise.made",
    "contact.recorded",
    "dispute.opened",
    "contact.recorded",
]


def opened(company: Company) -> None:
    payloads = {
        "Rémi": company.invitation("rep", "R1", name="Rémi"),
        "Emily": company.invitation("rep", "R2", name="Emily"),
        "Magali": company.invitation("sales-manager", "R1", "R2", name="Magali"),
        "Claire": company.invitation("credit-manager", name="Claire"),
    }
    for name in payloads:
        company.meet(name, "en" if name == "Emily" else "fr")
    company.start()
    play(company, story.arrivals(payloads))


def told_to(company: Company, name: str, text: str) -> list[str]:
    shown = company.people[name].messages()
    return [plain(one.text) for one in shown if one.is_from_bot and text in plain(one.text)]


def deeds(company: Company) -> list[dict[str, Any]]:
    return [one for one in company.journal() if not one["kind"].startswith("alert.")]


def the_way_back_is_written(company: Company) -> None:
    company.until(lambda: len(deeds(company)) >= len(JOURNAL), "the journal")
    rows = company.until(
        lambda: len(company.table("contacts.csv")) == 3 and company.table("promises.csv"),
        "the tables in out/",
    )
    keys = (
        *("Échéance n°", "Date promise", "Montant promis", "Montant réglé"),
        *("État de la promesse", "Moyen de paiement", "Factures"),
    )
    assert [tuple(row[key] for key in keys) for row in rows or []] == PROMISES
    [dispute] = company.table("disputes.csv")
    assert dispute["Facture"] == "F-102"
    assert (dispute["Motif"], dispute["Montant contesté"]) == ("L03", "300,00")
    assert (dispute["État"], dispute["Photos"]) == ("ouvert", "1")
    assert dispute["Commentaire"] == "'=Deux pneus fendus"  # no spreadsheet may reckon it
    contacts = company.table("contacts.csv")
    said = ("Issue", "Motif", "Note", "Annulé")
    assert [tuple(row[key] for key in said) for row in contacts] == CONTACTS
    events = deeds(company)
    assert [one["kind"] for one in events] == JOURNAL
    assert {(one["author"], one["customer"]) for one in events} == {("Rémi", "C001")}
    assert len({one["id"] for one in events}) == len(events)
    assert all(re.fullmatch(r"2026-03-10T09:\d\d.*\+00:00", one["at"]) for one in events)


def the_promise_is_judged_once(company: Company) -> None:
    play(company, story.IN_APRIL)
    states = [row["État de la promesse"] for row in company.table("promises.csv")]
    company.until(
        lambda: (
            "partiellement tenue"
            in [row["État de la promesse"] for row in company.table("promises.csv")]
        ),
        f"the verdict in out/, not {states}",
    )
    company.later(company.now)  # nothing is told again by a new process
    company.cli("sync")
    assert len(told_to(company, "Rémi", "partiellement tenue")) == 1
    judged = [one for one in company.journal() if one["kind"] == "promise.judged"]
    assert len(judged) == 1


def the_broadcast_reports(company: Company) -> None:
    company.people["Emily"].block()
    play(company, story.BROADCAST)
    claire = company.people["Claire"]
    shown = claire.wait_for(
        lambda one: re.search(r"Vu +▓+░* 1 / 2", one.text), PATIENCE, anywhere=True
    )
    assert saying(both("Compte rendu", "Non remis à : Emily"))(shown)
    assert re.search(r"Bloqué +▓+░* 1 / 2", shown.text)


def test_a_week(company: Company) -> None:
    opened(company)
    play(company, story.FILES)
    play(company, story.CALL)
    play(company, story.NOON)
    play(company, story.PROMISE)
    play(company, story.NOON)
    play(company, story.DISPUTE)
    the_way_back_is_written(company)
    play(company, story.A_WEEK_LATER)
    company.until(
        lambda: [row["Montant réglé"] for row in company.table("promises.csv")][2] == "2000,00",
        "the payment in out/promises.csv",
    )
    # nobody answered Emily's alert for a working day: her manager has heard of it
    assert told_to(company, "Magali", "Boulangerie Martin")
    company.people["Emily"].wait_for("Boulangerie Martin", 5, anywhere=True)
    for name in ("Rémi", "Emily", "Magali", "Claire"):
        company.people[name].wait_for(lambda one: "📬" in one.text, PATIENCE, anywhere=True)
    the_promise_is_judged_once(company)
    the_broadcast_reports(company)
    # a reader may block the bot, and a card may be refreshed that has not changed
    expected = ("Forbidden: bot was blocked by the user", "Bad Request: message is not modified")
    refused = [str(call["error"]) for call in company.refused_calls()]
    assert not [one for one in refused if not one.startswith(expected)]
    company.stop()
