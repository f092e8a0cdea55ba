"""An account is opened: a rep fills its file in, the credit manager decides, orders follow."""

from __future__ import annotations

from tests.journeys import exports, story
from tests.journeys.harness import Company
from tests.journeys.story import both, drop, labelled, photo, play, say, tap

SIREN = "732829320"
NAME = "Menuiserie Dupont SARL"
LEDGER = exports.table(
    ("Code client", "Raison sociale", "Représentant", "SIREN"),
    [("N001", "Menuiserie Dupont", "R1", SIREN)],
)

AT_THE_CUSTOMERS = [
    say("/ouverture", "Aucun dossier"),
    tap("Nouveau dossier", "SIREN ?"),
    say("732 829 321", "sa clé est fausse"),
    say("732 829 320", "Raison sociale ?"),
    say(NAME, "IBAN ?"),
    tap("C’est tout", "Tout est gardé"),
]
BACK_IN_THE_CAR = [
    story.Step("restart", story.renew, "Ce que je peux faire"),
    say("/ouverture", "Touchez un dossier"),
    tap(NAME, both("en cours de saisie", "D’abord : IBAN")),
    tap("L’essentiel", "IBAN ?"),
    say("FR76 3000 6000 0112 3456 7890 180", "IBAN est faux"),
    say("FR76 3000 6000 0112 3456 7890 189", "Titulaire du compte ?"),
    tap(NAME, "Encours demandé", on="Titulaire"),
    say("12 000", "Délai demandé ?"),
    tap("30 jours net", "Points qui manquent encore"),
    tap("Le dossier", labelled("Envoyer"), on="Tout est gardé"),
    tap("Banque", both("FR76 3000 6000", "Photo du RIB")),
    tap("✏️ Photo du RIB", "Envoyez la photo ici"),
    photo(labelled("Terminé")),
    tap("Terminé", "Tout est gardé"),
    tap("Le dossier", labelled("Banque ✓"), on="Tout est gardé"),
    tap("Envoyer", "attend une décision"),
]
AT_THE_DESK = [
    story.Step(
        "told", lambda _c, _p: None, both(NAME, "Demandé : 12 000 €", "Par Rémi"), who="Claire"
    ),
    tap("Banque", both("FR76 3000 6000", "🔒 exigé"), who="Claire"),
    tap("🖼 Photo du RIB", lambda shown: "Photo du RIB" in shown.text, who="Claire"),
    tap("Le dossier", labelled("Accepter"), who="Claire"),
    tap("Accepter", "Classe de risque", who="Claire"),
    tap("B · stable", "Plafond d’encours", who="Claire"),
    say("8000", "combien de temps", who="Claire"),
    tap("6 mois", "Délai de paiement", who="Claire"),
    tap("30 jours net", "Garanties", who="Claire", on="Délai de paiement"),
    tap("Réserve de propriété", labelled("✓ Réserve"), who="Claire"),
    tap("Terminé", "Première commande", who="Claire"),
    tap("Acompte 30", both("B · stable", "8 000,00 €"), who="Claire"),
    tap("Ouvrir le compte", "Décision enregistrée", who="Claire"),
    story.Step(
        "the rep is told",
        lambda _c, _p: None,
        both("compte ouvert", "Classe B", "plafond 8 000 €", "Pas encore de délai de paiement"),
    ),
]
IN_THE_LEDGER = [
    drop("clients.csv", LEDGER, "clients.csv", who="Claire"),
    say("menuiserie", both("N001", "🗂 Dossier : il manque")),
    say("/commande menuiserie 1000", both("B07", "acompte de 500,00 €", "plafond 8 000,00 €")),
]


def test_a_rep_fills_a_file_in_and_the_order_control_follows_the_decision(
    company: Company,
) -> None:
    payloads = {
        "Rémi": company.invitation("rep", "R1", name="Rémi"),
        "Claire": company.invitation("credit-manager", name="Claire"),
    }
    for name in payloads:
        company.meet(name)
    company.start()
    play(company, story.arrivals(payloads))
    play(company, AT_THE_CUSTOMERS)
    play(company, BACK_IN_THE_CAR)
    play(company, AT_THE_DESK)
    play(company, IN_THE_LEDGER)
    [row] = company.rows("select name, siren, state, risk_class, limit_minor from opening_file")
    assert row == {
        "name": NAME,
        "siren": SIREN,
        "state": "accepted",
        "risk_class": "B",
        "limit_minor": 800_000,
    }
    assert company.rows("select point from opening_answer where point = 'rib'")
    company.stop()
