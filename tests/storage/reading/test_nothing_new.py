"""Blocks that are only looked at as a whole prove what their cells prove one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sync.reading import Reading
from storage.sync.reading.sources import below
from storage.sync.reading.study import Study, conventions, study
from storage.sync.reading.textblocks import BLOCK
from tests.storage.reading.exports import a_line, an_export, read

PLAIN = a_line()
DATES = st.sampled_from(
    ("13/02/2026", "02/13/2026", "01/02/2026", "2026-02-13", "13.02.2026", "20260213", "")
)
AMOUNTS = st.sampled_from(
    ("12,50", "1 234,56", "12.50", "1,234.56", "1.234", "1,234", "12", "-12,50", "12,50-", "")
)
LINES = st.builds(a_line, amount=AMOUNTS, opened=AMOUNTS, due=DATES)


def looked_at_cell_by_cell(reading: Reading) -> Study:
    assert reading.plan is not None
    found = study(reading.plan.source, reading.plan.header, reading.columns)
    alone = Study(reading.columns)
    for stretch in below(reading.plan.source, reading.plan.header.line):
        alone.lines += len(stretch.numbers)
        for field, amounts in alone.amounts.items():
            amounts.see(stretch.column(reading.columns.index(field)))
        for field, dates in alone.dates.items():
            dates.see(stretch.column(reading.columns.index(field)))
    assert conventions(found, {}, english=True) == conventions(alone, {}, english=True)
    assert found.lines == alone.lines
    return found


@settings(deadline=None, max_examples=60)
@given(st.lists(LINES, max_size=4), st.lists(LINES, max_size=4))
def test_odd_lines_prove_the_same_wherever_they_stand(
    above: Sequence[str], below_all: Sequence[str]
) -> None:
    many = [PLAIN] * (2 * BLOCK // len(PLAIN))
    looked_at_cell_by_cell(read(an_export(*above, *many, *below_all, *many).encode()))


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_lines_that_prove_nothing_new_are_counted_and_not_split(separator: str) -> None:
    text = an_export(*[PLAIN] * 5000).replace(";", separator)
    reading = read(text.encode("cp1252"))
    found = looked_at_cell_by_cell(reading)
    assert (found.lines, reading.line_count) == (5000, 5000)
    # a stretch of which cells are looked at weighs once: the first, and a last without an end
    assert max(evidence.commas for evidence in found.amounts.values()) <= 2
    assert len(text) > 4 * BLOCK
