"""The packaged scripts: sound, complete, and every way through them ends as it must."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from itertools import chain

import pytest

from bot.scripts.call import Call, State, Turn
from bot.scripts.check import check, distances, far_steps
from bot.scripts.effects import CONTACT_OUTCOMES, DISPUTE_REASONS, MEANS, OBJECTIONS
from bot.scripts.engine import answer, start
from bot.scripts.facts import FACTS, FactType
from bot.scripts.graph import mermaid
from bot.scripts.inputs import Photo, Press, Typed
from bot.scripts.library import load
from bot.scripts.model import LOCALES, Kind, Outcome, Script
from bot.scripts.reading import PHASES
from bot.scripts.show import show
from bot.scripts.values import Facts, Option
from bot.scripts.words import words
from credit.dispute import DisputeReason
from credit.promise import Means
from tests.bot.scripts.builders import (
    GIVEN,
    MONDAY,
    ONE,
    ORDINARY,
    PARSERS,
    TYPED,
    an_account,
    arguments,
    euros,
    play,
    some_days,
    some_invoices,
)

NAMES = sorted(load())
HARD = {
    "attempts": 2,
    "bad_faith_score": 4,
    "broken_promises": 1,
    "last_promise_amount": euros("700.00"),
    "last_promise_date": MONDAY - timedelta(days=9),
    "signals": ["C1-01"],
    "delivery_signed_by": "M. Le Goff",
    "delivery_signed_on": MONDAY - timedelta(days=60),
    "credit_note_amount": euros("80.00"),
    "balance_after_credit": euros("1420.00"),
    "import_sample": ["12,50"],
    "order_amount": euros("3200.00"),
    "order_by": "Julie Martin",
    "class_proposed": "C",
    "limit_proposed": euros("700.00"),
    "limit_now": euros("1000.00"),
    "notice_amount": euros("1200.00"),
    "opening_kind": "photo",
    "opening_following": "typed",
    "opening_point": "IBAN",
    "opening_lacking": 3,
    "opening_wanted": euros("12000.00"),
    "opening_validity": [Option("m6", 6, {"months": 6})],
    "opening_terms": [Option("net30", "net30", {"name": "30 jours net"})],
    "opening_firsts": [Option("cash", "cash", {"name": "Comptant"})],
    "opening_guarantees": [Option("surety", "surety", {"name": "Caution"})],
    "alert_signal": "Retard en cours",
    "alert_figure": "34 jours",
}
ACCOUNTS = {
    **ORDINARY,
    "a hard account": an_account(**HARD),
    "an account of one invoice": an_account(**ONE),
    "an account of which nothing is known": Facts(),
}


def test_every_script_is_sound_and_near_an_outcome() -> None:
    assert check() == ()


def test_every_step_is_a_few_inputs_away_from_an_outcome() -> None:
    for script in load().values():
        assert set(distances(script.steps)) == set(script.steps)


def test_a_step_too_far_from_an_outcome_is_a_fault() -> None:
    assert "call.toml" in {fault.file for fault in far_steps(load()["call"], farthest=2)}


def moves(script: Script, call: Call, facts: Facts) -> Iterator[Press | Typed | Photo]:
    shown = show(script, call, facts)
    for key in chain((button.key for button in shown.buttons), shown.controls):
        yield Press(key, call.version)
    if shown.ask in {Kind.PHOTO, Kind.PROOF} and not call.picked:
        yield Photo("f1", "u1")
    for text in TYPED.get(shown.ask, ("Mme Roche",)) if shown.ask else ():
        yield Typed(text, MONDAY)


FLAGS = [name for name, fact in FACTS.items() if fact.type is FactType.FLAG]


def state_of(call: Call, contacts: int, facts: Facts) -> tuple[object, ...]:
    """Tell apart what matters to the ways ahead; forms are told apart finely in their own walk."""
    seen = facts.seen_with(call.answers)
    kinds = (seen.get("promise_partial"), seen.get("guarantee_kind"), seen.get("ruling"))
    rough = (call.step, contacts, bool(call.picked), "lines" in call.answers, *kinds)
    if call.script not in {"promise", "dispute"}:
        return rough
    told = (seen.get("approval"), seen.get("confirmed"), seen.get("means_supposed"))
    return (*rough, *told, *(seen.get(name) for name in FLAGS))


@cache
def endings(name: str, account: str) -> tuple[set[str], list[tuple[Call, int]]]:
    """Walk every way through a script; return the steps seen and each end with its contacts."""
    script, facts = load()[name], ACCOUNTS[account]
    begun = [start(script, facts, given).call for given in GIVEN.get(name, ({},))]
    waiting = deque((call, 0) for call in begun)
    seen = {state_of(call, 0, facts) for call in begun}
    ends: list[tuple[Call, int]] = []
    while waiting:
        call, contacts = waiting.popleft()
        for move in moves(script, call, facts):
            turn = answer(script, call, move, facts, PARSERS)
            assert turn.call.version == call.version + 1
            assert not turn.stale
            known = contacts + sum(effect.name == "contact" for effect in turn.effects)
            show(script, turn.call, facts)
            if turn.call.state is State.DONE:
                ends.append((turn.call, known))
            elif (key := state_of(turn.call, known, facts)) not in seen:
                seen.add(key)
                waiting.append((turn.call, known))
    return {str(key[0]) for key in seen} | {call.step for call, _ in ends}, ends


@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("name", NAMES)
def test_every_way_through_ends_with_one_record_of_the_contact(name: str, account: str) -> None:
    _, ends = endings(name, account)
    assert ends
    for call, contacts in ends:
        recorded = name in {"call", "contact", "promise", "dispute"} and call.outcome not in {
            Outcome.POSTPONED,
            Outcome.CANCELLED,
        }
        assert (call.step, contacts) == (call.step, int(recorded))


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_lived_on_some_account(name: str) -> None:
    script = load()[name]
    lived = [endings(name, account)[0] for account in ACCOUNTS]
    shown = (step.id for step in script.steps.values() if step.stops or step.outcome)
    # The steps of a form are lived in its own walk, where its accounts are told apart.
    waiting = {step for step in shown if "." not in step}
    assert waiting <= set().union(*lived)


@pytest.mark.parametrize("code", OBJECTIONS)
def test_a_reason_is_found_by_its_code_and_is_recorded(code: str) -> None:
    turn = play(load()["call"], an_account(), "go", "other", "yes", "'Mme Roche", "said")
    turn = play(load()["call"], an_account(), "answered", f"'{code}", turn=turn)
    assert turn.call.step == code.lower()
    assert turn.call.answers["reason"] == code


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("litige", "fam_dispute"),
        ("chèque", "m01"),
        ("le cheque est parti hier", "m01"),
        ("avoir", "m15"),
        ("portail", "m02"),
        ("il est en vacances", "m03"),
        ("redressement", "m21"),
        ("échéancier", "m05"),
        ("autre", "m26"),
        ("payment run", "m12"),
        ("3", "fam_paper"),
    ],
)
def test_a_reason_is_found_by_a_word(typed: str, step: str) -> None:
    script, facts = load()["call"], an_account()
    turn = play(script, facts, "go", "c0", "yes", "said", "answered", f"'{typed}")
    assert turn.call.step == step


def listening(facts: Facts) -> Turn:
    return play(load()["call"], facts, "go", "c0", "yes", "said", "answered")


def test_the_thirteen_states_are_all_in_the_call() -> None:
    phases = {step.phase for step in load()["call"].steps.values()}
    assert set(PHASES) - {"form"} <= phases


def test_a_call_with_an_objection_ends_in_a_promise_of_two_instalments() -> None:
    script, facts = load()["call"], an_account()
    turn = play(script, facts, "fam_paid", "m16", "good", "promise", turn=listening(facts))
    turn = play(
        script, facts, "'600", "oldest_first", "d0", "transfer", "add", "rest", "d1", turn=turn
    )
    turn = play(script, facts, "ok", "yes", "yes", turn=turn)
    promise = arguments(turn, "promise")
    assert promise["lines"] == [
        {
            "amount": {"amount": "600.00", "currency": "EUR"},
            "due_on": "2026-11-25",
            "means": "transfer",
        },
        {
            "amount": {"amount": "900.00", "currency": "EUR"},
            "due_on": "2026-11-27",
            "means": "transfer",
        },
    ]
    assert (promise["person"], promise["scope"]) == ("Mme Roche", "other")
    assert arguments(turn, "task") == {
        "kind": "check_promise",
        "in_business_days": 1,
        "on": "2026-11-25",
    }
    end = play(script, facts, "over", "email", turn=turn)
    assert arguments(end, "contact")["reason_code"] == "M16"
    assert arguments(end, "contact")["faith"] == "good"
    assert arguments(end, "confirmation") == {"channel": "email"}
    assert end.call.outcome is Outcome.PROMISE


def test_a_dispute_in_the_call_leaves_the_rest_to_be_paid() -> None:
    script, facts = load()["call"], an_account()
    turn = play(
        script,
        facts,
        "'M07",
        "unsure",
        "i1",
        "part",
        "'120",
        "'écart de tarif",
        turn=listening(facts),
    )
    turn = play(script, facts, Photo("f1", "u1"), "done", "ok", turn=turn)
    dispute = arguments(turn, "dispute")
    assert (dispute["reason"], dispute["item"], dispute["scope"]) == ("L01", 1, "part")
    assert dispute["amount"] == {"amount": "120.00", "currency": "EUR"}
    assert turn.call.step == "after_dispute"
    rest = show(script, turn.call, facts).text.values["claimable_now"]
    assert rest == {"amount": "1380.00", "currency": "EUR"}
    end = play(script, facts, "withholds", turn=turn)
    assert end.call.outcome is Outcome.DISPUTE


def test_insolvency_stops_every_reminder_and_tells_the_credit_manager() -> None:
    script, facts = load()["call"], an_account()
    turn = play(
        script,
        facts,
        "'redressement",
        "confirmed",
        "'Nantes",
        "'12/11/2026",
        "'Me Kerr",
        turn=listening(facts),
    )
    assert turn.call.outcome is Outcome.INSOLVENCY
    assert arguments(turn, "stop_dunning") == {
        "why": "insolvency",
        "court": "Nantes",
        "opened_on": "12/11/2026",
        "receiver": "Me Kerr",
    }
    assert arguments(turn, "escalate")["why"] == "insolvency"


def test_a_refusal_ends_politely_and_goes_to_the_credit_manager() -> None:
    script, facts = load()["call"], an_account()
    turn = play(script, facts, "'M20", "noted", "'« Faites-moi un procès »", turn=listening(facts))
    assert turn.call.outcome is Outcome.REFUSED
    assert arguments(turn, "escalate")["why"] == "refusal"
    assert arguments(turn, "task")["to"] == "credit_manager"


def test_a_second_broken_promise_takes_no_third() -> None:
    facts = an_account(broken_promises=2)
    turn = play(load()["promise"], facts, "hand_over")
    assert turn.call.outcome is Outcome.ESCALATED
    assert arguments(turn, "escalate")["why"] == "second_broken_promise"


def test_a_date_too_late_for_the_class_is_kept_only_with_approval() -> None:
    script, facts = load()["promise"], an_account()
    turn = play(script, facts, "all", "'15/12")
    assert turn.call.step == "too_late"
    turn = play(script, facts, "ask_approval", "transfer", "'Jean Petit", "ok", turn=turn)
    assert arguments(turn, "escalate")["why"] == "promise_too_late"


def test_less_than_thirty_percent_is_kept_only_with_approval() -> None:
    script, facts = load()["promise"], an_account()
    turn = play(script, facts, "'100", "oldest_first", "d0", "transfer", "c0")
    assert turn.call.step == "too_small"
    turn = play(script, facts, "ask_approval", "ok", turn=turn)
    assert arguments(turn, "escalate")["why"] == "promise_too_small"
    assert turn.call.outcome is Outcome.PARTIAL_PROMISE


def test_instalments_beyond_the_reps_authority_are_a_plan_for_the_credit_manager() -> None:
    script, facts = load()["promise"], an_account()
    turn = play(script, facts, "oldest", "d0", "transfer", "c0", "add", "rest", "'01/03")
    assert turn.call.step == "too_far"
    turn = play(script, facts, "ask_approval", "ok", turn=turn)
    assert arguments(turn, "escalate")["why"] == "plan"


def test_cash_above_the_ceiling_is_refused() -> None:
    script, facts = load()["promise"], an_account()
    assert play(script, facts, "all", "d0", "cash").call.step == "too_much_cash"
    assert play(script, facts, "oldest", "d0", "cash").call.step == "person"


def test_a_promise_has_at_most_six_instalments() -> None:
    script, facts = load()["promise"], an_account()
    turn = play(script, facts, "'200", "oldest_first", "d0", "transfer", "c0")
    for _ in range(5):
        turn = play(script, facts, "add", "'200", "d0", turn=turn)
    assert turn.call.step == "summary"
    assert play(script, facts, "add", turn=turn).stale


def test_a_vague_promise_is_no_promise() -> None:
    turn = play(load()["promise"], an_account(), "vague")
    assert turn.call.outcome is Outcome.NO_COMMITMENT
    assert arguments(turn, "task")["in_business_days"] == 2


@pytest.mark.parametrize("code", DISPUTE_REASONS)
def test_every_dispute_reason_is_found_by_its_code(code: str) -> None:
    turn = play(load()["dispute"], an_account(), f"'{code}")
    assert turn.call.answers["dispute_reason"] == code


def test_more_disputed_than_is_open_is_asked_again() -> None:
    turn = play(load()["dispute"], an_account(), "'L01", "i0", "part", "'900")
    assert turn.call.step == "too_high"


def test_the_scripts_and_the_domain_use_the_same_codes() -> None:
    assert set(MEANS) == {means.value for means in Means}
    assert set(DISPUTE_REASONS) == {reason.value for reason in DisputeReason}
    assert set(CONTACT_OUTCOMES) <= {outcome.value for outcome in Outcome}


def test_every_fact_outcome_phase_and_control_has_words_in_both_languages() -> None:
    said = words()
    written = {name for name, fact in FACTS.items() if fact.type is not FactType.FLAG}
    assert set(said.neutral) == written
    assert set(said.outcomes) == {outcome.value for outcome in Outcome}
    assert set(said.phases) == set(PHASES)
    tables = [*said.neutral.values(), *said.outcomes.values(), *said.phases.values()]
    for table in [*tables, *said.controls.values(), said.unknown]:
        assert all(table[locale].strip() for locale in LOCALES)


def test_every_outcome_is_reached_by_some_script() -> None:
    reached = {step.outcome for script in load().values() for step in script.steps.values()}
    assert reached - {None} == set(Outcome)


def test_two_thousand_invoices_make_no_screen_longer() -> None:
    facts = an_account(invoice_options=some_invoices(2000), date_chips=some_days(count=30))
    turn = play(load()["dispute"], facts, "'L01")
    shown = show(load()["dispute"], turn.call, facts)
    assert len(shown.buttons) == 8
    assert shown.controls == ("next",)
    assert shown.pages == 286


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_drawn_with_every_step_and_arrow(name: str) -> None:
    drawing = mermaid(load()[name])
    assert drawing.startswith("flowchart TD\n")
    for step in load()[name].steps:
        assert f'"{step}' in drawing


def test_the_drawing_says_buttons_tests_and_effects() -> None:
    drawing = mermaid(load()["promise"], "en")
    assert '|"Confirm the promise"|' in drawing
    assert '|"promise_too_late is True"|' in drawing
    assert "record: promise" in drawing
    assert "end_promise: promise" in drawing
