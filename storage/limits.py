"""The class and the limit in force: what the credit manager decided, else what the ledger says."""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, case, func

from storage.tables import credit_decision, customer

RATED: Final = customer.outerjoin(
    credit_decision,
    and_(credit_decision.c.customer_id == customer.c.id, credit_decision.c.ended_at.is_(None)),
)
"""Customers, each with the decision in force where there is one."""

_DECIDED = and_(credit_decision.c.applies.is_(True), credit_decision.c.limit_minor.is_not(None))
LIMIT_MINOR = case(
    (_DECIDED, credit_decision.c.limit_minor), else_=customer.c.credit_limit_minor
).label("limit_now")
LIMIT_CURRENCY = case(
    (_DECIDED, credit_decision.c.limit_currency), else_=customer.c.limit_currency
).label("currency_now")
RISK_CLASS = func.coalesce(credit_decision.c.risk_class, customer.c.risk_class).label("class_now")
VALID_UNTIL = credit_decision.c.valid_until.label("limit_until")
