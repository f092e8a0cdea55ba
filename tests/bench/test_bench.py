"""The harness runs, on next to nothing; what the figures are is for `make bench` to say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import report
from tests.bench.bench import SMALL, Bench, Contender, Goal, Size, measure
from tests.bench.importing import IMPORT, WORKBOOK_IMPORT
from tests.bench.processes import bot_api
from tests.bench.scanning import SCAN
from tests.bench.transactions import TRANSACTIONS
from tests.bench.transactions_postgres import TRANSACTIONS_POSTGRES
from tests.bench.updates import message, press

TINY = replace(SMALL, customers=20, items=200, transactions=30, scanned=4, lines=(40,))


@contextmanager
def two_runners(_folder: Path, _size: Size) -> Iterator[Mapping[str, Contender]]:
    ours, theirs = iter((3.0, 8.0, 4.0)), iter((1.0, 2.0, 4.0))
    yield {"ours": lambda: {"laps": next(ours)}, "theirs": lambda: {"laps": next(theirs)}}


def race(*goals: Goal) -> Bench:
    return Bench("race", "Z", "laps", two_runners, goals)


def test_a_ratio_is_that_of_the_medians_and_tells_its_spread(tmp_path: Path) -> None:
    done = measure(race(Goal("laps", "ours", "theirs", at_least=2.5)), tmp_path, TINY, 3)
    ratio = done.ratios()[0]
    assert (ratio.ratio, ratio.lowest, ratio.highest) == (2.0, 1.0, 4.0)
    assert not ratio.goal.met(ratio.ratio)
    assert "| **2.00** | 1.00 – 4.00 | ≥ 2.5 | missed |" in report.table([done])
    assert json.loads(report.as_json([done]))["benches"]["race"]["rounds"]["ours"]["laps"] == [
        3.0,
        8.0,
        4.0,
    ]


def test_a_ratio_without_a_bound_is_told_and_not_judged(tmp_path: Path) -> None:
    done = measure(race(Goal("laps", "ours", "theirs")), tmp_path, TINY, 1)
    assert done.ratios()[0].goal.met(1_000.0)
    assert report.table([done]).endswith("| **3.00** | 3.00 – 3.00 |  |  |")


WHOLE = [TRANSACTIONS, TRANSACTIONS_POSTGRES, SCAN, IMPORT, WORKBOOK_IMPORT]


@pytest.mark.parametrize("bench", WHOLE, ids=lambda bench: bench.name)
def test_every_contender_does_the_whole_work(bench: Bench, tmp_path: Path) -> None:
    done = measure(bench, tmp_path, TINY, 1)
    assert all(value > 0 for each in done.rounds.values() for (value,) in each.values())
    assert len(done.ratios()) == len(bench.goals)


def test_the_constant_bot_api_hands_out_a_burst_from_the_offset_on() -> None:
    with bot_api() as api:
        api.load([press(number, 500_001, "1tk.1") for number in range(1, 4)])
        updates = api._ask("bot1:x/getUpdates", b'{"offset": 2, "timeout": 0}')["result"]
        assert [one["update_id"] for one in updates] == [2, 3]
        api._ask("bot1:x/editMessageText", b"{}")
        state = api.state()
    assert state["calls"] == {"editMessageText": 1}
    assert state["loaded"] <= state["last_reply"]


def test_a_reply_is_timed_from_the_moment_its_message_was_due() -> None:
    with bot_api(20.0) as api:
        api.pace([message(n, 500_000 + n, "411000001", 1_790_000_000) for n in (1, 2)], 1_000.0)
        api._ask("bot1:x/getUpdates", b'{"offset": 0, "timeout": 5}')
        api._ask("bot1:x/sendMessage", b"chat_id=500002&text=a")
        api._ask("bot1:x/sendMessage", b'{"chat_id": 500001, "text": "a"}')
        api._ask("bot1:x/sendMessage", b'{"chat_id": 500001, "text": "nobody waits"}')
        shortest, longest = sorted(api.latencies())
    assert 0.02 <= shortest <= longest
