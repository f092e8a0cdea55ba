"""The rules of retention for files of accounts to be opened, which name persons and banks."""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, exists, or_

from storage.openings import ACCEPTED
from storage.retention import Rule, deleting
from storage.tables import customer, item, opening_answer, opening_file

# The company owes nothing (any more), or never became a customer: its file is of no use.
_UNUSED = ~exists().where(
    or_(customer.c.siren == opening_file.c.siren, customer.c.code == opening_file.c.code),
    item.c.customer_id == customer.c.id,
    item.c.open_minor != 0,
)

OPENING_RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "openings_left",
        "case_texts",
        opening_file.c.id,
        opening_file.c.changed_at,
        deleting(opening_file.c.id, opening_answer.c.opening_id),
        relevant=opening_file.c.state != ACCEPTED,
        keep_last=True,
    ),
    Rule(
        "openings",
        "cases",
        opening_file.c.id,
        opening_file.c.changed_at,
        deleting(opening_file.c.id, opening_answer.c.opening_id),
        relevant=and_(opening_file.c.state == ACCEPTED, _UNUSED),
        keep_last=True,
    ),
)
