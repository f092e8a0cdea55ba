"""Sales representatives who tap without end: promises signed, questions asked three at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from bot.simulator.client import Person, Refused, Shown
from tests.chaos.place import amount_of, name_of
from tests.journeys.story import plain

PATIENCE = 2.5  # seconds without an answer before somebody taps again
MOST_GESTURES = 200  # for one promise: more, and something has stuck
BURST = 3
COPIES = 4
NOTHING = Shown({"message_id": 0, "text": "", "buttons": [], "out": False})
SIGN = "À relire"
NEWS = ("À réclamer", "📬", "Réunion")


@dataclass(frozen=True, slots=True)
class Gesture:
    """A text to write, or the label of a button to press on the screen that was looked at."""

    text: str = ""
    label: str = ""

    def make(self, person: Person, shown: Shown) -> None:
        """Write below, or press."""
        if self.text:
            person.send(self.text)
        elif self.label in shown.labels:
            person.press(shown, self.label)

    def answered(self, before: int, shown: Shown) -> bool:
        """Tell whether a screen answers: below for a text, in its own place for a press.

        The screen above loses its buttons meanwhile, which is no answer.
        """
        return shown.id > before if self.text else shown.id >= before


AMOUNT = Gesture("amount")
BEGIN = Gesture(label="📅 Promesse")
# What each question is answered with; the first whose words are in the last message decides.
ANSWERS: tuple[tuple[str, Gesture], ...] = (
    (SIGN, Gesture(label="Valider la promesse")),
    ("Qui prend cet engagement", Gesture("Jeanne Petit")),
    ("Par quel moyen", Gesture(label="Virement instantané")),
    ("À quelle date les fonds", Gesture("vendredi")),
    ("Quel montant", AMOUNT),
)


@dataclass
class Load:
    """How much people have done, for who waits until they have done more."""

    gestures: int = 0
    ended: int = 0
    moved: threading.Condition = field(default_factory=threading.Condition)

    def more(self, *, ended: bool = False) -> None:
        """Count one gesture, or one person who has gone home."""
        with self.moved:
            self.gestures += not ended
            self.ended += ended
            self.moved.notify_all()

    def until(self, gestures: int, people: int) -> bool:
        """Wait for so many gestures; tell whether anybody is still tapping."""
        with self.moved:
            self.moved.wait_for(lambda: self.gestures >= gestures or self.ended >= people)
            return self.ended < people


@dataclass
class Rep:
    """One representative: what he signed, what he asked, and where he failed."""

    number: int
    person: Person
    customers: int
    load: Load
    signed: list[int] = field(default_factory=list)  # customers, one promise each
    asked: list[str] = field(default_factory=list)
    again: int = 0  # gestures made twice because nothing came back
    trouble: str = ""
    questions: Iterator[int] = field(default_factory=lambda: count(1))

    def work(self) -> None:
        """Promise for every customer, with three questions at once before each."""
        try:
            for customer in range(1, self.customers + 1):
                self.ask_at_once()
                self.promise(customer)
        except Exception as error:  # noqa: BLE001 - told by the thread that waits
            self.trouble = f"rep {self.number}: {error}"
        finally:
            self.load.more(ended=True)

    def ask_at_once(self) -> None:
        """Write three texts without waiting, then wait for the answer to the last."""
        for _ in range(BURST):
            words = f"introuvable {self.number:03}{next(self.questions):05}"
            self.asked.append(words)
            self.person.send(words)
            self.load.more()
        self._shown(lambda shown: words in shown.text)

    def promise(self, customer: int) -> None:
        """Answer every question until the promise is signed."""
        name = name_of(self.number, customer)
        euros = f"{amount_of(self.number, customer) / 100:.2f}".replace(".", ",")
        for _ in range(MOST_GESTURES):
            shown = self._last()
            text = plain(shown.text)
            gesture = _answer(text) if name in text else None
            if gesture is None and customer in self.signed:
                return
            if SIGN in text and name in text and customer not in self.signed:
                self.signed.append(customer)
            if gesture is None:
                gesture = BEGIN if BEGIN.label in shown.labels and name in text else Gesture(name)
            self._do(Gesture(euros) if gesture is AMOUNT else gesture, shown)
        seen = [(one.id, plain(one.text)[-90:], one.labels) for one in self.person.messages()[-8:]]
        raise AssertionError(f"{name} is not signed; the last messages are {seen}")

    def _do(self, gesture: Gesture, shown: Shown) -> None:
        with suppress(Refused):  # the screen has changed between the look and the tap
            gesture.make(self.person, shown)
        self.load.more()
        self._shown(lambda answer: gesture.answered(shown.id, answer))

    def _shown(self, wanted: Callable[[Shown], object]) -> None:
        """Wait for an answer; without one, whoever waits looks at his screen and taps again."""
        try:
            self.person.wait_for(wanted, PATIENCE)
        except AssertionError:
            self.again += 1

    def _last(self) -> Shown:
        """Return the last screen; news that come in between are read and left.

        When an answer was lost and said again, buttons may be on the copy above only.
        """
        told = [one for one in self.person.messages() if one.is_from_bot]
        mine = [one for one in told if not any(mark in one.text for mark in NEWS)] or [NOTHING]
        same = [one for one in mine[-COPIES:] if one.text == mine[-1].text and one.labels]
        return same[-1] if same else mine[-1]


def _answer(text: str) -> Gesture | None:
    return next((gesture for words, gesture in ANSWERS if words in text), None)
