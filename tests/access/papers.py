"""A guarantee and a written notice of the first rep's customer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from storage import tables
from storage.work import Work


def papers_of(work: Work, mine: dict[str, int], item: int, at: datetime) -> dict[str, int]:
    """Add one of each and return their ids."""
    guarantee = {
        **mine,
        "uid": "22222222-0000-0000-0000-000000000003",
        "kind": "personal_surety",
        "amount_minor": 9_876_543,
        "currency": "EUR",
        "giver": "Mme Confidentielle",
        "mentions": "complete",
        "files": [{"file_id": "a-deed", "unique_id": "u"}],
        "added_at": at,
    }
    notice = {
        **mine,
        "uid": "22222222-0000-0000-0000-000000000004",
        "kind": "formal",
        "amount_minor": 9_876_543,
        "currency": "EUR",
        "items": [item],
        "days": 8,
        "body": "un mot secret",
        "drawn_at": at,
    }
    return {
        "guarantee": work.insert(insert(tables.guarantee), guarantee),
        "notice": work.insert(insert(tables.formal_notice), notice),
    }
