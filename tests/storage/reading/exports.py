"""Builders of exports as credit managers' packages write them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from storage.sync.reading import (
    CustomerRow,
    HistoryRow,
    Kind,
    PaymentRow,
    Reading,
    ReceivableRow,
    Remembered,
    read_bytes,
)

HEADER = "Code client;Raison sociale;N° facture;Date facture;Date d'échéance;Montant TTC;Solde dû"


def read(
    content: str | bytes,
    *,
    kind: Kind | None = None,
    overrides: Mapping[str, str] | None = None,
    remembered: Remembered | None = None,
    encoding: str = "utf-8",
    default_currency: str = "EUR",
) -> Reading:
    data = content.encode(encoding) if isinstance(content, str) else content
    return read_bytes(
        "export.csv",
        data,
        kind=kind,
        overrides=overrides or {},
        remembered=remembered,
        default_currency=default_currency,
    )


def items(reading: Reading) -> list[ReceivableRow]:
    return [row for row in reading.rows() if isinstance(row, ReceivableRow)]


def history(reading: Reading) -> list[HistoryRow]:
    return [row for row in reading.rows() if isinstance(row, HistoryRow)]


def payments(reading: Reading) -> list[PaymentRow]:
    return [row for row in reading.rows() if isinstance(row, PaymentRow)]


def customers(reading: Reading) -> list[CustomerRow]:
    return [row for row in reading.rows() if isinstance(row, CustomerRow)]


def an_export(*lines: str, header: str = HEADER) -> str:
    return "\n".join((header, *lines)) + "\n"


def a_line(
    *,
    code: str = "C001",
    name: str = "Boulangerie Hélène",
    number: str = "FA001",
    issued: str = "15/09/2026",
    due: str = "15/10/2026",
    amount: str = "100,00",
    opened: str = "100,00",
) -> str:
    return f"{code};{name};{number};{issued};{due};{amount};{opened}"


def a_workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                else:
                    sheet.write(line, column, value)
    workbook.close()
    return buffer.getvalue()
