"""Texts and labels of scripts as a French reader sees them: typeset like everything else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.screens import filling
from bot.screens.render import speaker
from bot.scripts.library import load
from bot.scripts.show import Filling
from tests.credit.builders import PARIS

TODAY = date(2026, 11, 23)
FRENCH = speaker("fr", PARIS)


def labels() -> Iterator[str]:
    for script in load().values():
        for step in script.steps.values():
            texts = [choice.label for choice in step.choices]
            texts += [step.option_label] if step.option_label else []
            for text in texts:
                yield filling.plainly(FRENCH, Filling(text.words, {}, {}, {}), TODAY)


def test_the_labels_of_scripts_are_typeset_as_all_else_is() -> None:
    written = list(labels())
    assert "Valider, et dire qui s’engage" in written
    assert not [label for label in written if "'" in label]
    assert not [label for label in written if " :" in label.replace("\N{NO-BREAK SPACE}:", ":")]


def test_an_english_label_stays_as_it_is_written() -> None:
    words = {"fr": "Il n'a pas : rien", "en": "He's got: nothing"}
    shown = Filling(words, {}, {}, {})
    assert filling.plainly(speaker("en", PARIS), shown, TODAY) == "He's got: nothing"
    assert filling.plainly(FRENCH, shown, TODAY) == "Il n’a pas\N{NO-BREAK SPACE}: rien"


def test_what_an_account_does_not_know_is_typeset_too() -> None:
    known = {"balance_after_credit": {"fr": "qui n'est pas concerné", "en": "not concerned"}}
    shown = Filling({"fr": "Reste {balance_after_credit}", "en": "—"}, {}, {}, known)
    assert "qui n’est pas concerné" in filling.dressed(FRENCH, shown, TODAY)
