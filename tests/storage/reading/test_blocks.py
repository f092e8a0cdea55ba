"""Texts longer than a block are cut into lines at the same places as short ones."""

from __future__ import annotations

import io

import pytest

from storage.sync.reading import Reason
from storage.sync.reading.stretches import Dialect, EvenStretch, stretches
from storage.sync.reading.textblocks import BLOCK, LONGEST_LINE, TextBlocks
from tests.storage.reading.exports import HEADER, a_line, an_export, items, read

MANY = 3000


def lines_of(text: str, *, encoding: str = "utf-8") -> list[str]:
    blocks = TextBlocks(io.BytesIO(text.encode(encoding)), encoding)
    return list(iter(blocks.line, ""))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_every_line_end_and_encoding_gives_the_same_lines_across_blocks(
    end: str, encoding: str
) -> None:
    lines = ["é" * (number % 97) + str(number) for number in range(MANY)]
    expected = [line + "\n" for line in lines[:-1]] + lines[-1:]
    assert lines_of(end.join(lines), encoding=encoding) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("rest", ["\nb\r", "b\r", ""])
def test_a_line_end_in_two_blocks_is_one(encoding: str, rest: str) -> None:
    first = "é" + "x" * (BLOCK - 1 - len("é".encode(encoding)))
    expected = [first + "\n", "b\n"] if rest else [first + "\n"]
    assert lines_of(first + "\r" + rest, encoding=encoding) == expected


def test_a_line_without_an_end_is_cut() -> None:
    cut = lines_of("a\n" + "x" * (LONGEST_LINE + 5) + "\nb")
    assert list(map(len, cut)) == [2, LONGEST_LINE, 6, 1]
    assert lines_of("") == []


def test_lines_of_one_width_are_handed_out_by_columns_and_others_by_rows() -> None:
    even, uneven = "a;b\n" * 3, "a;b\nc\n\nd;e;f\n"
    (first,) = stretches(TextBlocks(io.BytesIO(even.encode()), "utf-8"), Dialect(";"))
    (second,) = stretches(TextBlocks(io.BytesIO(uneven.encode()), "utf-8"), Dialect(";"))
    assert isinstance(first, EvenStretch)
    assert [cells for _, cells, _ in first.lines()] == [["a", "b"]] * 3
    assert [cells for _, cells, _ in second.lines()] == [["a", "b"], ["c"], [], ["d", "e", "f"]]
    assert [first.column(1), first.column(2)] == [["b"] * 3, []]
    assert [second.column(1), second.column(2)] == [["b", "e"], ["f"]]


def test_as_many_separators_in_another_order_are_not_one_width() -> None:
    text = "a;b;c\nd;e\nf;g;h;i\n"
    (found,) = stretches(TextBlocks(io.BytesIO(text.encode()), "utf-8"), Dialect(";"))
    assert [len(cells) for _, cells, _ in found.lines()] == [3, 2, 4]


def test_quoted_cells_of_several_lines_keep_the_numbers_of_the_lines_across_blocks() -> None:
    lines = [a_line(number=f"FA{n}", name=f'"Chez ""Paul""\n{n}"') for n in range(MANY)]
    rows = items(read(an_export(*lines)))
    assert [(row.line, row.number) for row in rows] == [(2 * n + 2, f"FA{n}") for n in range(MANY)]
    assert rows[-1].customer_name == f'Chez "Paul" {MANY - 1}'


def test_a_quote_open_at_the_end_of_a_block_takes_no_other_line_with_it() -> None:
    lines = [a_line(number=f"FA{n}") for n in range(MANY)]
    place = 0
    while len(an_export(*lines[:place]).encode()) < BLOCK - 100:
        place += 1
    lines[place] = a_line(name=f'"Paul\n{"x" * 200}"', number="FA")
    begun = an_export(*lines[: place + 1]).encode().index(b"Paul\n") + len(b"Paul\n")
    assert begun < BLOCK < begun + 200
    reading = read(an_export(*lines))
    rows = items(reading)
    assert rows[place].customer_name == "Paul " + "x" * 200
    assert [row.line for row in rows[place : place + 2]] == [place + 2, place + 4]
    assert (len(rows), reading.rejections) == (MANY, [])


def test_the_line_of_a_fault_far_below_is_told() -> None:
    lines = [a_line(number=f"FA{n}") for n in range(MANY)]
    lines[2500] = a_line(due="31/02/2026")
    reading = read(f"Titre\n\n{HEADER}\n" + "\n".join(lines))
    assert len(items(reading)) == MANY - 1
    assert [(r.line, r.reason) for r in reading.rejections] == [(2504, Reason.INVALID_DATE)]
