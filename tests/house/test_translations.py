"""French is complete, nothing in it is dead, and it keeps the figures and tags of its source."""

from __future__ import annotations

import ast
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.house import catalogues, sentences, translations, tree
from tests.house.catalogues import Entry
from tests.house.sentences import Sentence


def test_every_sentence_shown_has_its_french() -> None:
    lacking = translations.missing(catalogues.french(), sentences.shown())
    assert not lacking, "\n\n".join(translations.stanza(*item) for item in lacking.items())


def test_no_translation_is_empty_or_fuzzy() -> None:
    assert not translations.unfinished(catalogues.french())


def test_no_translation_is_dead() -> None:
    entries = catalogues.french()
    assert not translations.dead(entries, sentences.shown(), sentences.constants())


def test_no_sentence_has_two_translations() -> None:
    assert not translations.contradictory(catalogues.french())


def test_translations_keep_placeholders_and_tags() -> None:
    faults = [
        (entry.catalogue, entry.sentence.msgid, why)
        for entry in catalogues.french()
        for why in catalogues.disagreements(entry)
    ]
    assert not faults


def test_every_catalogue_reads_and_compiles_by_itself() -> None:
    if not tree.built("bot/locale"):
        return
    for path in catalogues.files():
        language = path.relative_to(catalogues.LOCALE).parts[0]
        catalogue = read_po(BytesIO(path.read_bytes()), locale=language, abort_invalid=True)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        assert compiled.tell() > 0, path
        assert catalogue.charset.lower() == "utf-8", path
        assert catalogue.num_plurals == 2, path


def test_there_is_a_french_catalogue_as_soon_as_something_is_shown() -> None:
    if sentences.shown():
        assert list(catalogues.FRENCH.glob("*.po"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% trans %}Hello{% endtrans %}", Sentence("Hello")),
        (
            "{% trans n=n %}One invoice{% pluralize %}{{ n }} invoices{% endtrans %}",
            Sentence("One invoice", "%(n)s invoices"),
        ),
        ("{{ _('Back') }}", Sentence("Back")),
        ("{{ pgettext('month', 'May') }}", Sentence("May", context="month")),
    ],
)
def test_sentences_of_templates_are_found(source: str, expected: Sentence) -> None:
    assert [sentence for sentence, _ in sentences.of_template(source)] == [expected]


def test_sentences_of_python_are_found() -> None:
    source = (
        'a = s.say("Back", menu="Go")\nb = s.count("{n} day", "{n} days", 3)\n"x".count("Back")'
    )
    found = [sentence for sentence, _ in sentences.of_python(ast.parse(source))]
    assert found == [Sentence("Back"), Sentence("Go"), Sentence("{n} day", "{n} days")]


@pytest.mark.parametrize(
    ("source", "french", "faults"),
    [
        ("Due <b>%(day)s</b>", "Échéance <b>%(day)s</b>", 0),
        ("Due <b>%(day)s</b>", "Échéance %(day)s", 1),
        ("Due %(day)s", "Échéance", 1),
        ("Due {day}", "Échéance {jour}", 2),
    ],
)
def test_a_lost_figure_or_tag_is_noticed(source: str, french: str, faults: int) -> None:
    entry = Entry("fr.po", Sentence(source), (french,), fuzzy=False)
    assert len(list(catalogues.disagreements(entry))) == faults
