"""Sales representatives who tap without end: deeds signed, questions asked three at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from bot.simulator.client import Person, Refused, Shown
from tests.chaos.deeds import GATHERED, NEWS, TAKEN, Deed, Gesture, a_dispute, a_promise
from tests.chaos.place import NAME, name_of
from tests.journeys.story import plain

PATIENCE = 6.0  # seconds without an answer before somebody taps again
MOST_GESTURES = 80  # for one deed: more, and something has stuck
MOST_PRESSES = 5  # on an alert's card
BURST = 3
NOTHING = Shown({"message_id": 0, "text": "", "buttons": [], "out": False})
CHARGE = Gesture(label="Je m’en charge")


@dataclass
class Load:
    """How much people have done, for who waits until they have done more."""

    gestures: int = 0
    ended: int = 0
    over: bool = False  # whoever has nothing left to do may go home
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
    """One representative: what he saw accepted, what he asked, and where he failed."""

    number: int
    person: Person
    customers: int
    load: Load
    promised: list[int] = field(default_factory=list)  # customers, one promise each
    disputed: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)  # alerts he said he takes care of
    asked: list[str] = field(default_factory=list)
    again: int = 0  # gestures made twice because nothing came back
    trouble: str = ""
    questions: Iterator[int] = field(default_factory=lambda: count(1))

    def work(self) -> None:
        """Do every deed for every customer, questions before each; then ask until all is over."""
        try:
            for customer in range(1, self.customers + 1):
                self.ask_at_once()
                if self.takes(customer):
                    self.taken.append(customer)
                self.carry_out(a_promise(self.number, customer), customer)
                self.promised.append(customer)
                self.carry_out(a_dispute(self.number, customer), customer)
                self.disputed.append(customer)
            while not self.load.over:
                self.ask_at_once()
                self.take_from_a_list()
        except Exception as error:  # noqa: BLE001 - told by the thread that waits
            self.trouble = f"rep {self.number}: {error!r}"
        finally:
            self.load.more(ended=True)

    def ask_at_once(self) -> None:
        """Write three texts without waiting, then wait for the answer to the last."""
        for _ in range(BURST):
            words = f"introuvable {self.number:03}{next(self.questions):05}"
            self.asked.append(words)
            self.person.send(words)
            self.load.more()
        self._wait(lambda shown: words in shown.text)

    def takes(self, customer: int) -> bool:
        """Take care of an alert, once its card is there; tell whether the card says so."""
        name = name_of(self.number, customer)
        for _ in range(MOST_PRESSES):
            cards = [one for one in self._told() if name in one.text and CHARGE.fits(one)]
            if not cards:
                break
            self._do(CHARGE, cards[-1], lambda now: name in now.text and TAKEN in now.text)
        return any(name in one.text and TAKEN in one.text for one in self._told())

    def take_from_a_list(self) -> None:
        """Of alerts told together let the first one's card come, and take care of it; once."""
        lists = [one for one in self._told() if one.text.startswith(GATHERED) and one.labels]
        named = NAME.findall(lists[-1].labels[0]) if lists else []
        customer = int(named[0][-3:]) if named else 0
        if customer <= self.customers or customer in self.taken:
            return
        gesture = Gesture(label=named[0])
        self._do(gesture, lists[-1], lambda now: named[0] in now.text and CHARGE.fits(now))
        if self.takes(customer):
            self.taken.append(customer)

    def carry_out(self, deed: Deed, customer: int) -> None:
        """Answer every question until a screen says that the deed is kept."""
        name = name_of(self.number, customer)
        for _ in range(MOST_GESTURES):
            shown = self.live(name)
            if deed.is_done(shown):
                return
            gesture = deed.next(shown) or Gesture(name)
            self._do(gesture, shown, lambda now, g=gesture, s=shown: g.answered(s, now))  # type: ignore[misc]
        seen = [(one.id, plain(one.text)[-90:], one.labels) for one in self.person.messages()[-8:]]
        raise AssertionError(f"{name} is not done; the last messages are {seen}")

    def live(self, name: str) -> Shown:
        """Return the last screen about a customer that has buttons; news are read and left.

        When an answer was lost and said again, buttons may be on the copy above only.
        """
        mine = [
            one
            for one in self._told()
            if name in one.text and one.labels and not any(mark in one.text for mark in NEWS)
        ]
        return (mine or [NOTHING])[-1]

    def _do(self, gesture: Gesture, shown: Shown, wanted: Callable[[Shown], object]) -> None:
        with suppress(Refused):  # the screen has changed between the look and the tap
            gesture.make(self.person, shown)
        self.load.more()
        self._wait(wanted)

    def _wait(self, wanted: Callable[[Shown], object]) -> None:
        """Wait for an answer; without one, whoever waits looks at his screen and taps again."""
        try:
            self.person.wait_for(wanted, PATIENCE)
        except AssertionError:
            self.again += 1

    def _told(self) -> list[Shown]:
        return [one for one in self.person.messages() if one.is_from_bot]
