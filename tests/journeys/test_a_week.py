"""Acceptance 3: a company's week, from the first invitation to the broadcast's report."""

from __future__ import annotations

from tests.journeys import story
from tests.journeys.harness import Company
from tests.journeys.story import Step


def play(company: Company, steps: list[Step]) -> None:
    for step in steps:
        step.gesture(company)
        step.seen(company)


def test_a_week(company: Company) -> None:
    payloads = {
        "Rémi": company.invitation("rep", "R1", name="Rémi"),
        "Emily": company.invitation("rep", "R2", name="Emily"),
        "Magali": company.invitation("sales-manager", "R1", "R2", name="Magali"),
        "Claire": company.invitation("credit-manager", name="Claire"),
    }
    for name in payloads:
        company.meet(name, "en" if name == "Emily" else "fr")
    assert company.start() < 20
    play(company, story.arrivals(payloads))
    play(company, story.FILES)
    play(company, story.CALL)
    play(company, story.PROMISE)
    play(company, story.DISPUTE)
    assert not company.refused_calls()
