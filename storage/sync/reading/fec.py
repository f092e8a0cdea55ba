"""A FEC, the ledger as the tax authorities want it: only its lines of customers are read.

It holds the entries of every account. Those of suppliers name a third party too, and would pass
for customers (LPF art. L47 A-I and A47 A-1: eighteen columns, known by their names).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress
from typing import Final

from storage.sync.reading.headers import Header
from storage.sync.reading.sources import Layout, Source
from storage.sync.reading.stretches import AnyStretch, Known, Stretch
from storage.sync.reading.texts import Cell, cell_text, fold

CUSTOMERS: Final = ("411", "413", "416")
"""Customers, bills they accepted, doubtful customers: what is owed and may be claimed."""
_ACCOUNT: Final = "comptenum"
_LONGEST: Final = 30
_NAMES: Final = frozenset({"journalcode", "ecriturenum", "ecrituredate", "compauxnum", _ACCOUNT})


def account_column(header: Header) -> int | None:
    """Return where a FEC names its accounts, nothing when a file is none."""
    names = [fold(name[:_LONGEST]) for name in header.names]
    return names.index(_ACCOUNT) if set(names) >= _NAMES else None


class CustomersOnly:
    """The lines of a FEC that are of customers' accounts, with the numbers they have in it."""

    def __init__(self, source: Source, header: Header, at: int) -> None:
        self._source, self._header, self._at = source, header.line, at
        self.aside = 0

    @property
    def layout(self) -> Layout:
        """Return the layout of the whole."""
        return self._source.layout

    def stretches(self, known: Known | None = None) -> Iterator[AnyStretch]:  # noqa: ARG002 - cells are looked at
        """Yield what is left of each stretch; `aside` counts what is not, of the last time."""
        self.aside = 0
        for stretch in self._source.stretches():
            some = self._some(stretch)
            if some.numbers:
                yield some

    def _some(self, stretch: AnyStretch) -> AnyStretch:
        lines = list(stretch.lines())
        which = [
            number <= self._header or fault is not None or self._is_customers(cells)
            for number, cells, fault in lines
        ]
        if all(which):
            return stretch
        kept = list(compress(lines, which))
        self.aside += len(lines) - len(kept)
        faults = {place: fault for place, (_, _, fault) in enumerate(kept) if fault}
        return Stretch([one[0] for one in kept], [one[1] for one in kept], faults)

    def _is_customers(self, cells: list[Cell]) -> bool:
        account = cell_text(cells[self._at]).strip() if self._at < len(cells) else ""
        return not account or account.startswith(CUSTOMERS)
