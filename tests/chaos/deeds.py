"""The deeds of a representative: what begins each, what its questions are answered with."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.client import Person, Shown
from tests.chaos.place import amount_of, disputed_of
from tests.journeys.story import plain

CARD = "reçu car"
TAKEN = "s’en charge"
GATHERED = "🔔"
NEWS = (CARD, TAKEN, GATHERED, "📬", "Réunion", "la carte est plus bas")


@dataclass(frozen=True, slots=True)
class Gesture:
    """A text to write, or a part of the label of a button on the screen that was looked at."""

    text: str = ""
    label: str = ""

    def fits(self, shown: Shown) -> bool:
        """Tell whether it can be made: a text always, a press where there is the button."""
        return bool(self.text) or sum(self.label in one for one in shown.labels) == 1

    def make(self, person: Person, shown: Shown) -> None:
        """Write below, or press."""
        if self.text:
            person.send(self.text)
        else:
            person.press(shown, next(one for one in shown.labels if self.label in one))

    def answered(self, before: Shown, now: Shown) -> bool:
        """Tell whether a screen answers: below for a text, below or in its place for a press.

        The screen above loses its buttons meanwhile, which is no answer; nor are news.
        """
        if any(mark in now.text for mark in NEWS):
            return False
        return now.id > before.id or (
            not self.text and now.id == before.id and (bool(now.labels) or now.text != before.text)
        )


@dataclass(frozen=True, slots=True)
class Deed:
    """A form: the button that begins it, its answers, and how its end reads."""

    begin: Gesture
    answers: tuple[tuple[str, Gesture], ...]  # the first whose words are on the screen decides
    done: tuple[str, ...]

    def is_done(self, shown: Shown) -> bool:
        """Tell whether a screen about the customer says that it is kept."""
        return any(words in plain(shown.text) for words in self.done)

    def next(self, shown: Shown) -> Gesture | None:
        """Return what goes on from a screen; None when nothing on it does."""
        text = plain(shown.text)
        asked = next((gesture for words, gesture in self.answers if words in text), self.begin)
        return asked if asked.fits(shown) else None


def a_promise(rep: int, customer: int) -> Deed:
    """Promise an amount that nobody else promises."""
    return Deed(
        begin=Gesture(label="📅 Promesse"),
        answers=(
            ("Valider la promesse", Gesture(label="Valider la promesse")),
            ("À relire", Gesture(label="Valider la promesse")),
            ("Qui prend cet engagement", Gesture("Jeanne Petit")),
            ("Par quel moyen", Gesture(label="Virement instantané")),
            ("À quelle date les fonds", Gesture("vendredi")),
            ("Quel montant", Gesture(_euros(amount_of(rep, customer)))),
        ),
        done=("Promesse enregistrée", "Promis :"),
    )


def a_dispute(rep: int, customer: int) -> Deed:
    """Dispute a part that nobody else disputes."""
    return Deed(
        begin=Gesture(label="✋ Litige"),
        answers=(
            ("À relire", Gesture(label="Ouvrir le litige")),
            ("Une photo", Gesture(label="Passer")),
            ("Que dit le client", Gesture("Deux colis manquent")),
            ("Cela représente combien", Gesture(_euros(disputed_of(rep, customer)))),
            ("Quelle partie", Gesture(label="Une partie")),
            ("Sur quelle facture", Gesture(label="F0")),
            ("Sur la marchandise", Gesture(label="Quantité")),
            ("contestez-vous, exactement", Gesture(label="La marchandise")),
            ("contestez, exactement", Gesture(label="La marchandise")),
        ),
        done=("Litige ouvert", "Litige :"),
    )


def _euros(minor: int) -> str:
    return f"{minor / 100:.2f}".replace(".", ",")
