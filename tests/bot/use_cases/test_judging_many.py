"""After a long import the promises of whom it touched are looked for once, not one by one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.use_cases import judging
from tests.bot.handlers.reception import statements
from tests.bot.use_cases.ledger import ITEMS, TODAY, a_file, a_rep, line, rules, signed, take
from tests.bot.use_cases.test_judging import a_promise
from tests.storage.inline import inline


def test_who_never_promised_anything_costs_nothing(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        lines = [line(f"F{n}", "500,00", customer=f"C{n}") for n in range(1, 6)]
        take(work, a_file(tmp_path, ITEMS, *lines))
        a_promise(work, rep, 50_000, due=TODAY + timedelta(days=3))
        take(work, a_file(tmp_path, ITEMS, *lines[1:]), on=TODAY + timedelta(days=2))
        later = signed(TODAY + timedelta(days=2))
        with statements() as few:
            assert judging.judge(work, later, [2, 3, 4, 5], rules()) == []
        with statements() as more:
            judging.judge(work, later, [1, 2, 3, 4, 5], rules())
    assert len(few) == 1
    assert len(more) > len(few)
