"""Build small scripts, accounts and conversations for the tests of the scripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from bot.scripts.call import Call, Turn
from bot.scripts.engine import answer, start
from bot.scripts.inputs import Input, Press, Typed
from bot.scripts.library import build
from bot.scripts.model import Kind, Script
from bot.scripts.parsers import parsers_for
from bot.scripts.reading import Fault
from bot.scripts.values import Facts, Option
from credit.money import Money

MONDAY = date(2026, 11, 23)
PARSERS = parsers_for("fr")


def euros(figure: str) -> Money:
    return Money(Decimal(figure), "EUR")


def some_days(first: date = MONDAY, count: int = 4) -> tuple[Option, ...]:
    days = [first + timedelta(days=2 * rank) for rank in range(1, count + 1)]
    return tuple(Option(f"d{rank}", day, {"day": day}) for rank, day in enumerate(days))


def some_invoices(count: int) -> tuple[Option, ...]:
    return tuple(
        Option(
            f"i{rank}",
            rank,
            {
                "number": f"F-{1000 + rank}",
                "amount": euros("500.00"),
                "due_on": MONDAY,
                "days_late": 9,
            },
        )
        for rank in range(count)
    )


A_DISPUTE: dict[str, object] = {
    "dispute_contested": euros("300.00"),
    "dispute_at_stake": euros("300.00"),
    "dispute_remedy": "credit_note",
    "dispute_number": "F-1042",
    "dispute_by": "Julie Martin",
    "dispute_question": "Le bon de livraison est-il signé ?",
}


ONE = {
    "amount_overdue": euros("500.00"),
    "amount_claimable": euros("500.00"),
    "invoice_options": some_invoices(1),
}


def an_account(**changes: object) -> Facts:
    known: dict[str, object] = {
        **A_DISPUTE,
        "rep": "Julie Martin",
        "company": "Ouest Matériaux",
        "customer": "Dupont SARL",
        "contact": "Mme Roche",
        "currency": "EUR",
        "invoice_number": "F-1000",
        "amount_due": euros("500.00"),
        "due_date": date(2026, 10, 20),
        "days_late": 34,
        "amount_overdue": euros("1500.00"),
        "amount_claimable": euros("1500.00"),
        "claimable_count": 3,
        "claimable_invoices": 3,
        "overdue_count": 3,
        "penalties": euros("138.20"),
        "broken_promises": 0,
        "bad_faith_score": 0,
        "attempts": 0,
        "promise_latest_date": MONDAY + timedelta(days=8),
        "promise_authority_date": MONDAY + timedelta(days=30),
        "promise_least_amount": euros("450.00"),
        "promise_most_lines": 6,
        "cash_ceiling": euros("1000.00"),
        "date_chips": some_days(),
        "promise_chips": some_days(),
        "call_back_chips": some_days(),
        "term_chips": some_days(),
        "sent_chips": some_days(),
        "contact_chips": (Option("c0", "Mme Roche", {"name": "Mme Roche", "role": "compta"}),),
        "invoice_options": some_invoices(3),
        "team_options": (Option("t0", "ouest", {"name": "Ouest"}),),
        "column_options": (Option("k0", "Montant", {"column": "Montant", "sample": "12,50"}),),
    }
    known.update(changes)
    return Facts({name: value for name, value in known.items() if value is not None})


def scripts_of(**files: str) -> tuple[dict[str, Script], tuple[Fault, ...]]:
    return build({f"{name}.toml": text.encode() for name, text in files.items()})


def a_script(steps: str, *, top: str = "") -> Script:
    scripts, faults = scripts_of(small=headed(steps, top=top))
    assert faults == ()
    return scripts["small"]


def faults_of(steps: str, *, top: str = "") -> set[tuple[str, str]]:
    _, faults = scripts_of(small=headed(steps, top=top))
    return {(fault.step, fault.reason) for fault in faults}


def headed(steps: str, *, name: str = "small", top: str = "") -> str:
    return (
        f'id = "{name}"\ntitle = {{ fr = "Petit", en = "Small" }}\nstart = "one"\n{top}\n{steps}\n'
    )


END = '\n[steps.end]\noutcome = "sent"\n'
SAY = 'say = { fr = "Bonjour", en = "Hello" }'


def label(fr: str, en: str = "") -> str:
    return f'{{ fr = "{fr}", en = "{en or fr}" }}'


def play(script: Script, facts: Facts, *moves: Input | str, turn: Turn | None = None) -> Turn:
    """Press the key of each string (typed when it begins with a quote), or give the input."""
    turn = turn or start(script, facts)
    for move in moves:
        turn = answer(script, turn.call, as_input(move, turn.call), facts, PARSERS)
    return turn


def as_input(move: Input | str, call: Call) -> Input:
    if not isinstance(move, str):
        return move
    return Typed(move[1:], MONDAY) if move.startswith("'") else Press(move, call.version)


def arguments(turn: Turn, name: str) -> Mapping[str, object]:
    [found] = [effect.arguments for effect in turn.effects if effect.name == name]
    return found


ORDINARY = {
    "an ordinary account": an_account(),
    "an account with two broken promises": an_account(broken_promises=2),
    "a payment that was not posted": an_account(dispute_remedy="posting"),
    "an invoice to correct": an_account(dispute_remedy="corrected_invoice"),
    "a retention by contract": an_account(dispute_remedy="by_contract"),
}


FRIDAY = MONDAY + timedelta(days=4)
SAID = {"said": True, "scope": "other", "amount": euros("400.00")}
GIVEN: dict[str, tuple[dict[str, object], ...]] = {
    "promise": (
        {},
        SAID,
        {**SAID, "due_on": FRIDAY},
        {**SAID, "due_on": FRIDAY, "person": "Mme Roche", "means": "cheque"},
        {**SAID, "amount": euros("0.10"), "due_on": FRIDAY, "person": "Mme Roche"},
        {**SAID, "due_on": FRIDAY + timedelta(days=400)},
    )
}
"""What a form may be opened with, where it may be opened with anything."""
TYPED = {
    Kind.AMOUNT: ("100", "5000"),
    Kind.DATE: ("26/11", "01/03"),
    Kind.NUMBER: ("3", "12"),
    Kind.PHOTO: (),
}
"""What may be typed, by what is asked."""
