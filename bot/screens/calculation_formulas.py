"""How each calculation is called when it is typed, its theme, and its formula in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.screens.render import N_

THEMES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "late": (
        N_("⏰ Late invoices"),
        ("penalty", "late-cost", "plan", "prescription", "bailiff-fee", "unpaid-cost"),
    ),
    "law": (
        N_("📅 Dates and deadlines"),
        ("due-date", "cheque", "direct-debit", "reject-fee", "insolvency"),
    ),
    "costs": (
        N_("💶 Cost of credit"),
        ("credit-cost", "loss-turnover", "discount", "forecast"),
    ),
    "speed": (
        N_("📈 DSO and delays"),
        ("dso", "dso-countback", "best-dso", "weighted-delay", "cei"),
    ),
    "risk": (N_("🛡 Risk and limit"), ("risk-class", "credit-limit", "typology")),
}

NAMES: Final[Mapping[str, str]] = {
    "dso": N_("dso"),
    "dso-countback": N_("dso-exhaustion"),
    "best-dso": N_("dso-best"),
    "weighted-delay": N_("average-delay"),
    "cei": N_("cei"),
    "credit-cost": N_("credit-cost"),
    "late-cost": N_("late-cost"),
    "loss-turnover": N_("turnover"),
    "unpaid-cost": N_("unpaid"),
    "discount": N_("discount"),
    "forecast": N_("forecast"),
    "penalty": N_("penalties"),
    "due-date": N_("due-date"),
    "prescription": N_("time-limit"),
    "insolvency": N_("insolvency"),
    "cheque": N_("bounced-cheque"),
    "direct-debit": N_("returned-debit"),
    "reject-fee": N_("reject-fee"),
    "plan": N_("payment-plan"),
    "bailiff-fee": N_("bailiff"),
    "risk-class": N_("risk-class"),
    "credit-limit": N_("credit-limit"),
    "typology": N_("typology"),
}

FORMULAS: Final[Mapping[str, str]] = {
    "dso": N_("receivables ÷ sales of the period × days of the period"),
    "dso-countback": N_(
        "take the sales of each month off the receivables, latest first, and count its days; "
        "of the last month, the part that is used"
    ),
    "best-dso": N_("best: not due ÷ sales × days; delinquent: overdue ÷ sales × days"),
    "weighted-delay": N_("sum of amount × days of lateness ÷ sum of amounts"),
    "cei": N_(
        "(opening + sales − closing) ÷ (opening + sales − closing not due) × 100: "
        "what was collected of what could be"
    ),
    "credit-cost": N_("receivables = sales × DSO ÷ 365; cost a year = receivables × rate"),
    "late-cost": N_("amount × rate × days ÷ 365 (or 360)"),
    "loss-turnover": N_("loss without taxes ÷ net margin"),
    "unpaid-cost": N_(
        "loss (without taxes when the VAT comes back, else with taxes) + bank and collection fees"
    ),
    "discount": N_("rate ÷ (100 − rate) × 365 ÷ days gained"),
    "forecast": N_("sum of each amount × how likely it is"),
    "penalty": N_(
        "amount due with taxes × rate of the half-year × days ÷ {base}, from the day after the due "
        "date to the day of payment, + flat fee per late invoice"
    ),
    "due-date": N_("day of the invoice + term; ceiling: {net} days, or {eom} days end of month"),
    "prescription": N_(
        "due date + years of the kind of claim; an acknowledgement or a part payment before the "
        "end starts it anew, a formal notice does not"
    ),
    "insolvency": N_("day of publication in the BODACC + months of each deadline"),
    "cheque": N_(
        "certificate: first presentation + {certificate} days; "
        "enforceable title: service + {title} days"
    ),
    "direct-debit": N_("day of the debit + weeks, months or working days of the scheme"),
    "reject-fee": N_("ceiling by instrument and amount"),
    "plan": N_("amount ÷ number of instalments, one a month; the last takes the cents"),
    "bailiff-fee": N_("each slice of the amount × its percentage, then + VAT"),
    "risk-class": N_("sum of the points of each criterion; the class is read on the scale"),
    "typology": N_("turnover of twelve months (high or low) against class: A–B, C, D–E"),
    "credit-limit": N_(
        "purchases a month × (days + tolerance) ÷ 30 × factor of the class, "
        "bounded by equity, our turnover and the insurer's cover"
    ),
}
