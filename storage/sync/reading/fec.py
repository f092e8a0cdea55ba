"""A FEC, the ledger as the tax authorities want it: only its lines of customers are read.

It holds the entries of every account. Those of suppliers name a third party too, and would pass
for customers (LPF art. L47 A-I and A47 A-1: eighteen columns, known by their names).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import compress
from typing import Final, NamedTuple

from storage.sync.reading.headers import Header
from storage.sync.reading.sources import Layout, Source
from storage.sync.reading.stretches import AnyStretch, Known, Stretch
from storage.sync.reading.texts import Cell, cell_text, fold

CUSTOMERS: Final = ("411", "413", "416")
"""Customers, bills they accepted, doubtful customers: what is owed and may be claimed."""
_DIVIDED: Final = "411"
_COLLECTIVE: Final = 4
"""Digits of the accounts that the plan of accounts names itself: 411, 4111, 4117."""
_ACCOUNT: Final = "comptenum"
_LABEL: Final = "comptelib"
_THIRD: Final = "compauxnum"
_THIRD_NAME: Final = "compauxlib"
_LONGEST: Final = 30
_NAMES: Final = frozenset({"journalcode", "ecriturenum", "ecrituredate", _THIRD, _ACCOUNT})
_ABSENT: Final = -1


class Accounts(NamedTuple):
    """The columns of a FEC that name accounts and third parties; -1 for one it has not."""

    number: int
    label: int
    third: int
    third_name: int


def account_columns(header: Header) -> Accounts | None:
    """Return where a FEC names its accounts, nothing when a file is none."""
    names = [fold(name[:_LONGEST]) for name in header.names]
    if not set(names) >= _NAMES:
        return None
    wanted = (_ACCOUNT, _LABEL, _THIRD, _THIRD_NAME)
    return Accounts(*(names.index(one) if one in names else _ABSENT for one in wanted))


class CustomersOnly:
    """The lines of a FEC that are of customers' accounts, with the numbers they have in it.

    Where the customers' accounts are subdivided and no third party is named (`CompAuxNum` may
    be empty), the account is the customer: it is read as his code, and its label as his name.
    """

    def __init__(self, source: Source, header: Header, at: Accounts) -> None:
        self._source, self._header, self.at = source, header.line, at
        self._width = len(header.names)
        self._own: Mapping[str, str] | None = None
        self.aside = 0

    @property
    def layout(self) -> Layout:
        """Return the layout of the whole."""
        return self._source.layout

    def stretches(self, known: Known | None = None) -> Iterator[AnyStretch]:  # noqa: ARG002 - cells are looked at
        """Yield what is left of each stretch; `aside` counts what is not, of the last time."""
        if self._own is None:
            self._own = self._divided()
        self.aside = 0
        for stretch in self._source.stretches():
            some = self._some(stretch, self._own)
            if some.numbers:
                yield some

    def account(self, cells: list[Cell]) -> str:
        """Return the account of a line."""
        return self._text(cells, self.at.number)

    def _some(self, stretch: AnyStretch, own: Mapping[str, str]) -> AnyStretch:
        lines = list(stretch.lines())
        which = [
            number <= self._header or fault is not None or self._is_customers(cells)
            for number, cells, fault in lines
        ]
        if all(which) and not own:
            return stretch
        kept = list(compress(lines, which))
        self.aside += len(lines) - len(kept)
        faults = {place: fault for place, (_, _, fault) in enumerate(kept) if fault}
        rows = [self._named(cells, own) for _, cells, _ in kept] if own else [c for _, c, _ in kept]
        return Stretch([one[0] for one in kept], rows, faults)

    def _is_customers(self, cells: list[Cell]) -> bool:
        account = self.account(cells)
        return not account or account.startswith(CUSTOMERS)

    def _named(self, cells: list[Cell], own: Mapping[str, str]) -> list[Cell]:
        """Let a line's own account stand for the third party that it does not name."""
        name = own.get(self.account(cells))
        if name is None or self._text(cells, self.at.third):
            return cells
        named = [*cells, *[""] * (self._width - len(cells))]
        named[self.at.third] = self.account(cells)
        if self.at.third_name != _ABSENT and not self._text(cells, self.at.third_name):
            named[self.at.third_name] = name
        return named

    def _divided(self) -> dict[str, str]:
        """Return the accounts that are one customer each, with their labels.

        They are, when lines without a third party are of several accounts below 411 that the
        plan of accounts does not name itself, and these have labels of their own.
        """
        found: dict[str, str] = {}
        for stretch in self._source.stretches():
            for number, cells, fault in stretch.lines():
                account = self.account(cells)
                if number > self._header and fault is None and self._is_one(account, cells):
                    found.setdefault(account, self._text(cells, self.at.label))
        labels = {fold(name) for account, name in found.items() if account.startswith(_DIVIDED)}
        return found if len(labels) > 1 else {}

    def _is_one(self, account: str, cells: list[Cell]) -> bool:
        """Tell whether an account without a third party may be that of one customer."""
        within = account.startswith(CUSTOMERS) and len(account.rstrip("0")) > _COLLECTIVE
        return within and not self._text(cells, self.at.third)

    @staticmethod
    def _text(cells: list[Cell], at: int) -> str:
        return cell_text(cells[at]).strip() if 0 <= at < len(cells) else ""
