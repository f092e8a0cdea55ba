"""What is looked at in an account file before it is decided, point against point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.use_cases.opening_answers import Answers, text_of
from credit.account_opening import HOLDER, IBAN, NAME, SIREN, SIRET, VAT, Checklist
from credit.identifiers import same_company, siren_of, siren_of_vat, vat_of

HOME = "FR"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `data` has what its sentence names."""

    code: str
    good: bool
    data: Mapping[str, Any] = field(default_factory=dict)


def look(checklist: Checklist, answers: Answers, today: date) -> list[Check]:
    """Look at everything that was answered; what has no answer is not looked at."""
    return [
        *_company(answers),
        *_bank(answers),
        *_ages(checklist, answers, today),
    ]


def _company(answers: Answers) -> Iterator[Check]:
    siren, siret, vat = (text_of(answers, code) for code in (SIREN, SIRET, VAT))
    if siren:
        yield Check("siren", good=True)
    if siren and siret:
        yield Check("siret", siren_of(siret) == siren)
    inside = siren_of_vat(vat) if vat else None
    if siren and inside:
        # The key of a French number follows from the SIREN (art. 286 ter CGI).
        yield Check("vat", inside == siren, {"expected": vat_of(siren)})


def _bank(answers: Answers) -> Iterator[Check]:
    iban, holder, name = (text_of(answers, code) for code in (IBAN, HOLDER, NAME))
    if iban:
        country = iban[:2]
        yield Check("iban", country == HOME, {"country": country})
    if holder and name:
        yield Check("holder", same_company(holder, name), {"holder": holder})


def _ages(checklist: Checklist, answers: Answers, today: date) -> Iterator[Check]:
    for point in checklist.points:
        stated = answers.get(point.code, {}).get("day")
        if point.max_age_days is None or stated is None:
            continue
        age = (today - date.fromisoformat(stated)).days
        yield Check("age", age <= point.max_age_days, {"label": point.label, "days": age})
