"""A week of a small company, step by step: what somebody does, and what he then sees."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.simulator.client import Person, Shown
from bot.use_cases import undoing
from tests.journeys import exports
from tests.journeys.harness import PARIS, PATIENCE, Company
from tests.simulator.stage import a_png

WEDNESDAY = datetime(2026, 3, 11, 9, 0, tzinfo=PARIS)
NEXT_TUESDAY = datetime(2026, 3, 17, 9, 0, tzinfo=PARIS)
AFTER_EASTER = datetime(2026, 4, 9, 9, 0, tzinfo=PARIS)  # the cheque's days of grace are over

Sees = str | Callable[[Shown], object]
Do = Callable[[Company, Person], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One gesture of one person (Rémi when nobody is named) and what he sees after it."""

    name: str
    do: Do
    sees: Sees
    who: str = "Rémi"

    def gesture(self, company: Company) -> None:
        """Make the gesture."""
        self.do(company, company.people[self.who])

    def seen(self, company: Company) -> Shown:
        """Wait until the person sees what must come."""
        try:
            return company.people[self.who].wait_for(saying(self.sees), PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"step {self.name!r}: {error}") from None


def plain(text: str) -> str:
    """Write every kind of blank as the one that is typed."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def saying(sees: Sees) -> Callable[[Shown], object]:
    """Tell whether a message is what must be seen."""
    if callable(sees):
        return sees
    return lambda shown: sees in plain(shown.text)


def find(person: Person, label: str, on: str = "") -> Shown:
    """Return the last message of the bot with a button that says this; `on` is in its text."""
    for shown in reversed(person.messages()):
        if shown.is_from_bot and on in plain(shown.text) and says(shown, label):
            return shown
    raise AssertionError(f"no button {label!r}; the last message is {person.last().text!r}")


def says(shown: Shown, label: str) -> bool:
    """Tell whether a button of a message says this."""
    return any(label.casefold() in one.casefold() for one in shown.labels)


def tap(label: str, sees: Sees, who: str = "Rémi", on: str = "") -> Step:
    """Press the button that says this; `on` tells which of the messages that have one."""
    return Step(f"tap {label}", lambda _c, p: p.press(find(p, label, on), label), sees, who)


def think(label: str, sees: Sees, who: str = "Rémi") -> Step:
    """Press a button of what has just come as one who has read it: no second press in haste."""

    def gesture(_company: Company, person: Person) -> None:
        time.sleep(undoing.DOUBLED.total_seconds())
        person.press(find(person, label, ""), label)

    return Step(f"think and tap {label}", gesture, sees, who)


def say(text: str, sees: Sees, who: str = "Rémi") -> Step:
    """Write a text."""
    return Step(f"say {text}", lambda _c, p: p.send(text), sees, who)


def drop(name: str, content: bytes, sees: Sees, who: str = "Rémi") -> Step:
    """Let a file arrive in the folder."""
    return Step(f"drop {name}", lambda c, _p: c.drop(name, content), sees, who)


def at(moment: datetime, sees: Sees, who: str) -> Step:
    """Let time pass: the bot is stopped and started at another moment."""
    return Step(f"at {moment:%d/%m %H:%M}", lambda c, _p: c.later(moment), sees, who)


def photo(sees: Sees) -> Step:
    """Send a picture."""
    return Step("photo", lambda _c, p: p.upload("photo", a_png(), "pneu.png"), sees)


def send_file(name: str, content: bytes, sees: Sees, who: str = "Claire") -> Step:
    """Send a file to the bot."""
    return Step(f"send {name}", lambda _c, p: p.upload("document", content, name), sees, who)


def labelled(label: str) -> Callable[[Shown], object]:
    """Wait for a message that has such a button."""
    return lambda shown: any(label in one for one in shown.labels)


def both(*texts: str) -> Callable[[Shown], object]:
    """Wait for a message that says all of this."""
    return lambda shown: all(text in plain(shown.text) for text in texts)


def play(company: Company, steps: list[Step]) -> None:
    """Tell steps one after the other, each until it is seen."""
    for step in steps:
        step.gesture(company)
        step.seen(company)


def arrivals(payloads: dict[str, str]) -> list[Step]:
    """Let everybody open the link he was given."""
    return [say(f"/start {payload}", name, who=name) for name, payload in payloads.items()]


FILES = [
    drop("clients.csv", exports.customers(), "clients.csv", who="Claire"),
    drop(
        "encours.csv",
        exports.receivables(exports.OPEN_ON_TUESDAY),
        both("Garage Morel", "F-101", "Plafond dépassé"),
    ),
]

CALL = [
    tap("📞 Appeler", "Feu vert", on="Garage Morel"),
    tap("Commencer", "1/13"),
    tap("appelle", "2/13"),
    tap("Jeanne Petit", "3/13"),
    tap("Oui", "4/13"),
    tap("est dit", "5/13"),
    tap("répondu", "6/13"),
    tap("argent", "L’argent manque"),
    tap("trésorerie", "M05"),
    tap("Plutôt de bonne foi", "Que propose-t-il"),
    say("2 000 tout de suite, le reste fin mars", "Je transmets votre demande"),
    tap("Il verse maintenant", "Quel montant"),
    say("2000", "ne solde pas tout"),
    tap("Choisir les factures", "Cochez"),
    tap("F-101", labelled("✓ F-101")),
    tap("Terminé", "À quelle date"),
    say("vendredi", "Par quel moyen"),
    tap("Virement instantané", "À relire"),
    tap("Ajouter une échéance", "Et le solde"),
    tap("Le solde", "À quelle date part"),
    say("fin de mois", both("À relire", "Total : 6 000,00 €")),
    tap("Valider", "9/13"),
    tap("accord", "10/13"),
    tap("Confirmé", "11/13"),
    tap("Appel terminé", "12/13"),
    tap("Par e-mail", "Je vous confirme l’engagement pris par Jeanne Petit"),
    think("Annuler", "Annulé"),
]

PROMISE = [
    say("morel", both("C001", "Échu")),
    tap("Promesse", "Quel montant"),
    say("2000", "ne solde pas tout"),
    tap("Les plus anciennes", "À quelle date"),
    say("vendredi", "Par quel moyen"),
    tap("Chèque", "Numéro du chèque"),
    say("0012345", "Qui prend cet engagement"),
    tap("Jeanne Petit", "À relire"),
    tap("Ajouter une échéance", "Et le solde"),
    tap("Le solde", "À quelle date part"),
    say("fin de mois", both("À relire", "Total : 6 000,00 €")),
    tap("Valider", "Je vous confirme l’engagement pris par Jeanne Petit"),
]

DISPUTE = [
    say("F-102", both("C001", "Promis")),
    tap("Litige", "contestez"),
    tap("La marchandise", "le reproche"),
    tap("Qualité", "Sur quelle facture"),
    tap("F-102", "Facture F-102"),
    tap("Une partie", "contesté"),
    say("300", "Que dit le client"),
    say("=Deux pneus fendus", "Une photo"),
    photo(labelled("Terminé")),
    tap("Terminé", "Photos : 1"),
    tap("Ouvrir le litige", "Litige ouvert"),
]


# The baker's alert is put off; a file sent in the chat brings the florist's, which is nonsense.
SNOOZE = [
    tap("Plus tard", "reporter l’alerte", on="Boulangerie Martin"),
    say("demain", both("Alerte reportée", "11")),
]

UPLOAD = [
    send_file("encours-bis.csv", exports.receivables(exports.OPEN_TWICE), labelled("Importer")),
    tap("Importer", both("✅ encours-bis.csv", "1 nouvelle"), who="Claire"),
]

NOT_RELEVANT = [
    Step("told of the florist", lambda _c, _p: None, both("Fleurs Lambert", "reçu car")),
    tap("Pas pertinent", "Pourquoi cette alerte", on="Fleurs Lambert"),
    tap("Déjà payé", "Une précision"),
    say("virement du 9 mars", "Alerte écartée"),
]

LANGUAGE = [
    say("/langue", labelled("English")),
    tap("English", "Which language do you read?"),
    say("fleurs", both("C003", "Overdue")),
    say("/language", labelled("Français")),
    tap("Français", "Quelle langue"),
]


# What was put off is back, below the day's digest.
MORNING = Step("next morning", lambda c, _p: c.later(WEDNESDAY), "mercredi 11 mars")


def renew(company: Company, person: Person) -> None:
    """Stop and start the bot: nobody in the middle of something may notice."""
    company.later(company.now)
    person.send("/aide")


NOON = [Step("restart", renew, "Ce que je peux faire")]

# The cheque of the first instalment has come in; what is left of it waits for the end of March.
A_WEEK_LATER = [
    Step("next week", lambda c, _p: c.later(NEXT_TUESDAY), "Votre journée"),
    drop(
        "reglements.csv",
        exports.payments([("C001", "13/03/2026", "2 000,00", "CHQ", "F-101")]),
        "reglements.csv",
        who="Claire",
    ),
    drop(
        "encours-2.csv",
        exports.receivables(exports.OPEN_A_WEEK_LATER),
        "encours-2.csv",
        who="Claire",
    ),
]

# The second instalment never came: he is told once, and his managers by their digests.
IN_APRIL = [
    Step("in april", lambda c, _p: c.later(AFTER_EASTER), "jeudi 9 avril"),
    drop(
        "encours-3.csv",
        exports.receivables(exports.OPEN_IN_APRIL),
        both("Garage Morel", "partiellement tenue"),
    ),
]

BROADCAST = [
    say("/diffuser", "Écrivez le message", who="Claire"),
    say("Réunion crédit jeudi à 9 h.", "À qui", who="Claire"),
    tap("Tous les commerciaux", "destinataires : 2", who="Claire"),
    tap("Envoyer", "C’est parti", who="Claire"),
    Step("read it", lambda _c, _p: None, "Réunion crédit jeudi à 9 h."),
    tap("Vu", "Réunion crédit"),
]
