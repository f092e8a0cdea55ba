"""`relance scripts check | graph`: the scripted conversations, checked and drawn."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.commands.spoken import complain, reader

HELP = "check the scripted conversations, or draw one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verbs under `scripts`."""
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    check = verbs.add_parser("check", help="read every script and list what is wrong")
    check.add_argument(
        "folder", nargs="?", type=Path, help="your own scripts, over the packaged ones"
    )
    check.set_defaults(run=run_check)
    graph = verbs.add_parser("graph", help="draw a script in Mermaid")
    graph.add_argument("script", nargs="?", default="call", help="its id (default: call)")
    graph.set_defaults(run=run_graph)


def run(args: argparse.Namespace) -> int:
    """Never reached: argparse asks for one of the verbs under `scripts`."""
    return int(args.run is None)


def run_check(args: argparse.Namespace) -> int:
    """Print each fault with its file and step; 1 when there is any."""
    from bot.application import load_settings
    from bot.screens import script_words
    from bot.scripts.check import check

    folder = args.folder or load_settings().scripts_dir
    faults = check(folder)
    for fault in faults:
        print(script_words.fault(reader(), fault), file=sys.stderr)
    if not faults:
        from bot.scripts.library import load

        scripts = load(folder)
        steps = sum(len(script.steps) for script in scripts.values())
        print(
            reader().say(
                "{scripts} scripts, {steps} steps: sound", scripts=len(scripts), steps=steps
            )
        )
    return int(bool(faults))


def run_graph(args: argparse.Namespace) -> int:
    """Print the Mermaid text of a script."""
    from bot.application import load_settings
    from bot.scripts.graph import mermaid
    from bot.scripts.library import load

    scripts = load(load_settings().scripts_dir)
    if args.script not in scripts:
        known = ", ".join(sorted(scripts))
        said = reader()
        why = said.say("no script “{script}”; there are {known}", script=args.script, known=known)
        complain("scripts graph", why)
        return 2
    print(mermaid(scripts[args.script]))
    return 0
