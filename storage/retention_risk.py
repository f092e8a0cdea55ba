"""The rules of retention for what was decided of customers: texts and names go before rows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, or_

from storage.retention import Rule, blanking, deleting
from storage.tables import credit_decision, credit_known, formal_notice, guarantee

# A notice that never left is of no use from the day it was drawn up.
_NOTICE_OVER = func.coalesce(
    formal_notice.c.ended_at, formal_notice.c.drawn_at, type_=formal_notice.c.drawn_at.type
)

RISK_RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "decision_reasons",
        "case_texts",
        credit_decision.c.id,
        credit_decision.c.ended_at,
        blanking(credit_decision.c.id, reason=None),
        relevant=credit_decision.c.reason.is_not(None),
    ),
    Rule(
        "decisions",
        "cases",
        credit_decision.c.id,
        credit_decision.c.ended_at,
        deleting(credit_decision.c.id),
        keep_last=True,
    ),
    Rule(
        "known_figures",
        "cases",
        credit_known.c.customer_id,
        credit_known.c.at,
        deleting(credit_known.c.customer_id),
    ),
    Rule(
        "guarantee_texts",
        "case_texts",
        guarantee.c.id,
        guarantee.c.ended_at,
        blanking(guarantee.c.id, giver=None, reference=None, files=[]),
        relevant=or_(
            guarantee.c.giver.is_not(None),
            guarantee.c.reference.is_not(None),
            guarantee.c.files != [],
        ),
    ),
    Rule(
        "guarantees",
        "cases",
        guarantee.c.id,
        guarantee.c.ended_at,
        deleting(guarantee.c.id),
        keep_last=True,
    ),
    Rule(
        "formal_notices",
        "cases",
        formal_notice.c.id,
        _NOTICE_OVER,
        deleting(formal_notice.c.id),
        keep_last=True,
    ),
)
