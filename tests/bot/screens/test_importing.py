"""The report of an import, as the command line and the chat say it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.screens import importing, upload_words
from bot.screens.render import speaker
from bot.use_cases.import_report import ImportReport
from bot.use_cases.refusals import FileRefused

FRENCH = speaker("fr", ZoneInfo("Europe/Paris"))
ENGLISH = speaker("en", ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("kind", "settled", "told"),
    [
        ("customers", 0, "nouvelles : 2 · modifiées : 0 · inchangées : 0 · rejetées : 0"),
        ("receivables", 0, "nouvelles : 2 · modifiées : 0 · soldées : 0 · inchangées : 0"),
        ("payments", 3, "nouvelles : 2 · modifiées : 0 · soldées : 3 · inchangées : 0"),
    ],
)
def test_a_list_of_customers_settles_nothing(kind: str, settled: int, told: str) -> None:
    report = ImportReport("f.csv", kind, date(2026, 11, 23), new=2, settled=settled)
    said = " ".join(importing.summary(speaker("fr", ZoneInfo("Europe/Paris")), report))
    assert told in said.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("n", "french", "english"),
    [
        (1, "1 règlement ne correspond à aucune facture", "1 payment matches no invoice"),
        (1500, "1 500 règlements ne correspondent", "1,500 payments match no invoice"),
    ],
)
def test_a_notice_counts_in_the_singular_and_in_the_plural(
    n: int, french: str, english: str
) -> None:
    assert french in plain(importing.notice(FRENCH, "unapplied", {"n": n}))
    assert english in plain(importing.notice(ENGLISH, "unapplied", {"n": n}))


def test_a_notice_writes_its_day_and_long_numbers_as_its_reader_does() -> None:
    repeated = {"code": "repeated", "as_of": "2026-11-23"}
    assert "au 23/11/2026" in plain(importing.notice(FRENCH, "repeated", repeated))
    assert "as of 23 Nov 2026" in plain(importing.notice(ENGLISH, "repeated", repeated))
    vanished = {"vanished": 1200, "open": 2000}
    assert "1 200 sur 2 000" in plain(importing.notice(FRENCH, "many_vanished", vanished))
    future = FileRefused("f.csv", "as_of_in_future", {"as_of": "2027-01-05"})
    assert "05/01/2027" in plain(importing.refused(FRENCH, future))


def test_the_chat_never_names_an_option_of_the_command_line() -> None:
    for one in (
        {"code": "repeated", "as_of": "2026-11-23"},
        {"code": "many_vanished", "vanished": 3, "open": 4},
    ):
        assert "--" not in upload_words.notice(FRENCH, one)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
