"""`python -m tests.bench [NAME…] [--rounds N] [--json] [--small]`: measure and print."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import report
from tests.bench.bench import FULL, SMALL, Bench, Measured, measure
from tests.bench.broadcasting import BROADCAST
from tests.bench.broadcasting_replicas import BROADCAST_REPLICAS
from tests.bench.growing import GROWTH
from tests.bench.importing import IMPORT, LARGE_IMPORT, MILLION_IMPORT, WORKBOOK_IMPORT
from tests.bench.latency import LATENCY
from tests.bench.replicas import REPLICAS
from tests.bench.responsiveness import RESPONSIVENESS, RESPONSIVENESS_LOOK, RESPONSIVENESS_MILLION
from tests.bench.scanning import LARGE_SCAN, SCAN
from tests.bench.starting import START
from tests.bench.taps import ROUND_TRIP, TAPS
from tests.bench.transactions import TRANSACTIONS
from tests.bench.transactions_postgres import TRANSACTIONS_POSTGRES

BENCHES = (
    TAPS,
    ROUND_TRIP,
    LATENCY,
    TRANSACTIONS,
    TRANSACTIONS_POSTGRES,
    REPLICAS,
    SCAN,
    IMPORT,
    BROADCAST,
    START,
)
ON_REQUEST = (
    BROADCAST_REPLICAS,
    LARGE_IMPORT,
    MILLION_IMPORT,
    WORKBOOK_IMPORT,
    LARGE_SCAN,
    GROWTH,
    RESPONSIVENESS,
    RESPONSIVENESS_LOOK,
    RESPONSIVENESS_MILLION,
)  # minutes long: only when it is named


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for; return 1 when a goal is missed."""
    args = _parser().parse_args(arguments)
    wanted = [one for one in (*BENCHES, *ON_REQUEST) if one.name in args.names] or list(BENCHES)
    results = [_measured(one, rounds=args.rounds, small=args.small) for one in wanted]
    if args.json:
        print(report.as_json(results))
    else:
        print(", ".join(f"{name} {value}" for name, value in report.machine().items()), end="\n\n")
        print(report.table(results))
    return int(any(not one.goal.met(one.ratio) for done in results for one in done.ratios()))


def _parser() -> argparse.ArgumentParser:
    listing = "; ".join(f"{one.name}: {one.letter}, {one.title}" for one in (*BENCHES, *ON_REQUEST))
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=listing)
    names = [one.name for one in (*BENCHES, *ON_REQUEST)]
    which = f"{', '.join(names)}; without a name all but the last {len(ON_REQUEST)}"
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*names, []], help=which)
    parser.add_argument("--rounds", type=int, default=5, help="turns of every contender (5)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--small", action="store_true", help="only see that it runs")
    return parser


def _measured(bench: Bench, *, rounds: int, small: bool) -> Measured:
    print(f"{bench.letter}  {bench.title} …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as folder:
        return measure(bench, Path(folder), SMALL if small else FULL, rounds)


if __name__ == "__main__":
    sys.exit(main())
