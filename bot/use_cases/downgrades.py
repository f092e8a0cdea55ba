"""A class that falls at once: a K signal makes it E, a reject of a payment rates it anew.

Handbook 5.4: « downgrade at once on K or C1-05; upgrade only at review ». The limit stays as it
was and its review is due the same day: a credit manager decides what becomes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.use_cases import credit_standing
from bot.use_cases.credit_deciding import Decided, Proposal, decided_limit, propose, put
from credit.review import is_worse
from credit.risk_class import RiskClass
from storage import credit_decisions, customers

if TYPE_CHECKING:
    from bot.alerts.evaluation import Assessment
    from bot.use_cases.rules import Rules
    from storage.events import Origin
    from storage.work import Work

REJECT = "C1-05"


def follow_up(work: Work, origin: Origin, found: Assessment, before: str, rules: Rules) -> bool:
    """Lower the class of a customer whose new signals ask for it; tell whether it fell.

    `before` are the signals known before, as they are stored: what lit then has done its part.
    """
    calls = [one.id for one in found.signals if one.critical or one.id == REJECT]
    if all(f'"id":"{one}"' in before for one in calls):
        return False
    customer = customers.by_id(work, found.customer)
    classes = {one.value for one in RiskClass}
    if customer is None or customer.risk_class not in classes - {RiskClass.E.value}:
        return False
    seen = credit_standing.read(work, found.customer, origin.at, rules)
    proposal = propose(seen, rules)
    rated = RiskClass.E if found.critical else proposal.rating.risk
    if proposal.in_force is None or not is_worse(rated, proposal.in_force):
        return False
    cause = credit_decisions.CRITICAL if found.critical else credit_decisions.REJECT
    put(work, origin, proposal, _fallen(proposal, rated, cause, rules), rules)
    return True


def _fallen(proposal: Proposal, risk: RiskClass, cause: str, rules: Rules) -> Decided:
    today = proposal.seen.account.today
    return Decided(risk, decided_limit(proposal, rules), cause, None, None, today)
