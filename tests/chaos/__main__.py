"""`make chaos`: storms for minutes, on a file and on PostgreSQL; exit code 1 when one is lost."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.oracle import Counters, judge
from tests.chaos.storm import Plan, Storm
from tests.journeys.copies import Copy
from tests.journeys.harness import Company
from tests.storage import databases

BACKENDS = {"sqlite": ("", 1), "postgresql-2": ("postgresql", 2), "postgresql-4": ("postgresql", 4)}


def main() -> int:
    """Run the storms that are asked for and print what each did; 1 when one went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="in each storm")
    parser.add_argument("--minutes", type=float, default=20.0, help="of kills in each storm")
    parser.add_argument("--reps", type=int, default=4)
    parser.add_argument("--customers", type=int, default=5, help="of each representative")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--on", nargs="+", choices=BACKENDS, default=list(BACKENDS))
    args = parser.parse_args()
    wrong = 0
    for name in args.on:
        backend, replicas = BACKENDS[name]
        plan = Plan(
            seed=args.seed,
            reps=args.reps,
            customers=args.customers,
            kills=args.kills,
            broadcasts=max(1, args.kills // 10),
            replicas=replicas,
            seconds=args.minutes * 60,
        )
        began = time.monotonic()
        counters = _storm(plan, backend)
        print(f"{name}: {counters.told()} in {time.monotonic() - began:.0f} s", flush=True)
        wrong += not counters.fine()
    return 1 if wrong else 0


def _storm(plan: Plan, backend: str) -> Counters:
    with tempfile.TemporaryDirectory() as folder:
        if not backend:
            return _on(plan, Path(folder), "")
        with databases.held_server() as server, databases.a_database(server) as url:
            return _on(plan, Path(folder), url)


def _on(plan: Plan, folder: Path, url: str) -> Counters:
    with Company(folder, database_url=url, launch=Copy) as company:
        storm = Storm(company, plan)
        try:
            storm.blow()
            return judge(storm)
        finally:
            storm.close()


if __name__ == "__main__":
    sys.exit(main())
