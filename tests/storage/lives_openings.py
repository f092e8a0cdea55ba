"""The account files that people leave behind: one refused, one accepted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from storage import tables
from storage.work import Work


def openings(work: Work, at: datetime, n: int, said: str) -> None:
    """Leave both files of the life `n`, each with an answer that says something of a person."""
    for key, state in ((n, "refused"), (100 + n, "accepted")):
        values: dict[str, Any] = {
            "id": key,
            "uid": f"of{key}",
            "person_id": n,
            "name": said,
            "state": state,
            "scope": "",
            "point": "",
            "created_at": at,
            "changed_at": at,
            "guarantees": [],
            "note": said,
        }
        work.execute(insert(tables.opening_file), values)
        answer = {"id": key, "opening_id": key, "person_id": n, "at": at}
        told = {"point": "signatory", "value": {"text": said}}
        work.execute(insert(tables.opening_answer), {**answer, **told})
