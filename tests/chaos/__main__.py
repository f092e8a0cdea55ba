"""`make chaos`: storms and faults for minutes, one line of counters each.

Exit code 1 when anything was lost, out of order, or doubled beyond the faults.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from tests.chaos.assault import Endured, endure
from tests.chaos.faults import FAULTS, POSTGRESQL, Fault
from tests.chaos.oracle import Counters, judge
from tests.chaos.scene import Found
from tests.chaos.storm import Plan, Storm
from tests.journeys.copies import Copy
from tests.journeys.harness import Company
from tests.journeys.processes import module
from tests.storage import databases

BACKENDS = {"sqlite": ("", 1), "postgresql-2": ("postgresql", 2), "postgresql-4": ("postgresql", 4)}


class Told(Protocol):
    """What came of a part: a storm, a fault, an assault."""

    def told(self) -> str: ...
    def fine(self) -> bool: ...


def main() -> int:
    """Play what is asked for and print what each did; 1 when one went wrong."""
    args = _arguments()
    fine = [_line(name, lambda name=name: _storm(name, args)) for name in args.on]  # type: ignore[misc]
    fine += [
        _line(f"when {one.name}", lambda one=one: _fault(one))  # type: ignore[misc]
        for one in FAULTS
        if one.name in args.faults
    ]
    if args.hostile:
        fine.append(_line("hostile", lambda: _assault(args.hostile)))
    return 0 if all(fine) else 1


def _arguments() -> argparse.Namespace:
    names = [one.name for one in FAULTS]
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="in each storm")
    parser.add_argument("--minutes", type=float, default=20.0, help="of kills in each storm")
    parser.add_argument("--reps", type=int, default=4)
    parser.add_argument("--customers", type=int, default=5, help="of each representative")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument(
        "--former", type=Path, metavar="FOLDER", help="a checkout whose processes are replaced"
    )
    parser.add_argument("--on", nargs="*", choices=BACKENDS, default=list(BACKENDS))
    parser.add_argument("--faults", nargs="*", choices=names, default=names, metavar="FAULT")
    parser.add_argument("--hostile", type=int, default=10_000, help="updates; 0: none")
    return parser.parse_args()


def _line(name: str, play: Callable[[], Told | None]) -> bool:
    """Play a part and print its line; one that breaks off is told and has failed."""
    began = time.monotonic()
    try:
        found = play()
    except AssertionError as error:
        print(f"{name}: FAILED {str(error)[:2_000]}", flush=True)
        return False
    if found is None:
        print(f"{name}: not possible on this machine", flush=True)
        return True
    verdict = "" if found.fine() else " FAILED"
    print(f"{name}:{verdict} {found.told()} in {time.monotonic() - began:.0f} s", flush=True)
    return found.fine()


def _storm(name: str, args: argparse.Namespace) -> Counters:
    backend, replicas = BACKENDS[name]
    plan = Plan(
        seed=args.seed,
        reps=args.reps,
        customers=args.customers,
        kills=args.kills,
        broadcasts=max(1, args.kills // 10),
        replicas=replicas,
        seconds=args.minutes * 60,
        former=args.former and args.former.resolve(),
    )
    # the older release makes the schema, and the first process of this one brings it up to date
    place = _place(server=backend == POSTGRESQL, blank=plan.former is not None)
    with place as (folder, url):
        return _blown(plan, folder, url)


def _blown(plan: Plan, folder: Path, url: str) -> Counters:
    launch = module("bot.cli") if plan.former else Copy
    with Company(folder, database_url=url, launch=launch) as company:
        storm = Storm(company, plan)
        try:
            storm.blow()
            return judge(storm)
        finally:
            storm.close()


def _fault(fault: Fault) -> Found | None:
    with _place(server=fault.on == POSTGRESQL) as (folder, url):
        return fault.play(folder / "company", url) if fault.possible(folder) else None


def _assault(examples: int) -> Endured:
    with _place(server=False) as (folder, _):
        url = f"sqlite:///{folder / 'relance.db'}"
        databases.furnish(url)
        return endure(url, examples)


@contextmanager
def _place(*, server: bool, blank: bool = False) -> Iterator[tuple[Path, str]]:
    """Yield a folder that is deleted afterwards, and a database of a server if asked for.

    A `blank` one has no schema yet.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        if not server:
            yield folder, ""
            return
        held = stack.enter_context(databases.held_server())
        made = databases.a_blank_database if blank else databases.a_database
        yield folder, stack.enter_context(made(held))


if __name__ == "__main__":
    sys.exit(main())
