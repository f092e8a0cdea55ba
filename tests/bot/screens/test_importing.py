"""The report of an import, as the command line says it."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.screens import importing
from bot.screens.render import speaker
from bot.use_cases.import_report import ImportReport


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
