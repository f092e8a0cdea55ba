"""The command line: `relance <verb> …`, exit code 0 (done), 1 (a fault), 2 (wrong use)."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from bot.commands import VERBS
from bot.commands.spoken import DESCRIPTION, VERSION, Parser, speak


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    speak()
    parser, verb = _parser(arguments[0] if arguments else None)
    if verb is not None and verb.get_default("scattered"):
        args = verb.parse_intermixed_args(arguments[1:])
    else:
        args = parser.parse_args(arguments)
    if args.run is None:
        parser.print_help()
        return 2
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        from bot.commands.faults import explain

        if (said := explain(error)) is None:
            raise
        print(said, file=sys.stderr)
        return 1


def _parser(wanted: str | None) -> tuple[Parser, Parser | None]:
    """Make the parser of one verb, or of all when none is asked for: each is a module.

    The verb's own comes beside it: of those with `scattered` paths, options may part them.
    """
    parser = Parser(
        prog="relance",
        description=DESCRIPTION,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help=VERSION)
    parser.set_defaults(run=None)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB")
    verb = None
    for name in [wanted] if wanted in VERBS else VERBS:
        module = import_module(f"bot.commands.{name.replace('import', 'import_')}")
        verb = verbs.add_parser(name, help=module.HELP, description=module.HELP)
        verb.set_defaults(run=module.run)
        module.add_arguments(verb)
    return parser, verb if wanted in VERBS else None


class _Version(argparse.Action):
    """Print the version, looked up only when it is asked for: reading it takes a while."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        parser.exit(message=f"relance {_version()}\n")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("relance")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
