"""The calculator: the contract that scripts rely on, refusals, words in both languages."""

from __future__ import annotations

import ast
import inspect
import json
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from bot.screens import calculation as screens
from bot.screens.calculation_words import FIGURES, KINDS, NOTES, PARAMETERS, REASONS, TITLES
from bot.screens.render import speaker
from bot.use_cases.calculations import claims, costs, registry, risk, speed
from bot.use_cases.calculations import given as reading
from bot.use_cases.calculations.given import Kind, Sources
from bot.use_cases.calculations.registry import CALCULATIONS, calculate, paired
from bot.use_cases.refusals import CalculationRefused
from config.policy import load_policy
from config.reference import load_reference

SOURCES = Sources(load_reference(), load_policy(), date(2026, 11, 22))
PARIS = ZoneInfo("Europe/Paris")
VECTORS: list[tuple[str, dict[str, Any]]] = [
    ("dso receivables=250000 sales=325000 days=91", {"dso": "70.0"}),
    (
        "dso-countback receivables=250000 sales=120000:30,95000:31,110000:30",
        {"dso": "70.5", "complete": True},
    ),
    (
        "best-dso not_due=160000 overdue=90000 sales=325000 days=91",
        {"best_possible_dso": "44.8", "average_days_delinquent": "25.2"},
    ),
    ("weighted-delay items=10000:5,4000:30,6000:-2", {"days": "8.5"}),
    ("weighted-delay items=10000:5,4000:30,6000:-2 net=true", {"days": "7.9"}),
    ("weighted-delay items=12000:10,5000:45,3000:95", {"days": "31.5"}),
    ("cei opening=230000 sales=325000 closing=250000 closing_not_due=160000", {"cei": "77.2"}),
    (
        "credit-cost sales=3000000 dso=62 rate=5",
        {
            "receivables": "509589.04",
            "annual_cost": "25479.45",
            "one_day_cash": "8219.18",
            "one_day_cost": "410.96",
        },
    ),
    ("late-cost amount=15000 days=40 rate=4", {"cost": "65.75"}),
    ("late-cost amount=15000 days=40 rate=4 base=360", {"cost": "66.67"}),
    ("loss-turnover loss=20000 margin=5", {"turnover": "400000.00"}),
    ("loss-turnover loss=20000 margin=-1", {"turnover": None}),
    (
        "penalty amount=12000 due=2025-05-31 paid=2025-07-20",
        {"days": 50, "penalty": "209.59", "total": "249.59", "verified": True},
    ),
    (
        "penalty amount=1800 due=2026-01-31 paid=2026-03-17 rate=7.86",
        {"penalty": "17.44", "total": "57.44", "flat_fee": "40.00"},
    ),
    (
        "due-date issued=2026-01-15 terms=eom-a-45",
        {"due": "2026-03-31", "lawful": True, "limit": "2026-03-31"},
    ),
    ("due-date issued=2027-01-02 terms=eom-a-30-10", {"due": "2027-03-10", "lawful": False}),
    (
        "due-date issued=2026-01-31 terms=net-30 trade=perishable_periodic delivered=2026-01-14",
        {"due": "2026-03-02", "limit": "2026-02-19", "lawful": False, "verified": True},
    ),
    (
        "credit-limit monthly=12000 days=45 class=B equity=150000",
        {"need": "22000.00", "limit": "15000.00"},
    ),
    ("discount rate=1 days=30", {"annual": "12.29"}),
    (
        "risk-class delay=12 incidents=1 score=6 company_age=4 relation_age=2 legal=clean field=2",
        {"points": 65, "class": "C"},
    ),
    ("typology turnover=50000 class=B", {"cell": "develop", "threshold": "50000.00"}),
    ("typology turnover=49999.99 class=B", {"cell": "automate"}),
    ("typology turnover=60000 class=C", {"cell": "secure"}),
    ("typology turnover=60000 class=E", {"cell": "reduce"}),
    ("typology turnover=0 class=D", {"cell": "avoid"}),
    (
        "prescription due=2022-03-01 acknowledged=2023-05-02",
        {"until": "2028-05-02", "state": "open"},
    ),
    ("forecast promises=10000:0.7 due=20000:0.5", {"expected": "17000.00"}),
    (
        "bailiff-fee amount=4000 on=2025-01-01",
        {
            "debtor_ht": "81.39",
            "debtor_ttc": "97.67",
            "creditor_ht": "257.45",
            "creditor_ttc": "308.94",
            "verified": True,
        },
    ),
    ("reject-fee amount=50", {"cap": "30.00"}),
    ("insolvency published=2026-10-31", {"declare": "2026-12-31"}),
    ("cheque presented=2026-03-02", {"certificate": "2026-04-01", "title": None}),
    ("direct-debit debited=2026-03-02 code=am04", {"strength": "strong"}),
    (
        "unpaid-cost amount=1200 without_taxes=1000 fees=20 vat_recoverable=oui",
        {"total": "1020.00"},
    ),
]


def computed(line: str) -> dict[str, Any]:
    name, *words = line.split()
    return dict(calculate(name, paired(name, words), SOURCES).values)


@pytest.mark.parametrize(("line", "expected"), VECTORS, ids=[line for line, _ in VECTORS])
def test_the_vectors_of_the_handbook(line: str, expected: dict[str, Any]) -> None:
    found = computed(line)
    assert {key: found[key] for key in expected} == expected


def test_a_plan_lists_its_instalments_with_their_dates() -> None:
    found = computed("plan amount=10000 instalments=3 first=2026-12-01")["instalments"]
    assert [(one["due"], one["amount"]) for one in found] == [
        ("2026-12-01", "3333.33"),
        ("2027-01-01", "3333.33"),
        ("2027-02-01", "3333.34"),
    ]


@pytest.mark.parametrize(
    ("line", "notes"),
    [
        ("plan amount=10000 instalments=4 first=2026-12-01", ("credit_manager_decides",)),
        (
            "plan amount=10000 instalments=6 first=2026-12-01",
            ("credit_manager_decides", "plan_too_long"),
        ),
        ("reject-fee amount=12 instrument=sepa_core", ("unverified",)),
        ("reject-fee amount=120 instrument=sepa_core", ()),
        ("due-date issued=2026-01-31 terms=net-30 trade=perishable", ("delivery_assumed",)),
    ],
)
def test_what_is_beyond_custom_or_not_certain_is_said(line: str, notes: tuple[str, ...]) -> None:
    name, *words = line.split()
    assert calculate(name, paired(name, words), SOURCES).notes == notes


def test_part_payments_lower_the_base_of_the_penalty() -> None:
    line = "penalty amount=12000 due=2025-05-31 paid=2025-07-20 payments=2025-06-10:3000"
    bases = [segment["base"] for segment in computed(line)["segments"]]
    assert bases == ["12000.00", "9000.00", "9000.00"]


def test_a_missing_half_year_is_an_estimate_and_says_so() -> None:
    answer = calculate("penalty", {"amount": "1000", "due": "2026-08-31"}, SOURCES)
    assert (answer.values["verified"], answer.values["estimated"]) == (False, True)
    assert answer.notes == ("unverified", "estimated_rate")


def test_a_currency_without_decimals_keeps_none_and_the_fee_stays_in_euros() -> None:
    found = computed("penalty amount=100000 currency=jpy due=2025-05-31 paid=2025-07-20")
    assert found["penalty"] == "1747"
    assert (found["total"], found["totals"]) == (None, {"JPY": "1747", "EUR": "40.00"})


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("dsoo a=1", "unknown_calculation"),
        ("zzzzzz", "no_such_calculation"),
        ("dso receivables=1", "missing_parameter"),
        ("dso receivables=1 sales=1 days=1 colour=red", "unknown_parameter"),
        ("dso receivables", "not_a_pair"),
        ("dso receivables=1 receivables=2", "told_twice"),
        ("dso receivables=x sales=1 days=1", "not_amount"),
        ("dso receivables=1.234 sales=1 days=1", "not_amount"),
        ("dso receivables=1 sales=1 days=0", "not_days"),
        ("dso receivables=1 sales=1 days=1.5", "not_days"),
        ("dso receivables=1 sales=1 days=1 currency=euro", "not_currency"),
        ("dso receivables=NaN sales=1 days=1", "not_amount"),
        ("dso receivables=1e99 sales=1 days=1", "not_amount"),
        ("dso-countback receivables=1 sales=5:400", "not_a_period"),
        ("late-cost amount=1 days=1 rate=1 base=364", "not_a_base"),
        ("due-date issued=2026-02-30 terms=net-60", "not_date"),
        ("due-date issued=9999-12-31 terms=net-60", "not_date"),
        ("due-date issued=2026-02-28 terms=soon", "not_terms"),
        ("due-date issued=2026-02-28 terms=net-60 trade=magic", "no_ceiling_known"),
        ("prescription due=2026-01-01 kind=magic", "no_limit_known"),
        ("bailiff-fee amount=1 on=2001-01-01", "no_tariff_known"),
        ("plan amount=0.01 instalments=2", "too_many_instalments"),
        ("forecast currency=EUR", "nothing_given"),
        ("forecast due=1:1.5", "not_amounts_ratios"),
        ("credit-limit monthly=1 days=1 class=F", "not_choice"),
        ("discount rate=100 days=30", "out_of_bounds"),
        ("penalty amount=-1 due=2026-01-01", "not_amount"),
        ("penalty amount=1 due=2026-01-01 payments=2026-01-02:-5", "not_dated_amounts"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_words(line: str, code: str) -> None:
    with pytest.raises(CalculationRefused) as caught:
        computed(line)
    assert caught.value.code == code
    for locale in ("fr", "en"):
        said = screens.refusal(speaker(locale, PARIS), caught.value)
        assert "{" not in said
        assert caught.value.calculation in said


@given(st.sampled_from(sorted(CALCULATIONS)), st.data())
def test_no_text_whatever_breaks_a_calculation(name: str, data: st.DataObject) -> None:
    likely = st.one_of(
        st.text(max_size=30),
        st.integers(-(10**6), 10**6).map(str),
        st.dates().map(str),
        st.decimals(allow_nan=True).map(str),
        st.sampled_from(["true", "B", "net-60", "1:1,2:2", "2026-01-01:5", "eom-b-45", ""]),
    )
    typed = {
        one.name: data.draw(st.one_of(st.just(one.example), likely))
        for one in CALCULATIONS[name].parameters
        if one.needed or data.draw(st.booleans())
    }
    try:
        answer = calculate(name, typed, SOURCES)
    except CalculationRefused as refused:
        screens.refusal(speaker("fr", PARIS), refused)
        return
    json.dumps(dict(answer.values))
    assert screens.result(speaker("fr", PARIS), answer, "EUR")
    screens.notes(speaker("fr", PARIS), answer)


def test_every_word_of_the_calculator_is_there() -> None:
    assert set(TITLES) == set(CALCULATIONS)
    names = {one.name for each in CALCULATIONS.values() for one in each.parameters}
    assert names | {"currency"} == set(PARAMETERS)
    assert set(KINDS) == set(Kind) - {Kind.CHOICE}


def test_every_note_and_reason_that_the_code_can_give_has_its_sentence() -> None:
    given_codes = set()
    for module in (claims, costs, registry, risk, speed, reading):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ImpossibleValue":
                given_codes.add(node.args[1].value)  # type: ignore[attr-defined]
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "CalculationRefused":
                given_codes |= {
                    arg.value
                    for arg in node.args[1:2]
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                }
    assert given_codes <= set(REASONS)
    for calculation in CALCULATIONS.values():
        typed = {one.name: one.example for one in calculation.parameters}
        answer = calculation.run(typed, SOURCES)
        assert set(answer.notes) <= set(NOTES)
        assert set(answer.values) & set(FIGURES)


def test_every_example_in_the_list_computes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calc", "--list", "--json"]) == 0
    for one in json.loads(capsys.readouterr().out):
        words = [f"{each['name']}={each['example']}" for each in one["parameters"]]
        assert main(["calc", one["name"], *words, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)


def test_the_command_line_answers_in_french_or_in_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELANCE_LOCALE", "fr")
    words = ["penalty", "amount=12000", "due=2025-05-31", "paid=2025-07-20"]
    assert main(["calc", *words]) == 0
    said = capsys.readouterr().out
    assert "pénalités : 209,59 €" in said.replace("\u00a0", " ")
    assert "01/06/2025 → 30/06/2025" in said
    assert main(["calc", *words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == "249.59"


def test_a_refusal_is_an_exit_code_of_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calc", "dso", "receivables=abc", "sales=1", "days=1", "--json"]) == 2
    assert "receivables=abc" in capsys.readouterr().err
    assert main(["calc"]) == 2
    assert "dso-countback" in capsys.readouterr().out
