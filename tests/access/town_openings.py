"""A file of a company that is no customer yet, in the town of the access tests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert

from storage import tables
from storage.work import Work


def opening(work: Work, rep: int, at: datetime) -> int:
    """Leave a file with one answer and a picture."""
    values = {
        "uid": "22222222-0000-0000-0000-000000000003",
        "person_id": rep,
        "rep_code": "R1",
        "name": "Zéphyr Neuf",
        "siren": "732829320",
        "state": "draft",
        "scope": "bank",
        "point": "holder",
        "created_at": at,
        "changed_at": at,
        "guarantees": [],
        "note": "un mot secret",
    }
    key = work.insert(insert(tables.opening_file), values)
    for point, value in (
        ("name", {"text": "Zéphyr Neuf"}),
        ("rib", {"photos": [{"file_id": "f", "unique_id": "u"}]}),
    ):
        answer = {"opening_id": key, "point": point, "value": value}
        work.execute(insert(tables.opening_answer), {**answer, "person_id": rep, "at": at})
    return key
