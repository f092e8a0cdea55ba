"""What is asked about a file: in the reader's words, with what to type as an answer."""

from __future__ import annotations

import pickle
import shlex
from zoneinfo import ZoneInfo

import pytest

from bot.screens import import_questions
from bot.screens.render import speaker
from bot.screens.uploads import refusal_note
from bot.use_cases import imports, uploads
from bot.use_cases.import_report import Fault
from bot.use_cases.refusals import FileRefused
from storage.sync.reading import NONE_OF_THEM, Kind
from storage.sync.reading.fields import Field
from storage.sync.reading.questions import QuestionKind
from tests.storage.reading.exports import read

SPEAKERS = {name: speaker(name, ZoneInfo("Europe/Paris")) for name in ("fr", "en")}
UNDATED = (
    "Client;Nom;N° facture;Ville de livraison;Note interne;Livré le;Reste dû;C8;C9;C10;C11\n"
    "C1;Alpha;F1;Brest;vu;05/10/2026;120,00;a;b;c;d\n"
    "C2;Beta;F2;Dinan;;06/10/2026;80,00;a;b;c;d\n"
)


def asked(content: str, locale: str = "fr", **told: str) -> str:
    reading = read(content, overrides=told)
    said = "\n".join(import_questions.asked(SPEAKERS[locale], reading))
    return said.replace("\N{NO-BREAK SPACE}", " ")


def options(said: str) -> list[str]:
    """Read the answers as a command line does."""
    lines = (line.strip() for line in said.splitlines())
    return [shlex.split(line)[1] for line in lines if line.startswith("--map")]


def test_a_missing_due_date_is_asked_for_in_words_and_dates_are_offered_first() -> None:
    said = asked(UNDATED)
    assert "• Quelle colonne contient la date d’échéance ?" in said
    first, *_, last = options(said)
    assert first == "due_date=Livré le"
    assert "(05/10/2026 · 06/10/2026)" in said
    assert last == f"due_date={NONE_OF_THEM}"
    assert "rien de ce fichier ne compte comme en retard" in said
    assert "… ou 1 autre colonne" in said
    assert "• Which column holds the due date?" in asked(UNDATED, "en")


def test_that_it_is_none_of_them_is_offered_in_the_chat_however_many_columns_there_are() -> None:
    more = [f"Colonne {n}" for n in range(20)]
    lines = UNDATED.splitlines()
    content = "\n".join((";".join((lines[0], *more)), *lines[1:]))
    shown = uploads.question(read(content))
    candidates = shown["question"]["candidates"]
    assert (len(candidates), candidates[-1]) == (uploads.CANDIDATES, NONE_OF_THEM)
    assert candidates[0] == "Livré le"
    assert len(shown["samples"]) == len(candidates)


@pytest.mark.parametrize("kind", [Kind.RECEIVABLES, Kind.PAYMENTS])
def test_what_must_be_there_is_not_offered_as_absent(kind: Kind) -> None:
    reading = read("Ville;Note;Solde dû\nBrest;x;12,00\n", kind=kind)
    [code, *_] = [one for one in reading.questions if one.key == "customer_code"]
    assert NONE_OF_THEM not in code.candidates


def test_an_answer_that_names_no_column_is_told_with_what_there_is() -> None:
    said = asked(UNDATED, due_date="Echeance")
    assert "Le fichier n’a pas de colonne « Echeance » pour la date d’échéance." in said
    assert "due_date=Livré le" in options(said)


def test_an_answer_about_a_field_that_there_is_not_lists_the_fields() -> None:
    said = asked(UNDATED, echeance="Livré le")
    assert "Il n’y a pas de champ « echeance »" in said
    assert "due_date        la date d’échéance" in said
    assert not [one for one in options(said) if one.startswith("echeance")]


@pytest.mark.parametrize(
    "header", ["Date d'échéance", "Livré le", 'Date "nette"', "Reste (€)", "Solde&Co", "A$B", "N°"]
)
def test_options_are_typed_as_they_stand(header: str) -> None:
    typed = import_questions._quoted(f"due_date={header}")
    assert shlex.split(f"--map {typed}") == ["--map", f"due_date={header}"]


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("kind", sorted(QuestionKind))
def test_no_question_shows_the_name_of_a_field(kind: QuestionKind, locale: str) -> None:
    for field in (
        *(Field.CUSTOMER_CODE, Field.CUSTOMER_NAME, Field.NUMBER, Field.DUE_ON, Field.OPEN),
        *(Field.AMOUNT, Field.SETTLED_ON, Field.RECEIVED_ON),
    ):
        said = import_questions.question(SPEAKERS[locale], kind.value, field.value)
        assert "_" not in said


def test_kinds_and_orders_are_said_in_words_beside_what_is_typed() -> None:
    said = asked("Raison sociale;N° facture\nAlpha;F1\n")
    assert "kind=receivables" in options(said)
    assert "(créances ouvertes)" in said
    dates = "Customer code;Invoice number;Invoice date;Due date;Open amount\n"
    said = asked(dates + "C1;F1;10/01/2026;10/02/2026;12.00\n")
    assert options(said) == ["date_order=day_first", "date_order=month_first"]
    assert "(jour d’abord)" in said


@pytest.mark.parametrize(
    ("lines", "seen"),
    [
        ("F1;15/09/2026;15/10/2026;1.234\nF2;15/09/2026;15/10/2026;2.500", "1.234 · 2.500"),
        ("F1;15/09/2026;10/25/2026;12,00\nF2;15/09/2026;25/10/2026;9,00", "10/25/2026 · 25/10"),
    ],
    ids=["decimal mark", "day and month"],
)
@pytest.mark.parametrize("wide", [False, True])
def test_what_is_doubtful_about_values_shows_the_values(lines: str, seen: str, wide: bool) -> None:
    header, more = "N° facture;Date facture;Date d'échéance;Solde dû;Code client", ";C1"
    if wide:
        header += "".join(f";Information {n}" for n in range(9))
        more += ";abcdefghijklmnop" * 9
    content = "\n".join((header, *(line + more for line in lines.split("\n"))))
    said = asked(content)
    assert (seen in said) is wide  # else they stand in the table
    shown = uploads.question(read(content))
    assert any(seen.startswith(cells[0]) for _, cells in shown["concerned"])


def test_a_file_of_no_kind_shows_what_it_holds_in_the_chat() -> None:
    shown = uploads.question(read("Raison sociale;N° facture\nAlpha;F1\n"))
    assert shown["concerned"] == [["Raison sociale", ["Alpha"]], ["N° facture", ["F1"]]]


def test_what_is_asked_travels_between_processes() -> None:
    reading = read("Code client;N° facture;Date d'échéance;Solde dû\nC1;F1;15/10/2026;1.234\n")
    told = pickle.loads(pickle.dumps(imports.to_be_asked(reading)))  # noqa: S301 - our own
    assert uploads.question(told) == uploads.question(reading)


def test_no_due_dates_is_a_choice_that_says_what_it_comes_to() -> None:
    said = import_questions.answer(SPEAKERS["fr"], NONE_OF_THEM, "no_due_dates")
    assert said.replace("\N{NO-BREAK SPACE}", " ") == "Non : rien n’est en retard"
    other = import_questions.answer(SPEAKERS["fr"], NONE_OF_THEM, "missing_field")
    assert other == "Ce champ n’y est pas"


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_note_beside_a_refused_file_names_lines_as_the_command_line_does(locale: str) -> None:
    fault = Fault(2, "Échéance", "E", "15/10/2206", "invalid_date")
    refusal = FileRefused("f.csv", "no_rows", {"rejections": [fault.as_json()]})
    _, line = refusal_note(SPEAKERS[locale], refusal).splitlines()
    expected = {
        "fr": "f.csv:2 : colonne Échéance « 15/10/2206 » : ce n’est pas une date",
        "en": "f.csv:2: column Échéance “15/10/2206”: not a date",
    }
    assert line.replace("\N{NO-BREAK SPACE}", " ") == expected[locale]
