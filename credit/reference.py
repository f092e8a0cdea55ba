"""The dated legal data of the house, in one value: each part with its source and its check."""

from __future__ import annotations

from dataclasses import dataclass

from credit.account_opening import Checklist
from credit.bailiff import Tariff
from credit.cost import Financing
from credit.guarantees import GuaranteeLaw
from credit.insolvency import InsolvencyLaw
from credit.penalty import RateTable
from credit.prescription import TimeLimits
from credit.returns import ReturnLaw
from credit.terms import TermsLaw


@dataclass(frozen=True, slots=True)
class Reference:
    """What `config/reference/` holds; the credit manager edits it (handbook 13)."""

    rates: RateTable
    terms: TermsLaw
    limits: TimeLimits
    insolvency: InsolvencyLaw
    returns: ReturnLaw
    tariffs: tuple[Tariff, ...]
    financing: Financing
    opening: Checklist
    guarantees: GuaranteeLaw
