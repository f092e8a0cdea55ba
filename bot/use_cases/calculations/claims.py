"""What a late invoice gives a right to, until when, and what collecting it costs."""

from __future__ import annotations

from decimal import Decimal

from bot.use_cases.calculations.given import (
    Answer,
    Calculation,
    Given,
    ImpossibleValue,
    Kind,
    Parameter,
)
from bot.use_cases.calculations.plain import amount, day, hundredth
from credit import bailiff, insolvency, plan, prescription, returns
from credit.calendar import WorkingCalendar
from credit.penalty import NoRate, Segment, Semester, late_payment
from credit.terms import due_date

ZERO, ONE = Decimal(0), Decimal(1)
UNVERIFIED, ESTIMATED = "unverified", "estimated_rate"
AMOUNT = Parameter("amount", Kind.AMOUNT, "12000", least=ZERO)


def _penalty(given: Given) -> Answer:
    rate = given.decimal_or("rate", None)
    try:
        found = late_payment(
            given.money("amount"),
            given.day("due"),
            given.day_or("paid", given.sources.today),
            given.sources.reference.rates,
            contract_rate=rate,
            payments=given.dated("payments"),
        )
    except NoRate:
        raise ImpossibleValue("due", "no_rate_known") from None
    notes = [] if found.verified else [UNVERIFIED]
    notes += [ESTIMATED] if found.estimated else []
    floor = given.sources.reference.rates.contract_floor(Semester.of(given.day("due")))
    if rate is not None and rate < floor:
        notes.append("below_legal_floor")
    totals = {currency: amount(money) for currency, money in found.totals.items()}
    return Answer(
        {
            "days": found.days,
            "segments": [_segment(one) for one in found.segments],
            "penalty": amount(found.penalty),
            "flat_fee": amount(found.flat_fee),
            "total": totals.get(given.currency) if len(totals) == 1 else None,
            "totals": totals,
            "verified": found.verified,
            "estimated": found.estimated,
            "contract_floor": hundredth(floor),
        },
        tuple(notes),
    )


def _segment(one: Segment) -> dict[str, object]:
    return {
        "from": day(one.first),
        "to": day(one.last),
        "days": one.days,
        "base": amount(one.base),
        "rate": hundredth(one.rate),
        "verified": one.verified,
    }


def _due_date(given: Given) -> Answer:
    ceiling = given.sources.reference.terms.ceilings.get(given.word("trade", "general"))
    if ceiling is None:
        raise ImpossibleValue("trade", "no_ceiling_known", given.word("trade"))
    delivered = given.day("delivered") if "delivered" in given.values else None
    found = due_date(given.day("issued"), given.terms("terms"), ceiling, delivered)
    notes = () if found.lawful else ("above_ceiling",)
    notes = (*notes, "delivery_assumed") if found.assumed else notes
    return Answer(
        {
            "due": day(found.due),
            "lawful": found.lawful,
            "limit": day(found.limit),
            "verified": found.verified,
            "source": found.source,
        },
        notes if found.verified else (*notes, UNVERIFIED),
    )


def _prescription(given: Given) -> Answer:
    limits, kind = given.sources.reference.limits, given.word("kind", "b2b")
    if kind not in limits.kinds:
        raise ImpossibleValue("kind", "no_limit_known", kind)
    today = given.day_or("on", given.sources.today)
    acknowledged = given.days("acknowledged")
    found = prescription.prescription(given.day("due"), today, limits, kind, acknowledged)
    return Answer(
        {
            "until": day(found.until),
            "state": found.state.value,
            "restarted_on": day(found.restarted_on),
            "years": found.limit.years,
            "source": found.limit.source,
            "verified": found.limit.verified,
        },
        () if found.limit.verified else (UNVERIFIED,),
    )


def _insolvency(given: Given) -> Answer:
    law = given.sources.reference.insolvency
    found = insolvency.deadlines(given.day("published"), law, abroad=given.flag("abroad"))
    dates = {one.step.value: day(one.until) for one in found}
    tasks = {one.step.value: day(one.task_on) for one in found}
    return Answer({**dates, "tasks": tasks, "verified": all(one.rule.verified for one in found)})


def _cheque(given: Given) -> Answer:
    served = given.day("served") if "served" in given.values else None
    found = returns.cheque_dates(given.day("presented"), given.sources.reference.returns, served)
    dates = {"certificate": day(found.certificate_from), "title": day(found.title_from)}
    return Answer(dates)


def _debit(given: Given) -> Answer:
    law = given.sources.reference.returns
    rule = law.core if given.word("scheme", "core") == "core" else law.b2b
    # banks work on public holidays that are not theirs: weekends alone are sure
    found = returns.debit_dates(given.day("debited"), rule, WorkingCalendar(lambda _: False))
    code = given.word("code").upper()
    return Answer(
        {
            "refund_until": day(found.refund_until),
            "unauthorised_until": day(found.unauthorised_until),
            "interbank_until": day(found.interbank_until),
            "strength": law.codes[code].value if code in law.codes else None,
            "verified": rule.verified,
        },
        () if rule.verified else (UNVERIFIED,),
    )


def _reject_fee(given: Given) -> Answer:
    law = given.sources.reference.returns
    instrument = returns.Instrument(given.word("instrument", "cheque"))
    cap = returns.reject_fee_cap(given.money("amount"), instrument, law)
    verified = law.caps.verified and not returns.bound_by_amount(
        given.money("amount"), instrument, law
    )
    return Answer(
        {"cap": amount(cap), "verified": verified, "source": law.caps.source},
        () if verified else (UNVERIFIED,),
    )


def _plan(given: Given) -> Answer:
    count = given.whole("instalments")
    first = given.day_or("first", given.sources.today)
    try:
        parts = plan.instalments(given.money("amount"), count, first)
    except ValueError:
        raise ImpossibleValue("instalments", "too_many_instalments", count) from None
    notes = ("credit_manager_decides",)
    return Answer(
        {
            "instalments": [
                {"n": one.n, "due": day(one.due_on), "amount": amount(one.amount)} for one in parts
            ]
        },
        notes if plan.is_usual(parts) else (*notes, "plan_too_long"),
    )


def _bailiff(given: Given) -> Answer:
    on = given.day_or("on", given.sources.today)
    try:
        found = bailiff.bailiff_fees(given.money("amount"), on, given.sources.reference.tariffs)
    except bailiff.NoTariff:
        raise ImpossibleValue("on", "no_tariff_known", on) from None
    verified = found.debtor.verified and found.creditor.verified
    return Answer(
        {
            "debtor_ht": amount(found.debtor.without_vat),
            "debtor_ttc": amount(found.debtor.with_vat),
            "creditor_ht": amount(found.creditor.without_vat),
            "creditor_ttc": amount(found.creditor.with_vat),
            "verified": verified,
            "source": found.tariff.source,
        },
        () if verified else (UNVERIFIED,),
    )


CLAIMS = (
    Calculation(
        "penalty",
        "art. L441-10 II C. com., handbook 2.9",
        (
            AMOUNT,
            Parameter("due", Kind.DATE, "2025-05-31"),
            Parameter("paid", Kind.DATE, "2025-07-20", needed=False),
            Parameter("rate", Kind.PERCENT, "7.86", needed=False, least=ZERO, most=Decimal(1000)),
            Parameter("payments", Kind.DATED_AMOUNTS, "2025-06-10:3000", needed=False),
        ),
        _penalty,
    ),
    Calculation(
        "due-date",
        "art. L441-10 I C. com., handbook 3.2",
        (
            Parameter("issued", Kind.DATE, "2026-01-15"),
            Parameter("terms", Kind.TERMS, "eom-a-45"),
            Parameter("trade", Kind.WORD, "transport", needed=False),
            Parameter("delivered", Kind.DATE, "2026-01-14", needed=False),
        ),
        _due_date,
    ),
    Calculation(
        "prescription",
        "art. L110-4 C. com., handbook 3.7",
        (
            Parameter("due", Kind.DATE, "2022-03-01"),
            Parameter("acknowledged", Kind.DATES, "2023-05-02", needed=False),
            Parameter("kind", Kind.WORD, "b2b", needed=False),
            Parameter("on", Kind.DATE, "2026-11-22", needed=False),
        ),
        _prescription,
    ),
    Calculation(
        "insolvency",
        "art. L622-24 C. com., handbook 3.9",
        (
            Parameter("published", Kind.DATE, "2026-10-31"),
            Parameter("abroad", Kind.FLAG, "true", needed=False),
        ),
        _insolvency,
    ),
    Calculation(
        "cheque",
        "art. L131-73 C. monét. fin., handbook 3.8",
        (
            Parameter("presented", Kind.DATE, "2026-03-02"),
            Parameter("served", Kind.DATE, "2026-04-10", needed=False),
        ),
        _cheque,
    ),
    Calculation(
        "direct-debit",
        "handbook 3.8",
        (
            Parameter("debited", Kind.DATE, "2026-03-02"),
            Parameter("scheme", Kind.CHOICE, "core", needed=False, choices=("core", "b2b")),
            Parameter("code", Kind.WORD, "AM04", needed=False),
        ),
        _debit,
    ),
    Calculation(
        "reject-fee",
        "art. D131-25 C. monét. fin., handbook 2.8",
        (
            AMOUNT,
            Parameter(
                "instrument",
                Kind.CHOICE,
                "cheque",
                needed=False,
                choices=tuple(one.value for one in returns.Instrument),
            ),
        ),
        _reject_fee,
    ),
    Calculation(
        "plan",
        "handbook 8.1",
        (
            AMOUNT,
            Parameter("instalments", Kind.COUNT, "3", least=ONE, most=Decimal(60)),
            Parameter("first", Kind.DATE, "2026-12-01", needed=False),
        ),
        _plan,
    ),
    Calculation(
        "bailiff-fee",
        "art. A444-31 and A444-32 C. com., handbook 10",
        (AMOUNT, Parameter("on", Kind.DATE, "2025-01-01", needed=False)),
        _bailiff,
    ),
)
"""The figures of handbook 2.8, 2.9, 3, 8.1 and 10."""
