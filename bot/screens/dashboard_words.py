"""Words of the dashboard: its blocks, what each figure is called and how it is counted."""

from __future__ import annotations

from bot.screens.render import N_
from credit.people import Role

BLOCKS = {
    "volume": ("📦", N_("Volume")),
    "speed": ("⏱", N_("Speed")),
    "quality": ("🎯", N_("Quality")),
    "risk": ("🚦", N_("Risk")),
    "activity": ("📞", N_("Activity")),
    "promises": ("🤝", N_("Promises")),
    "disputes": ("✋", N_("Disputes")),
    "orders": ("🧾", N_("Held orders")),
    "legal": ("🏛", N_("Legal")),
    "forecast": ("💶", N_("Cash in 4 weeks")),
    "cost": ("🏦", N_("Cost")),
    "reps": ("👥", N_("By rep")),
}
# What a role acts on comes first; the others follow in the order above.
FIRST = {
    Role.REP: ("volume", "activity", "promises", "disputes", "orders", "risk"),
    Role.SALES_MANAGER: ("volume", "reps", "activity", "promises", "orders", "disputes"),
}
CHANNELS = {
    "call": N_("calls"),
    "visit": N_("visits"),
    "message": N_("messages"),
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
    2: N_("on alert"),
    3: N_("on red alert"),
    4: N_("frozen"),
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
    "classes": N_("Customers by class"),
    "covered": N_("Guaranteed"),
    "contacts": N_("Contacts"),
    "reached": N_("Reached"),
    "made": N_("Promises made"),
    "kept_lately": N_("Promises kept lately"),
    "first_age": N_("Late at the first contact"),
    "silent": N_("Never contacted"),
    "waiting": N_("Requests that wait"),
    "held": N_("Held by the order desk"),
    "released": N_("Released"),
    "refused": N_("Refused"),
    "hours": N_("Time to answer"),
    "answered": N_("Answered in time"),
    "notices": N_("Formal notices"),
    "frozen": N_("Frozen accounts"),
    "ageing": N_("Soon out of time"),
    "lapsed": N_("Out of time"),
    "deadlines": N_("Steps dated by law"),
    "dispute_age": N_("Mean age"),
    "causes": N_("Causes"),
    "did": N_("🤝 ✋ 👁 💶"),
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
    "late_days": N_(
        "DSO − BPDSO: overdue, less the credits, which meet it first / sales × days; "
        "target: under 8 d"
    ),
    "best": N_("what of the receivables is not overdue / sales × days"),
    "back": N_("the sales of past months, the latest first, until the receivables are used up"),
    "effectiveness": N_(
        "(opening + sales − closing) / (opening + sales − what of the closing is not overdue); "
        "target: above 80%"
    ),
    "over_60": N_("61 days late and more / debts before credits"),
    "over_90": N_("91 days late and more / debts before credits"),
    "alerts": N_("accounts with an alert that is lit, by level; below, lights by family"),
    "over_limit": N_("accounts whose receivables pass their limit, and by how much in all"),
    "classes": N_("class decided, else that of the ledger"),
    "covered": N_("guarantees that run, each up to its customer's debt / debts before credits"),
    "contacts": N_("calls, visits and messages recorded in 30 days"),
    "reached": N_("contacts where somebody answered / contacts"),
    "made": N_("firm promises made in 30 days, those withdrawn left out"),
    "kept_lately": N_("kept in time / judged in 30 days"),
    "first_age": N_(
        "first contact after the oldest unpaid due date − that date, mean of customers"
    ),
    "silent": N_("customers overdue today whom nobody contacted since their oldest due date"),
    "waiting": N_("requests to release an order without an answer"),
    "held": N_("orders that the order desk states as held"),
    "released": N_("requests of 30 days granted, against a deposit or not"),
    "refused": N_("requests of 30 days refused"),
    "hours": N_("from request to answer, mean of 30 days, nights included"),
    "answered": N_("answers within the target / answers"),
    "notices": N_("formal notices sent in 12 months, their amount"),
    "frozen": N_("accounts frozen by a critical signal, what they owe before credits"),
    "ageing": N_("debts near the end of the time to sue, from the due date (time_limits.toml)"),
    "lapsed": N_("debts past that time, unless acknowledged, part paid or sued for since"),
    "deadlines": N_("declarations, claims for goods and oppositions still to be done"),
    "dispute_age": N_("days since opening, mean of the disputes that wait for a decision"),
    "causes": N_("reasons of the disputes opened in 12 months, the most frequent first"),
    "did": N_(
        "promises kept/judged in 12 months · open disputes · sightings in 30 days · paid late in "
        "30 days (in percent of it and what is overdue)"
    ),
    "kept": N_("kept in time / judged, over 12 months; target: above 70%"),
    "kept_money": N_(
        "amount of promises kept in time / amount of promises judged, less credit notes"
    ),
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
