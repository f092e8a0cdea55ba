"""What a file may be about, and what a column may mean."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """What the lines of a file are."""

    RECEIVABLES = "receivables"
    CUSTOMERS = "customers"
    PAYMENTS = "payments"
    HISTORY = "history"


class Means(StrEnum):
    """How a payment was made."""

    TRANSFER = "transfer"
    INSTANT = "instant"
    CHEQUE = "cheque"
    BILL = "bill"
    DIRECT_DEBIT = "direct_debit"
    CARD = "card"
    CASH = "cash"
    OTHER = "other"


class Field(StrEnum):
    """What a column means; the value is the name used in `--map field=header`."""

    CUSTOMER_CODE = "customer_code"
    CUSTOMER_NAME = "customer_name"
    SIREN = "siren"
    SIRET = "siret"
    VAT = "vat"
    NUMBER = "invoice_number"
    ISSUED_ON = "invoice_date"
    DUE_ON = "due_date"
    AMOUNT = "amount_total"
    NET = "amount_net"
    OPEN = "amount_open"
    PAID = "amount_paid"
    DEBIT = "debit"
    CREDIT = "credit"
    SIGN = "sign"
    LETTRAGE = "lettrage"
    DOC_TYPE = "doc_type"
    TERMS = "payment_terms"
    REP_CODE = "rep_code"
    REP_NAME = "rep_name"
    TEAM = "team"
    CREDIT_LIMIT = "credit_limit"
    CURRENCY = "currency"
    DISPUTED = "disputed"
    REFERENCE = "reference"
    ORDER_NUMBER = "order_number"
    SETTLED_ON = "settled_on"
    RECEIVED_ON = "received_on"
    MEANS = "means"
    PHONE = "phone"
    EMAIL = "email"
    CONTACT_NAME = "contact_name"
    CONTACT_ROLE = "contact_role"
    ADDRESS = "address"
    GROUP_CODE = "group_code"
    BUCKET = "bucket"


ALIASES: Final = MappingProxyType(
    {
        "number": Field.NUMBER,
        "issued_on": Field.ISSUED_ON,
        "due_on": Field.DUE_ON,
        "amount": Field.AMOUNT,
        "open": Field.OPEN,
        "paid": Field.PAID,
        "code": Field.CUSTOMER_CODE,
        "name": Field.CUSTOMER_NAME,
        "terms": Field.TERMS,
        "payment_date": Field.RECEIVED_ON,
        "settled_date": Field.SETTLED_ON,
    }
)
"""Names that a person may give to a field besides its own."""

DATES: Final = frozenset({Field.ISSUED_ON, Field.DUE_ON, Field.SETTLED_ON, Field.RECEIVED_ON})
MONEY: Final = frozenset(
    {Field.AMOUNT, Field.OPEN, Field.PAID, Field.DEBIT, Field.CREDIT, Field.CREDIT_LIMIT}
)
SEVERAL: Final = frozenset({Field.ADDRESS, Field.PHONE, Field.BUCKET})
"""Fields that may be spread over several columns."""

_ITEM: Final = frozenset(
    {
        *(Field.CUSTOMER_CODE, Field.CUSTOMER_NAME, Field.SIREN, Field.SIRET, Field.VAT),
        *(Field.NUMBER, Field.ISSUED_ON, Field.DUE_ON, Field.AMOUNT, Field.NET, Field.OPEN),
        *(Field.PAID, Field.DEBIT, Field.CREDIT, Field.SIGN, Field.LETTRAGE, Field.DOC_TYPE),
        *(Field.TERMS, Field.REP_CODE, Field.REP_NAME, Field.CURRENCY, Field.DISPUTED),
        *(Field.REFERENCE, Field.ORDER_NUMBER, Field.BUCKET),
    }
)
ADMITTED: Final = MappingProxyType(
    {
        Kind.RECEIVABLES: _ITEM,
        Kind.HISTORY: _ITEM | {Field.SETTLED_ON},
        Kind.PAYMENTS: frozenset(
            {
                *(Field.CUSTOMER_CODE, Field.CUSTOMER_NAME, Field.RECEIVED_ON, Field.AMOUNT),
                *(Field.DEBIT, Field.CREDIT, Field.SIGN, Field.CURRENCY, Field.MEANS),
                *(Field.NUMBER, Field.REFERENCE, Field.DOC_TYPE),
            }
        ),
        Kind.CUSTOMERS: frozenset(
            {
                *(Field.CUSTOMER_CODE, Field.CUSTOMER_NAME, Field.SIREN, Field.SIRET, Field.VAT),
                *(Field.REP_CODE, Field.REP_NAME, Field.TEAM, Field.CREDIT_LIMIT, Field.CURRENCY),
                *(Field.TERMS, Field.PHONE, Field.EMAIL, Field.CONTACT_NAME, Field.CONTACT_ROLE),
                *(Field.ADDRESS, Field.GROUP_CODE),
            }
        ),
    }
)
"""The fields that have a meaning in each kind of file."""


def field_named(name: str) -> Field | None:
    """Return the field a person means by `name`, or nothing when there is none."""
    wanted = name.strip().lower().replace("-", "_")
    if wanted in ALIASES:
        return ALIASES[wanted]
    return next((field for field in Field if field.value == wanted), None)
