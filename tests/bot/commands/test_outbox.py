"""`relance outbox` and `relance broadcast`: from the shell, with their exit codes."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.handlers import announced
from bot.screens.outbox import KINDS
from bot.use_cases import broadcasts
from config.settings import Settings
from credit.people import Role
from storage import migrate, outbox, outbox_turns, rates, tables
from storage.outbox import Outgoing, Priority, State
from storage.rates import Pace
from storage.work import Work
from tests.bot.commands.telegram_here import forget_settings, relance
from tests.bot.delivery.office import now
from tests.day.company import hire
from tests.storage.inline import inline

PACE = Pace(overall=10_000, overall_burst=10_000)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    forget_settings(monkeypatch)
    Settings().data_dir.mkdir()
    migrate.upgrade(Settings().database)


@contextmanager
def at_work() -> Iterator[Work]:
    with inline(Settings().database) as work:
        yield work


def a_message(work: Work, state: State, error: str | None = None, **changes: Any) -> int:
    values: dict[str, Any] = {
        "kind": "alert",
        "person_id": None,
        "chat_id": 7,
        "body": {"customer_id": 3},
        "priority": Priority.ALERT,
        "at": now(),
        "ready": False,
    }
    values |= changes
    row_id = outbox.post(work, **values)
    assert row_id is not None
    shape = {key: value for key, value in values.items() if key != "at"}
    row = Outgoing(id=row_id, created_at=now().at, not_before=now().at, **shape)
    if state is not State.WAITING:
        assert outbox.settle(work, row, state, now().at, error=error)
    return row_id


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert relance("outbox", "--json", *words) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_what_waits_and_what_is_stuck_is_listed_without_a_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with at_work() as work:
        boss = hire(work, "Sophie Lambert", Role.CREDIT_MANAGER)
        a_message(work, State.WAITING)
        a_message(work, State.WAITING, kind="digest")
        doubted = a_message(work, State.PARKED, "in doubt: cut", person_id=boss.id)
        poison = a_message(work, State.PARKED, "KeyError('x')")
    told = listed(capsys)
    assert told["waiting"]["by_kind"] == {"alert": 1, "digest": 1}
    assert told["waiting"]["total"] == 2
    assert [one["id"] for one in told["parked"]] == [poison]
    (one,) = told["uncertain"]
    assert (one["id"], one["person"], one["role"]) == (doubted, boss.id, "credit-manager")
    assert one["error"] == "in doubt: cut"
    assert "Sophie" not in json.dumps(told)
    assert relance("outbox") == 0
    said = capsys.readouterr().out
    assert "Mis de côté, non partis\N{NO-BREAK SPACE}: 1" in said
    assert "KeyError('x')" in said


def test_parked_messages_wait_again_and_the_decision_is_signed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with at_work() as work:
        first, second = (a_message(work, State.PARKED, "in doubt: cut") for _ in range(2))
        gone = a_message(work, State.SENT)
    assert listed(capsys, "--retry", str(first), str(gone)) == {"retried": [first]}
    assert listed(capsys, "--retry", "all") == {"retried": [second]}
    assert listed(capsys, "--retry", "all") == {"retried": []}
    with at_work() as work:
        rows = work.all(select(tables.outbox.c.id, tables.outbox.c.state))
        states = {row.id: row.state for row in rows}
        assert states == {first: "waiting", second: "waiting", gone: "sent"}
        kinds = work.scalars(select(tables.event.c.kind))
        assert kinds == ["outbox.retried", "outbox.retried"]
        rates.owe(work, PACE, now().at, 0)
        rates.owe(work, PACE, now().at, -100)
        (row,) = outbox_turns.draw(work, PACE, now().at, most=5, spent=0, busy=()).rows
        assert (row.id, row.doubtful) == (first, False)


@pytest.mark.parametrize(("verb", "done"), [("--retry", "retried"), ("--drop", "dropped")])
def test_what_a_restored_copy_left_in_doubt_is_decided_on_before_a_bot_runs(
    capsys: pytest.CaptureFixture[str], verb: str, done: str
) -> None:
    with at_work() as work:
        doubted, other = a_message(work, State.WAITING), a_message(work, State.WAITING)
        one = tables.outbox.c.id == doubted
        work.execute(update(tables.outbox).where(one).values(error=outbox.IN_DOUBT))
    assert relance("outbox") == 0
    assert "incertain\N{NO-BREAK SPACE}: peut-être parti depuis" in capsys.readouterr().out
    assert listed(capsys, verb, "all") == {done: [doubted]}
    with at_work() as work:
        rows = work.all(select(tables.outbox.c.id, tables.outbox.c.state))
        states = {row.id: row.state for row in rows}
        assert states == {doubted: "waiting" if verb == "--retry" else "dropped", other: "waiting"}
        errors = work.scalars(select(tables.outbox.c.error).where(one))
        assert errors != [outbox.IN_DOUBT]


@pytest.mark.parametrize("verb", ["--retry", "--drop"])
def test_numbers_that_cannot_be_decided_on_are_named(
    capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    with at_work() as work:
        parked, sent = a_message(work, State.PARKED, "cut"), a_message(work, State.SENT)
    assert relance("outbox", verb, str(parked), str(sent), "9" * 30) == 0
    assert capsys.readouterr().err.endswith(f"{sent}, {'9' * 30}\n")
    assert relance("outbox", verb, str(sent)) == 1
    assert capsys.readouterr().err.endswith(f"{sent}\n")


def test_an_answer_asked_for_again_is_not_in_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    with at_work() as work:
        row_id = a_message(work, State.PARKED, "in doubt: cut", priority=Priority.ANSWER)
    assert listed(capsys, "--retry", "all") == {"retried": [row_id]}
    with at_work() as work:
        later = now().at + outbox_turns.ORPHAN
        (row,) = outbox_turns.adopt(work, later, [], 5)
        assert (row.id, row.doubtful) == (row_id, False)


def test_messages_are_given_up_and_their_broadcast_knows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with at_work() as work:
        _a_staff(work, 1)
    assert relance("broadcast", "--text", "Bonjour", "--audience", "reps", "--json") == 0
    capsys.readouterr()
    with at_work() as work:
        waiting = work.scalars(
            select(tables.outbox.c.id).where(tables.outbox.c.kind == "broadcast")
        )
        parked = a_message(work, State.PARKED, "KeyError('x')")
    assert listed(capsys, "--drop", "all") == {"dropped": [parked]}
    assert listed(capsys, "--drop", *map(str, waiting)) == {"dropped": waiting}
    with at_work() as work:
        assert broadcasts.tally(work, 1).failed == 1
    assert relance("outbox", "--drop", "999") == 1
    assert relance("outbox", "--drop", "abc") == 2
    assert "abc" in capsys.readouterr().err


def test_nobody_signs_where_there_is_no_credit_manager(capsys: pytest.CaptureFixture[str]) -> None:
    assert relance("broadcast", "--text", "Bonjour", "--audience", "all") == 1
    assert "credit manager" in capsys.readouterr().err


def test_a_broadcast_is_queued_at_once_whatever_the_hour(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with at_work() as work:
        _a_staff(work, 3)
    assert relance("broadcast", "--text", "Bonjour", "--audience", "all", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["recipients"], told["waiting"], told["sent"]) == (4, 4, 0)
    with at_work() as work:
        rows = work.all(select(tables.outbox).where(tables.outbox.c.kind == "broadcast"))
        assert all(row.not_before == row.created_at for row in rows)
        (event,) = work.all(select(tables.event))
        assert (event.kind, event.person_id) == ("broadcast.sent", None)


def test_ten_thousand_recipients_are_a_few_statements() -> None:
    with at_work() as work:
        _a_staff(work, 0)
        people = [
            {"telegram_id": 90_000 + n, "name": f"R{n}", "role": "rep", "locale": "fr"}
            for n in range(10_000)
        ]
        work.execute_many(tables.person.insert(), people)
    assert relance("broadcast", "--text", "Bonjour", "--audience", "reps") == 0
    with at_work() as work:
        posted = select(func.count(), func.count(tables.outbox.c.dedupe.distinct())).where(
            tables.outbox.c.kind == "broadcast"
        )
        assert tuple(work.all(posted)[0]) == (10_000, 10_000)


@pytest.mark.parametrize(
    ("outcome", "code"), [(State.SENT, 0), (State.DROPPED, 0), (State.PARKED, 1)]
)
def test_waiting_ends_when_everybody_is_settled(
    capsys: pytest.CaptureFixture[str], outcome: State, code: int
) -> None:
    with at_work() as work:
        _a_staff(work, 5)
    bot = threading.Thread(target=_send_all, args=(5, outcome))
    bot.start()
    words = ("broadcast", "--text", "Bonjour", "--audience", "reps", "--wait", "--json")
    assert relance(*words) == code
    bot.join()
    told = json.loads(capsys.readouterr().out)
    wanted = {State.SENT: "sent", State.DROPPED: "blocked", State.PARKED: "failed"}[outcome]
    assert told.pop("seconds") >= 0
    figures = dict.fromkeys(("sent", "seen", "blocked", "failed", "waiting"), 0)
    assert told == {"recipients": 5, **figures, wanted: 5}


@pytest.fixture
def listening() -> Iterator[None]:
    """Hear Ctrl-C: a shell has what it starts in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_who_stops_waiting_hears_how_far_it_came_and_that_it_goes_on(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    with at_work() as work:
        _a_staff(work, 2)
    impatient = threading.Thread(target=_interrupt_when_queued, args=(capsys,))
    impatient.start()
    words = ("broadcast", "--text", "Bonjour", "--audience", "reps", "--wait", *options)
    assert relance(*words) == 130
    impatient.join()
    told = capsys.readouterr()
    assert "le message continue de partir" in told.err
    if options:
        assert json.loads(told.out)["waiting"] == 2
    else:
        assert "Remis 0 sur 2" in told.out
    with at_work() as work:
        assert broadcasts.tally(work, 1).waiting == 2


def _interrupt_when_queued(capsys: pytest.CaptureFixture[str]) -> None:
    """Press Ctrl-C as soon as the command has said that no bot runs: everything is queued."""
    while "Aucun bot ne tourne" not in capsys.readouterr().err:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)


def _send_all(count: int, outcome: State) -> None:
    """Play the running bot: draw what waits and settle it, until so many were."""
    with at_work() as work:
        rates.owe(work, PACE, now().at, 0)
    while count:
        with at_work() as work:
            drawn = outbox_turns.draw(work, PACE, now().at, most=9, spent=0, busy=())
            for row in drawn.rows:
                outbox.settle(work, row, outcome, now().at)
                count -= row.kind == "broadcast"


def _a_staff(work: Work, reps: int) -> None:
    hire(work, "Sophie", Role.CREDIT_MANAGER)
    hire(work, "Paul", Role.SALES_MANAGER)
    for number in range(reps):
        hire(work, f"Rep {number}", Role.REP, f"R{number}")


def test_every_kind_of_message_has_a_name() -> None:
    assert set(announced.KINDS) <= set(KINDS)
