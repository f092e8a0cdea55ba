"""Who a line is about: a code, a name standing for one, or the customer of the block above."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from storage.sync.reading.fields import Field
from storage.sync.reading.reasons import Reason, Refused
from storage.sync.reading.texts import Cell, cell_text, clean, code_from_name
from storage.sync.reading.values import Values

_LABELLED: Final = re.compile(
    r"(?:(?:code|compte|n°)\s*)?(?:client|tiers|compte|customer|account)\s*(?:n°)?\s*:\s*"
    r"(\S+)(?:\s+[-–:]?\s*(.*))?",
    re.IGNORECASE,
)


class Parties:
    """Finds the customer of each line; remembers the one of the block when lines leave it out."""

    def __init__(self, values: Values, *, blocks: bool) -> None:
        """Read names and codes; with `blocks`, a blank code means the customer above."""
        self._values = values
        self._blocks = blocks
        self._code_at = values.columns.index(Field.CUSTOMER_CODE)
        self._name_at = values.columns.index(Field.CUSTOMER_NAME)
        self._current: tuple[str, str | None] | None = None
        self._confirmed: tuple[str, str | None] | None = None

    def of(self, line: int, cells: list[Cell]) -> tuple[str, str | None]:
        """Return the code and the name of the line's customer; refuse a line without one."""
        name = self._values.text(line, cells, self._name_at)
        if self._code_at >= 0:
            code = self._values.code(line, cells, self._code_at)
        else:
            code = code_from_name(name) if name else None
        if code is None:
            return self._above()
        if name is None and self._blocks and self._current and self._current[0] == code:
            name = self._current[1]
        self._current = self._confirmed = (code, name)
        return code, name

    @property
    def known(self) -> bool:
        """Tell whether some line above has named a customer."""
        return self._current is not None

    def follow(
        self, codes: Iterable[str | None], names: Iterable[str | None]
    ) -> tuple[list[str], list[str | None]]:
        """Return the codes and names of lines in a row, as `of` does of one."""
        found: list[tuple[str, str | None]] = []
        for code, name in zip(codes, names, strict=False):
            above = self._current
            if code is None:
                party = above or self._above()
            elif name is None and self._blocks and above and above[0] == code:
                party = above
            else:
                party = code, name
            self._current = self._confirmed = party
            found.append(party)
        return [code for code, _ in found], [name for _, name in found]

    def begin(self, line: int, cells: list[Cell]) -> None:
        """Take the head of a block: a line with a customer and nothing else."""
        at = self._code_at if self._code_at >= 0 else self._name_at
        text = clean(cell_text(cells[at]))[0]
        labelled = _LABELLED.fullmatch(text)
        if labelled:
            self._current = labelled[1], labelled[2] or None
        elif self._code_at < 0:
            self._current = (code_from_name(text), text) if text else self._current
        elif text and " " not in text:
            self._current = text, self._values.text(line, cells, self._name_at)

    def resume(self) -> None:
        """Forget what stood between two pages: the title of a page is no customer."""
        self._current = self._confirmed

    def _above(self) -> tuple[str, str | None]:
        if not self._blocks or self._current is None:
            at = self._code_at if self._code_at >= 0 else self._name_at
            raise Refused(Reason.MISSING_CUSTOMER, "", at)
        self._confirmed = self._current
        return self._current
