"""Words of the dashboard: its blocks, what each figure is called and how it is counted."""

from __future__ import annotations

from bot.screens.render import N_
from credit.people import Role

BLOCKS = {
    "volume": ("📦", N_("Volume")),
    "speed": ("⏱", N_("Speed")),
    "quality": ("🎯", N_("Quality")),
    "risk": ("🚦", N_("Risk")),
    "promises": ("🤝", N_("Promises")),
    "disputes": ("⚖️", N_("Disputes")),
    "forecast": ("💶", N_("Cash in 4 weeks")),
    "cost": ("🏦", N_("Cost")),
    "reps": ("👥", N_("By rep")),
}
SCOPES = {
    Role.REP: N_("Your portfolio ({codes})"),
    Role.SALES_MANAGER: N_("Your team ({codes})"),
    Role.CREDIT_MANAGER: N_("All portfolios"),
    Role.ADMIN: N_("All portfolios"),
}
FAMILIES = {
    "payment": N_("Payment"),
    "commercial": N_("Orders"),
    "public": N_("Public records"),
    "field": N_("On site"),
}
COLOURS = {
    1: N_("to watch"),
    2: N_("warning"),
    3: N_("serious"),
    4: N_("critical"),
}
LABELS = {
    "total": N_("Receivables"),
    "overdue": N_("Overdue"),
    "concentration": N_("Ten largest"),
    "dso": N_("DSO"),
    "late_days": N_("of which late (ADD)"),
    "best": N_("of which terms (BPDSO)"),
    "back": N_("DSO by count-back"),
    "effectiveness": N_("CEI"),
    "over_60": N_("Late by more than 60 d"),
    "over_90": N_("Late by more than 90 d"),
    "alerts": N_("Accounts"),
    "over_limit": N_("Over the limit"),
    "kept": N_("Promises kept"),
    "kept_money": N_("Kept, by amount"),
    "disputes": N_("Open disputes"),
    "disputed": N_("Disputed"),
    "overran": N_("Past their target"),
    "in_time": N_("Closed in time"),
    "expected": N_("Expected"),
    "promised": N_("Promised"),
    "due": N_("Falling due"),
    "trust": N_("Reliability of promises"),
    "cost": N_("A month of credit"),
    "rate": N_("Yearly rate"),
}
FORMULAS = {
    "total": N_("what is open, taxes included, credit notes and unapplied cash deducted"),
    "overdue": N_("due before today; in percent of debts before credits; target: under 15%"),
    "concentration": N_("debts of the ten largest debtors / all debts"),
    "dso": N_("receivables / sales of the period × days, all taxes included"),
    "late_days": N_("overdue / sales × days; target: under 8 d"),
    "best": N_("not yet due / sales × days"),
    "back": N_("the sales of past months, the latest first, until the receivables are used up"),
    "effectiveness": N_(
        "(opening + sales − closing) / (opening + sales − closing not due); target: above 80%"
    ),
    "over_60": N_("61 days late and more / debts before credits"),
    "over_90": N_("91 days late and more / debts before credits"),
    "alerts": N_("accounts with an alert that is lit, by level; below, lights by family"),
    "over_limit": N_("accounts whose receivables pass their limit, and by how much in all"),
    "kept": N_("kept in time / judged, over 12 months; target: above 70%"),
    "kept_money": N_("amount of promises kept in time / amount of promises judged"),
    "disputes": N_("disputes that hold money back now, by reason"),
    "disputed": N_("their amount, in percent of debts; target: under 5%"),
    "overran": N_("open disputes whose target date is over, all currencies"),
    "in_time": N_("closed by the target date / closed, over 12 months, all currencies"),
    "expected": N_("promises × their reliability + falling due × what each customer pays in time"),
    "promised": N_("instalments promised for the next 28 days"),
    "due": N_("invoices due in the next 28 days, what is promised deducted"),
    "trust": N_("amount kept / amount promised, over 12 months; 60% below five promises"),
    "cost": N_("receivables × yearly rate / 12"),
    "rate": N_("the rate at which the house finances its receivables (reference financing.toml)"),
}
