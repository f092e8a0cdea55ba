"""Customers: from the cells of a line to a typed row."""

from __future__ import annotations

from storage.sync.reading.fields import Field
from storage.sync.reading.reasons import Reason, Refused
from storage.sync.reading.rows import CustomerRow
from storage.sync.reading.texts import Cell, cell_text, clean, code_from_name
from storage.sync.reading.values import Values


class Customers:
    """Reads the customers' file."""

    def __init__(self, values: Values) -> None:
        """Prepare the columns once for all lines."""
        self._values = values
        self._at = {field: values.columns.index(field) for field in Field}
        self._phones = values.columns.every(Field.PHONE)
        self._addresses = values.columns.every(Field.ADDRESS)

    def read(self, line: int, cells: list[Cell]) -> CustomerRow:
        """Return the customer of a line; refuse a line without a code or without a name."""
        name = self._text(line, cells, Field.CUSTOMER_NAME)
        code = self._code(line, cells, name)
        if name is None:
            raise Refused(Reason.MISSING_NAME, "", self._at[Field.CUSTOMER_NAME])
        limit, currency = self._limit(cells)
        siret = self._values.siret(line, cells)
        return CustomerRow(
            line,
            code,
            name,
            siren=self._values.siren(line, cells) if self._has(Field.SIREN) else _start(siret),
            siret=siret,
            vat=self._values.vat(line, cells),
            rep_code=self._values.code(line, cells, self._at[Field.REP_CODE]),
            rep_name=self._text(line, cells, Field.REP_NAME),
            team=self._text(line, cells, Field.TEAM),
            credit_limit_minor=limit,
            currency=currency,
            terms=self._text(line, cells, Field.TERMS),
            phone=self._first(line, cells),
            email=self._email(line, cells),
            contact_name=self._text(line, cells, Field.CONTACT_NAME),
            contact_role=self._text(line, cells, Field.CONTACT_ROLE),
            address=self._address(line, cells),
            group_code=self._values.code(line, cells, self._at[Field.GROUP_CODE]),
        )

    def _has(self, field: Field) -> bool:
        return self._at[field] >= 0

    def _text(self, line: int, cells: list[Cell], field: Field) -> str | None:
        return self._values.text(line, cells, self._at[field])

    def _code(self, line: int, cells: list[Cell], name: str | None) -> str:
        if not self._has(Field.CUSTOMER_CODE):
            code = code_from_name(name) if name else None
        else:
            code = self._values.code(line, cells, self._at[Field.CUSTOMER_CODE])
        if code is None:
            at = self._at[Field.CUSTOMER_CODE]
            raise Refused(Reason.MISSING_CUSTOMER, "", at if at >= 0 else None)
        return code

    def _limit(self, cells: list[Cell]) -> tuple[int | None, str]:
        stated = self._values.stated_currency(cells)
        at = self._at[Field.CREDIT_LIMIT]
        money = self._values.money(cells, Field.CREDIT_LIMIT, at, stated) if at >= 0 else None
        return money or (None, stated or self._values.default_currency)

    def _first(self, line: int, cells: list[Cell]) -> str | None:
        phones = (self._values.text(line, cells, index) for index in self._phones)
        return next((phone for phone in phones if phone), None)

    def _address(self, line: int, cells: list[Cell]) -> str | None:
        parts = (self._values.text(line, cells, index) for index in self._addresses)
        return ", ".join(part for part in parts if part) or None

    def _email(self, line: int, cells: list[Cell]) -> str | None:
        at = self._at[Field.EMAIL]
        if at < 0:
            return None
        text = clean(cell_text(cells[at]))[0].removeprefix("mailto:")
        name, _, domain = text.partition("@")
        if not text:
            return None
        if not name or "." not in domain or " " in text or "@" in domain:
            self._values.reporter.warn(line, at, text, Reason.INVALID_EMAIL)
            return None
        return text


def _start(siret: str | None) -> str | None:
    return siret[:9] if siret else None
