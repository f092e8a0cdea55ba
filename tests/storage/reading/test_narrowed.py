"""What a reading narrowed to some customers yields is what the whole one yields of them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from storage.sync.reading.narrowed import is_simple, narrowed
from storage.sync.reading.reading import Reading
from storage.sync.reading.textblocks import BLOCK
from tests.storage.reading.exports import read

if TYPE_CHECKING:
    from storage.sync.reading.rows import Row

CODE_FIRST = "Code client;Client;Facture;Date facture;Échéance;Total TTC;Reste dû;Devise"
CODE_LATER = "Facture;Date facture;Client;Code client;Échéance;Total TTC;Reste dû;Devise"
NO_CODE = "Facture;Date facture;Client;Échéance;Total TTC;Reste dû;Devise"
FILLING = BLOCK // 60  # lines of which some block is full


def a_line(header: str, code: str, name: str, number: str, quoted: bool) -> str:
    cells = {
        "Code client": code,
        "Client": f'"{name}"' if quoted else name,
        "Facture": number,
        "Date facture": "01/09/2026",
        "Échéance": "30/09/2026",
        "Total TTC": "1 200,50",
        "Reste dû": "1 200,50",
        "Devise": "EUR",
    }
    return ";".join(cells[title] for title in header.split(";"))


@st.composite
def texts(draw: st.DrawFn) -> tuple[bytes, set[str]]:
    """Draw an export as bytes, and whom it is asked about."""
    header = draw(st.sampled_from([CODE_FIRST, CODE_LATER, NO_CODE]))
    code = st.sampled_from(["C1", " C2", "C3 ", "é4", "", "C5\x07", '"C1"', '"C;6"', '"C""7"'])
    name = st.sampled_from(["Ann", " Bo", "Zoë", "A;B", "A;B;C;D", "A; B\nC", ""])
    some = st.lists(
        st.tuples(code, name, st.sampled_from(["F1", "F2", "F3"])), min_size=1, max_size=8
    )
    lines = [
        a_line(header, code, name, number, quoted=";" in name)
        for code, name, number in (*draw(some), *(("C9", "Nine", "F9"),) * FILLING, *draw(some))
    ]
    blank = draw(st.integers(0, len(lines)))
    lines[blank:blank] = draw(st.sampled_from([[], [""], [";;;"]]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join([header, *(line.replace("\n", end) for line in lines)])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]))
    wanted = draw(
        st.sets(st.sampled_from(["C1", "C2", "é4", "C;6", 'C"7', "Ann", "Bo", "Zoë", "A;B", "C9"]))
    )
    return (text + draw(st.sampled_from(["", end]))).encode(encoding), wanted


def rows_of(reading: Reading) -> list[Row]:
    return list(chain.from_iterable(reading.stretches()))


@settings(deadline=None, max_examples=80)
@given(texts())
def test_the_lines_of_some_customers_are_those_of_the_whole(drawn: tuple[bytes, set[str]]) -> None:
    data, codes = drawn
    whole = read(data)
    assert whole.certain
    assume(is_simple(whole))
    every = [row for row in rows_of(whole) if getattr(row, "customer_code", "") in codes]
    few = narrowed(whole, codes)
    assert [row for row in rows_of(few) if getattr(row, "customer_code", "") in codes] == every


def test_of_plain_lines_only_those_asked_for_are_split() -> None:
    lines = [a_line(CODE_FIRST, f"C{n % 10}", "Ann", f"F{n}", quoted=False) for n in range(5_000)]
    some = narrowed(read("\r\n".join([CODE_FIRST, *lines]).encode("cp1252")), {"C3", "C7"})
    rows = rows_of(some)
    assert [row.line for row in rows] == [n + 2 for n in range(5_000) if n % 10 in {3, 7}]
    assert some.counts.lines == len(rows) == 1_000
