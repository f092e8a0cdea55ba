"""The loop and the writer's thread take turns, and neither keeps the other from working."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event, Thread, get_ident

from storage.sqlite_database import SqliteDatabase
from storage.turns import TURNS, Turns, new_loop
from storage.work import Work


def test_the_second_waits_until_the_first_has_given_the_turn() -> None:
    turns, order = Turns(longest=60), list[str]()
    began = Event()

    def second() -> None:
        began.set()
        with turns.turn():
            order.append("second")

    with turns.turn():
        other = Thread(target=second)
        other.start()
        began.wait()
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_who_waits_too_long_goes_on_and_takes_nothing_from_the_holder() -> None:
    turns = Turns(longest=0.001)
    assert turns.take()
    with turns.turn():  # not this one's to give
        assert not turns.take()
    assert not turns.take()
    turns.give()
    assert turns.take()


def test_callbacks_run_in_a_turn_and_waiting_leaves_it_free() -> None:
    async def free_while_waiting() -> tuple[bool, bool]:
        running = TURNS.take()
        got = await asyncio.to_thread(Turns.take, TURNS)
        if got:
            TURNS.give()
        return running, got

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(free_while_waiting()) == (False, True)
    assert TURNS.take()
    TURNS.give()


def test_a_transaction_is_carried_out_while_the_loop_keeps_its_turn(tmp_path: Path) -> None:
    done = Event()

    def work(_work: Work) -> int:
        done.set()
        return get_ident()

    async def keep_busy() -> int:
        database = SqliteDatabase(tmp_path / "relance.db")
        await database.open()
        answer = asyncio.ensure_future(database.transact(work))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert done.wait(10)  # the loop stands still, its turn in hand
        try:
            return await answer
        finally:
            await database.close()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(keep_busy()) != get_ident()
