"""A credit manager's week: a limit decided, a guarantee taken, a formal notice that blocks."""

from __future__ import annotations

from tests.journeys import story
from tests.journeys.harness import Company
from tests.journeys.story import NEXT_TUESDAY, WEDNESDAY, at, both, plain, play, say, tap

ON = "Garage Morel"


def by_claire(label: str, sees: story.Sees, on: str = "") -> story.Step:
    return tap(label, sees, who="Claire", on=on)


DECIDE = [
    say("/revues", "Aucune revue", who="Claire"),
    by_claire("Jamais revus", "nous doivent"),
    by_claire(ON, both("Classe selon la grille", "Limité par")),
    by_claire("Accepter", both("revue le", "Plafond")),
]
GUARANTEE = [
    say(f"/garantie {ON}", "Quelle garantie", who="Claire"),
    by_claire("Caution bancaire", "engage"),
    say("Banque de l'Ouest", "Pour quel montant", who="Claire"),
    say("50000", "Valable jusqu", who="Claire"),
    say("31/03/2026", "Référence", who="Claire"),
    by_claire("Passer", "photo"),
    by_claire("Passer", "À relire"),
    by_claire("Enregistrer la garantie", "Garantie enregistrée"),
    say(f"/commande {ON} 500", "garanties déduites"),
]
NOTICE = [
    say("C001", ON, who="Claire"),
    by_claire("🛡 Crédit", "1 garantie"),
    by_claire("Courriers", "Aucune mise en demeure"),
    by_claire("Mise en demeure", both("MISE EN DEMEURE", "F-101", "1344-1")),
    by_claire("Garder", "pas encore envoyé"),
    by_claire("Je l’ai envoyé", "Comment l"),
    by_claire("Recommandé", "Quel jour"),
    by_claire("mer. 11/03", "Numéro de recommandé"),
    by_claire("Passer", "Envoi enregistré"),
    say(f"/commande {ON} 500", both("B08", "n’a pas été notifié par écrit")),
]


def test_what_is_decided_secured_and_demanded_is_felt_by_the_next_order(company: Company) -> None:
    company.set_clock(WEDNESDAY)
    payloads = {
        "Rémi": company.invitation("rep", "R1", "R2", name="Rémi"),
        "Claire": company.invitation("credit-manager", name="Claire"),
    }
    for name in payloads:
        company.meet(name)
    company.start()
    play(company, story.arrivals(payloads))
    play(company, story.FILES)
    play(company, DECIDE)
    [decided] = company.rows("select risk_class, cause, ended_at from credit_decision")
    assert (decided["cause"], decided["ended_at"]) == ("review", None)
    play(company, GUARANTEE)
    play(company, NOTICE)
    pages = [one for one in company.people["Claire"].messages() if one.file]
    assert "MISE EN DEMEURE" in company.people["Claire"].download(pages[-1]).decode()
    play(company, [at(NEXT_TUESDAY, "Une garantie se termine dans 14 jours", who="Claire")])
    said = [plain(one.text) for one in company.people["Claire"].messages()]
    assert sum("Une garantie se termine" in one for one in said) == 1
    company.stop()
