"""The words of the calculator: titles, parameters, figures, warnings and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from bot.screens.render import N_
from bot.screens.typology import LINES
from bot.use_cases.calculations.given import Kind


class Shape(Enum):
    """How a figure is written."""

    MONEY = auto()
    DATE = auto()
    NUMBER = auto()
    PERCENT = auto()
    TRUTH = auto()
    WORD = auto()
    SEGMENTS = auto()
    INSTALMENTS = auto()


TITLES: Final[Mapping[str, str]] = {
    "dso": N_("DSO, simple method"),
    "dso-countback": N_("DSO by exhaustion of sales"),
    "best-dso": N_("Best possible DSO and average days delinquent"),
    "weighted-delay": N_("Weighted average delay"),
    "cei": N_("Collection effectiveness (CEI)"),
    "credit-cost": N_("Cost of customer credit"),
    "late-cost": N_("Cost of one late payment"),
    "loss-turnover": N_("Turnover that makes up for a loss"),
    "unpaid-cost": N_("Cost of an unpaid invoice"),
    "discount": N_("Annual cost of a discount"),
    "forecast": N_("Expected cash"),
    "penalty": N_("Late-payment penalties"),
    "due-date": N_("Due date and legal ceiling"),
    "prescription": N_("Time limit to sue (prescription)"),
    "insolvency": N_("Deadlines of an insolvency"),
    "cheque": N_("Dates of a bounced cheque"),
    "direct-debit": N_("Dates of a returned direct debit"),
    "reject-fee": N_("Ceiling of the bank's reject fee"),
    "plan": N_("Payment plan"),
    "bailiff-fee": N_("Bailiff's fees on a sum collected"),
    "risk-class": N_("Risk class of a customer"),
    "credit-limit": N_("Credit limit"),
    "typology": N_("Typology of customers"),
}

PARAMETERS: Final[Mapping[str, str]] = {
    "receivables": N_("receivables at the end of the period, taxes included"),
    "sales": N_("sales of the period, taxes included (count-back: latest month first)"),
    "days": N_("number of days"),
    "not_due": N_("receivables not due"),
    "overdue": N_("receivables overdue"),
    "items": N_("amount and days of lateness of each invoice"),
    "net": N_("count early payments as negative"),
    "opening": N_("receivables at the beginning"),
    "closing": N_("receivables at the end"),
    "closing_not_due": N_("receivables at the end that are not due"),
    "dso": N_("DSO in days"),
    "rate": N_("rate a year (discount: of the amount)"),
    "amount": N_("amount, taxes included"),
    "base": N_("days of a year: 365 or 360"),
    "loss": N_("loss without taxes"),
    "margin": N_("net margin"),
    "without_taxes": N_("amount without taxes"),
    "fees": N_("bank and collection fees"),
    "vat_recoverable": N_("the VAT comes back"),
    "promises": N_("amounts promised and how likely they are"),
    "due": N_("due date (forecast: amounts due and how likely they are)"),
    "paid": N_("day of payment (today)"),
    "payments": N_("part payments"),
    "issued": N_("day of the invoice"),
    "terms": N_("term: net-60, eom-a-45, eom-b-45, eom-a-30-10"),
    "trade": N_(
        "trade with a ceiling of its own: periodic, transport, perishable, perishable_periodic, "
        "meat, alcohol, wine, export"
    ),
    "delivered": N_("day of delivery, where the law counts from it"),
    "acknowledged": N_("days of acknowledgements or part payments"),
    "kind": N_("kind of claim: b2b, b2c, transport, bill, judgment"),
    "on": N_("day of the computation (today)"),
    "published": N_("day of publication in the BODACC"),
    "abroad": N_("our company is outside metropolitan France"),
    "presented": N_("first presentation of the cheque"),
    "served": N_("service of the certificate of non-payment"),
    "debited": N_("day of the debit"),
    "scheme": N_("scheme of the direct debit"),
    "code": N_("return code of the bank"),
    "instrument": N_("what was rejected"),
    "instalments": N_("number of instalments"),
    "first": N_("day of the first instalment (today)"),
    "delay": N_("weighted delay of 12 months, in days"),
    "incidents": N_("rejects and broken promises of 12 months"),
    "score": N_("external score out of 10"),
    "company_age": N_("age of the company in years"),
    "relation_age": N_("age of the relation in years"),
    "legal": N_("public registers"),
    "field": N_("points of the field light"),
    "critical": N_("insolvency proceedings"),
    "monthly": N_("expected purchases a month, taxes included"),
    "class": N_("risk class"),
    "turnover": N_("turnover of twelve months with this customer, taxes included"),
    "equity": N_("the customer's equity"),
    "our_sales": N_("our turnover of a year without taxes"),
    "insured": N_("cover granted by the insurer"),
    "retained": N_("part that we keep beyond the cover"),
    "currency": N_("currency"),
}

KINDS: Final[Mapping[Kind, str]] = {
    Kind.AMOUNT: N_("an amount such as 1234.56"),
    Kind.PERCENT: N_("a percentage such as 4.5"),
    Kind.NUMBER: N_("a number"),
    Kind.DAYS: N_("a whole number of days"),
    Kind.COUNT: N_("a whole number"),
    Kind.DATE: N_("a date such as 2026-12-31"),
    Kind.FLAG: N_("true or false"),
    Kind.WORD: N_("a word"),
    Kind.TERMS: N_("a term such as net-60 or eom-a-45"),
    Kind.CURRENCY: N_("a currency such as EUR"),
    Kind.AMOUNTS_DAYS: N_("amount:days, separated by commas"),
    Kind.AMOUNTS_RATIOS: N_("amount:likelihood from 0 to 1, separated by commas"),
    Kind.DATED_AMOUNTS: N_("date:amount, separated by commas"),
    Kind.DATES: N_("dates separated by commas"),
}

FIGURES: Final[Mapping[str, tuple[str, Shape]]] = {
    "dso": (N_("DSO (days)"), Shape.NUMBER),
    "complete": (N_("history long enough"), Shape.TRUTH),
    "best_possible_dso": (N_("best possible DSO (days)"), Shape.NUMBER),
    "average_days_delinquent": (N_("average days delinquent"), Shape.NUMBER),
    "days": (N_("days of lateness"), Shape.NUMBER),
    "cei": (N_("CEI"), Shape.PERCENT),
    "receivables": (N_("receivables"), Shape.MONEY),
    "annual_cost": (N_("cost a year"), Shape.MONEY),
    "one_day_cash": (N_("cash of one day of DSO"), Shape.MONEY),
    "one_day_cost": (N_("cost of one day of DSO, a year"), Shape.MONEY),
    "cost": (N_("cost"), Shape.MONEY),
    "turnover": (N_("turnover to make"), Shape.MONEY),
    "loss": (N_("loss"), Shape.MONEY),
    "total": (N_("total"), Shape.MONEY),
    "annual": (N_("cost a year"), Shape.PERCENT),
    "expected": (N_("expected"), Shape.MONEY),
    "segments": (N_("by rate"), Shape.SEGMENTS),
    "penalty": (N_("penalties"), Shape.MONEY),
    "totals": (N_("total"), Shape.MONEY),
    "contract_floor": (N_("lowest lawful contract rate"), Shape.PERCENT),
    "due": (N_("due date"), Shape.DATE),
    "lawful": (N_("within the ceiling"), Shape.TRUTH),
    "limit": (N_("limit"), Shape.MONEY),
    "until": (N_("last day to sue"), Shape.DATE),
    "state": (N_("state"), Shape.WORD),
    "restarted_on": (N_("runs anew since"), Shape.DATE),
    "declare": (N_("declaration of the claim"), Shape.DATE),
    "reclaim": (N_("reclaiming goods under retention of title"), Shape.DATE),
    "relief": (N_("relief from foreclosure"), Shape.DATE),
    "certificate": (N_("certificate of non-payment from"), Shape.DATE),
    "title": (N_("enforceable title from"), Shape.DATE),
    "refund_until": (N_("refund possible until"), Shape.DATE),
    "unauthorised_until": (N_("contest as not authorised until"), Shape.DATE),
    "interbank_until": (N_("return between banks until"), Shape.DATE),
    "strength": (N_("what the code says"), Shape.WORD),
    "cap": (N_("ceiling"), Shape.MONEY),
    "instalments": (N_("instalments"), Shape.INSTALMENTS),
    "debtor_ht": (N_("charged to the debtor, without VAT"), Shape.MONEY),
    "debtor_ttc": (N_("charged to the debtor, with VAT"), Shape.MONEY),
    "creditor_ht": (N_("kept at our charge, without VAT"), Shape.MONEY),
    "creditor_ttc": (N_("kept at our charge, with VAT"), Shape.MONEY),
    "points": (N_("points"), Shape.NUMBER),
    "class": (N_("class"), Shape.WORD),
    "cell": (N_("what to do"), Shape.WORD),
    "threshold": (N_("high value from"), Shape.MONEY),
    "need": (N_("need"), Shape.MONEY),
    "bound": (N_("bounded by"), Shape.WORD),
    "flat_fee": (N_("flat fee"), Shape.MONEY),
}

WORDS: Final[Mapping[str, str]] = {
    "open": N_("open"),
    "orange": N_("less than a year left"),
    "red": N_("less than three months left"),
    "expired": N_("expired"),
    "strong": N_("lack of funds"),
    "medium": N_("to be explained by a call today"),
    "technical": N_("technical fault"),
    "need": N_("the need"),
    "equity": N_("the customer's equity"),
    "our_sales": N_("our own turnover"),
    "insured": N_("the insurer's cover"),
    **{cell.value: words for cell, words in LINES.items()},
}

NOTES: Final[Mapping[str, str]] = {
    "no_sales": N_("Without sales there is no DSO."),
    "history_too_short": N_("History too short: more is owed than these months explain."),
    "nothing_to_weigh": N_("There is no amount to weigh."),
    "nothing_to_collect": N_("Nothing could be collected in this period."),
    "no_margin": N_("Without margin, nothing makes up for the loss."),
    "unverified": N_("Value to be checked: it was not read in an official source."),
    "estimated_rate": N_("Estimate: the rate of this half-year is still to be entered."),
    "below_legal_floor": N_(
        "This contract rate is below the legal floor of three times the legal rate."
    ),
    "above_ceiling": N_("This term is above the legal ceiling."),
    "delivery_assumed": N_(
        "The law counts this ceiling from the delivery: the day of the invoice was taken for it."
    ),
    "credit_manager_decides": N_("Only the credit manager grants a payment plan."),
    "plan_too_long": N_(
        "Beyond six instalments or 90 days: more than a payment plan usually allows."
    ),
    "limit_short_of_need": N_(
        "The limit does not cover the need: shorter terms, a guarantee or a deposit."
    ),
}

REASONS: Final[Mapping[str, str]] = {
    "unreadable": N_(
        "{calculation}: {name}={text} cannot be read. Expected: {expected}, e.g. {example}."
    ),
    "unknown_calculation": N_("There is no calculation {calculation}. Did you mean: {name}?"),
    "no_such_calculation": N_("There is no calculation {calculation}. The list shows them all."),
    "unknown_parameter": N_("{calculation} takes no {name}."),
    "missing_parameter": N_("{calculation} needs {name}: {expected}, e.g. {name}={example}."),
    "not_a_pair": N_("{calculation}: write key=value, not {text}."),
    "told_twice": N_("{calculation}: {name} is told twice."),
    "too_many_decimals": N_("{calculation}: {text} has more decimals than the currency."),
    "out_of_bounds": N_("{calculation}: {name} must be {text}."),
    "not_a_base": N_("{calculation}: the base is 365 or 360, not {text}."),
    "not_a_period": N_("{calculation}: a month of sales has 1 to 366 days, not {text}."),
    "nothing_given": N_("{calculation}: give promises, due items, or both."),
    "no_rate_known": N_("{calculation}: no late-payment rate is known."),
    "no_ceiling_known": N_("{calculation}: no ceiling is known for {text}."),
    "no_limit_known": N_("{calculation}: no time limit is known for {text}."),
    "no_tariff_known": N_("{calculation}: no tariff is known for {text}."),
    "too_many_values": N_("{calculation}: one value too many, {text}."),
    "ambiguous_amount": N_("{calculation}: {text} can be read in two ways. Write {name}=12500."),
    "too_many_instalments": N_(
        "{calculation}: this amount cannot be split into {text} instalments."
    ),
}
