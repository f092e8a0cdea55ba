"""The typed values of a line: text, money, codes, checked and cleaned as they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from credit.money import DECIMALS
from storage.sync.reading.amounts import Mark, read_number, to_minor
from storage.sync.reading.currencies import CODES, currency_in_header, currency_named
from storage.sync.reading.dates import DateReader
from storage.sync.reading.fields import MONEY, Field
from storage.sync.reading.questions import ColumnMap
from storage.sync.reading.reasons import Reason, Refused, Rejection, Rejections, shown
from storage.sync.reading.study import Conventions
from storage.sync.reading.texts import Cell, cell_text, clean

LONGEST_CODE: Final = 64
LONGEST_TEXT: Final = 300
_CENTS: Final = 2
_SHORT: Final = 14
_SIREN: Final = 9
_SIRET: Final = 14


@dataclass(slots=True)
class Reporter:
    """Collects what was not taken as it stands."""

    file: str
    headers: tuple[str, ...]
    columns: ColumnMap
    rejections: Rejections = field(default_factory=Rejections)
    warnings: Rejections = field(default_factory=Rejections)

    def reject(self, line: int, refused: Refused) -> None:
        """Report a line that is not taken."""
        self.rejections.add(self._entry(line, refused.column, refused.value, refused.reason))

    def warn(self, line: int, column: int, value: object, reason: Reason) -> None:
        """Report a cell that was changed or dropped on a line that is taken."""
        self.warnings.add(self._entry(line, column, value, reason))

    def _entry(self, line: int, column: int | None, value: object, reason: Reason) -> Rejection:
        if column is None or column < 0:
            return Rejection(self.file, line, None, None, shown(value), reason)
        header = self.headers[column] if column < len(self.headers) else None
        return Rejection(
            self.file, line, header, column + 1, shown(value), reason, self.columns.field_at(column)
        )


class Values:
    """Reads the cells of a line as the file's conventions say."""

    def __init__(
        self, columns: ColumnMap, how: Conventions, reporter: Reporter, default_currency: str
    ) -> None:
        """Prepare what does not change from line to line."""
        self.columns = columns
        self.reporter = reporter
        self.default_currency = default_currency
        self._marks: dict[Field, Mark | None] = dict(how.marks)
        self.dates = {name: DateReader(order) for name, order in how.orders.items()}
        self._currency_at = columns.index(Field.CURRENCY)
        self._in_header = {
            name: currency_in_header(column.header)
            for name in MONEY
            if (column := columns.get(name)) is not None
        }
        self._valid: dict[tuple[Field, str], str | None] = {}

    def text(
        self, line: int, cells: list[Cell], index: int, longest: int = LONGEST_TEXT
    ) -> str | None:
        """Return the cleaned text of a cell, nothing when it is blank; say what was changed."""
        if index < 0:
            return None
        cell = cells[index]
        text = cell if isinstance(cell, str) else cell_text(cell)
        if not text:
            return None
        if not text.isprintable() or "\ufffd" in text:
            text = self._cleaned(line, text, index)
        else:
            text = text.strip()
        if len(text) > longest:
            self.reporter.warn(line, index, text, Reason.TRUNCATED)
            text = text[:longest].rstrip()
        return text or None

    def code(self, line: int, cells: list[Cell], index: int) -> str | None:
        """Return a code or a number as text; refuse one of more than 64 characters."""
        text = self.text(line, cells, index)
        if text is not None and len(text) > LONGEST_CODE:
            raise Refused(Reason.CELL_TOO_LONG, text, index)
        return text

    def stated_currency(self, cells: list[Cell]) -> str | None:
        """Return the currency that the line states in a column of its own."""
        if self._currency_at < 0:
            return None
        cell = cells[self._currency_at]
        if cell in CODES:
            return str(cell)
        text = clean(cell_text(cell))[0]
        code = currency_named(text) if text else None
        if text and code is None:
            raise Refused(Reason.UNKNOWN_CURRENCY, text, self._currency_at)
        return code

    def money(
        self, cells: list[Cell], name: Field, index: int, stated: str | None
    ) -> tuple[int, str] | None:
        """Return minor units and their currency, nothing when the cell is blank."""
        cell, mark = cells[index], self._marks[name]
        said = self._in_header[name] or stated
        currency = said or self.default_currency
        if mark is not None and isinstance(cell, str) and len(cell) < _SHORT:
            whole, _, cents = cell.partition(mark)
            plain = len(cents) == _CENTS and (whole + cents).isdecimal() and cell.isascii()
            if plain and DECIMALS.get(currency, _CENTS) == _CENTS:
                return int(whole + cents), currency
        try:
            return self._money(cell, mark, said)
        except Refused as refused:
            raise Refused(refused.reason, cell, index) from refused

    def _money(self, cell: Cell, mark: Mark | None, said: str | None) -> tuple[int, str] | None:
        number = read_number(cell, mark)
        if number is None:
            return None
        if said and number.currency and number.currency != said:
            raise Refused(Reason.CURRENCY_CONFLICT)
        currency = said or number.currency or self.default_currency
        return to_minor(number, currency), currency

    def mark_of(self, name: Field) -> Mark | None:
        """Return the decimal mark of a money column, nothing when it is not known."""
        return self._marks[name]

    def siren(self, line: int, cells: list[Cell]) -> str | None:
        """Return the SIREN of the line, taken from the SIRET when there is no other."""
        index = self.columns.index(Field.SIREN)
        found = self._checked(line, cells, Field.SIREN, index)
        if found is None:
            siret = self.siret(line, cells)
            return siret[:_SIREN] if siret else None
        return found

    def siret(self, line: int, cells: list[Cell]) -> str | None:
        """Return the SIRET of the line when its key is right (La Poste's rule included)."""
        return self._checked(line, cells, Field.SIRET, self.columns.index(Field.SIRET))

    def vat(self, line: int, cells: list[Cell]) -> str | None:
        """Return the VAT number of the line when it is one of the European Union."""
        return self._checked(line, cells, Field.VAT, self.columns.index(Field.VAT))

    def _checked(self, line: int, cells: list[Cell], name: Field, index: int) -> str | None:
        text = self.text(line, cells, index)
        if text is None:
            return None
        if len(self._valid) > LONGEST_TEXT**2:
            self._valid.clear()
        key = (name, text)
        if key not in self._valid:
            self._valid[key] = _CHECKS[name](text)
        if self._valid[key] is None:
            self.reporter.warn(line, index, text, _INVALID[name])
        return self._valid[key]

    def _cleaned(self, line: int, text: str, index: int) -> str:
        cleaned, dropped = clean(text[: LONGEST_TEXT * 10])
        if dropped:
            self.reporter.warn(line, index, text, Reason.CONTROL_CHARACTERS)
        if "\ufffd" in cleaned:
            self.reporter.warn(line, index, text, Reason.UNDECODABLE)
        return cleaned


def _siren(text: str) -> str | None:
    from stdnum.fr import siren  # noqa: PLC0415 - the registers are loaded when met

    digits = "".join(text.replace("\u00a0", " ").replace(".", " ").split())
    if len(digits) == _SIRET:
        full = _siret(digits)
        return full[:_SIREN] if full else None
    # A spreadsheet that took the SIREN for a number lost its leading zeros.
    digits = digits.zfill(_SIREN) if digits.isdecimal() and digits.isascii() else digits
    return str(siren.compact(digits)) if siren.is_valid(digits) else None


def _siret(text: str) -> str | None:
    from stdnum.fr import siret  # noqa: PLC0415 - see above

    digits = "".join(text.split())
    digits = digits.zfill(_SIRET) if digits.isdecimal() and digits.isascii() else digits
    return str(siret.compact(digits)) if siret.is_valid(digits) else None


def _vat(text: str) -> str | None:
    from stdnum.eu import vat  # noqa: PLC0415 - see above

    return str(vat.compact(text)) if vat.is_valid(text) else None


_CHECKS: Final[dict[Field, Callable[[str], str | None]]] = {
    Field.SIREN: _siren,
    Field.SIRET: _siret,
    Field.VAT: _vat,
}
_INVALID: Final = {
    Field.SIREN: Reason.INVALID_SIREN,
    Field.SIRET: Reason.INVALID_SIRET,
    Field.VAT: Reason.INVALID_VAT,
}
