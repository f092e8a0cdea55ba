"""`relance init`: from a token to the first chat in two minutes."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.spoken import complain, reader

if TYPE_CHECKING:
    from bot.application import House
    from bot.screens.render import Speaker
    from bot.use_cases.access import Invitation
    from config.settings import Settings
    from storage.work import Work

HELP = "ask for the token and the few settings, write .env, invite the credit manager"
OWNER_ONLY = 0o600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `init`: each one given is not asked for."""
    parser.add_argument("--token", help="the bot's token (other users of the machine may see it)")
    parser.add_argument("--token-file", type=Path, help="a file that holds the bot's token")
    parser.add_argument("--timezone", "--zone", help="the company's zone (Europe/Paris)")
    parser.add_argument("--locale", "--language", choices=("fr", "en"), help="its language (fr)")
    parser.add_argument("--company", help="the company, as its customers know it")
    parser.add_argument("--store", help="the store's address, folder:///…")
    parser.add_argument("--data-dir", type=Path, help="where the database goes (data)")
    parser.add_argument("--env-file", type=Path, default=Path(".env"), help="where the settings go")
    parser.add_argument("--force", action="store_true", help="replace an existing .env")
    parser.add_argument("--yes", action="store_true", help="ask nothing: take the defaults")


def run(args: argparse.Namespace) -> int:
    """Ask, check the token with Telegram, write the settings, print the first invitation."""
    said = reader(args.locale)
    if args.env_file.exists() and not args.force:
        complain("init", said.say("{file} exists; --force replaces it", file=args.env_file))
        return 1
    try:
        answers = _answers(args, said)
    except EOFError:  # Ctrl-D at a question is Ctrl-C
        return 130
    if not answers["RELANCE_BOT_TOKEN"]:
        complain("init", said.say("a bot token is needed; @BotFather gives one"))
        return 2
    if unwritable := [name for name, value in answers.items() if not _writable(value)]:
        names = ", ".join(unwritable)
        complain("init", said.say("{names}: one line, without ${{", names=names))
        return 2
    settings = _settings(answers)
    try:
        username = _who(settings)
    except OSError as error:
        detail = str(error).replace(settings.token, "…")
        complain("init", _why_unknown(said, error, detail))
        return 1
    write_private(args.env_file, answers)
    print(f"@{username} → {args.env_file}")
    _invite(settings, username)
    return 0


def _why_unknown(said: Speaker, error: OSError, detail: str) -> str:
    """Tell a token that Telegram refuses from a Telegram that cannot be reached."""
    if isinstance(error, ConnectionRefusedError):
        return said.say(
            "Telegram does not accept this token: copy it again from @BotFather ({detail})",
            detail=detail,
        )
    return said.say(
        "Telegram does not answer: check the network and RELANCE_BOT_API_URL, "
        "then try again ({detail})",
        detail=detail,
    )


def _answers(args: argparse.Namespace, said: Speaker) -> dict[str, str]:
    ask = _silent if args.yes or not sys.stdin.isatty() else _asked
    store = said.say("Store, folder:///… (none: in the data folder)")
    return {
        "RELANCE_BOT_TOKEN": _token(args, said),
        "RELANCE_TIMEZONE": args.timezone or ask(said.say("Time zone"), "Europe/Paris"),
        "RELANCE_LOCALE": args.locale or ask(said.say("Language (fr/en)"), "fr"),
        "RELANCE_COMPANY": args.company or ask(said.say("Company"), "Relance"),
        "RELANCE_STORE_URL": args.store or ask(store, ""),
        "RELANCE_DATA_DIR": str(args.data_dir or ask(said.say("Data folder"), "data")),
    }


def _token(args: argparse.Namespace, said: Speaker) -> str:
    """Take the token from a file, the environment or a prompt that does not echo."""
    if args.token:
        return str(args.token).strip()
    if args.token_file:
        return str(args.token_file.read_text("utf-8")).strip()
    if token := os.environ.get("RELANCE_BOT_TOKEN", "").strip():
        return token
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    from getpass import getpass

    prompt = said.say("Bot token (from @BotFather, not shown):")
    return getpass(f"{prompt} ").strip()


def _silent(_question: str, default: str) -> str:
    return default


def _asked(question: str, default: str) -> str:
    shown = f"{question} [{default}] " if default else f"{question} "
    return input(shown).strip() or default


def _settings(answers: dict[str, str]) -> Settings:
    """Make the settings that the answers will give; a former .env has no say in them."""
    from config.settings import Settings

    given = {name.removeprefix("RELANCE_").lower(): value for name, value in answers.items()}
    return Settings(_env_file=None, **{name: value for name, value in given.items() if value})  # type: ignore[arg-type]


def _who(settings: Settings) -> str:
    import asyncio

    from bot.application import who_am_i

    return asyncio.run(who_am_i(settings))


def write_private(file: Path, answers: dict[str, str]) -> None:
    """Write settings into a file that only its owner can read, whole or not at all."""
    partial = file.with_name(file.name + ".partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        for name, value in answers.items():
            if value:
                stream.write(f"{name}={_quoted(value)}\n")
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)


def _writable(value: str) -> bool:
    """Tell whether a .env file can give the value back: it has no way to write a bare ${."""
    return "${" not in value and value.isprintable()


def _quoted(value: str) -> str:
    if value.replace(":", "").replace("/", "").replace("_", "").replace("-", "").isalnum():
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _invite(settings: Settings, username: str) -> None:
    """Print the credit manager's invitation as a link and as a code to scan."""
    import segno

    from bot.application import transact
    from bot.commands.invite import deep_link

    offer = transact(settings, _first_invitation, username)
    link = deep_link(username, offer.payload)
    print(link)
    segno.make(link).terminal(compact=True)


def _first_invitation(work: Work, house: House, username: str) -> Invitation:
    from bot.commands.invite import keep
    from storage import facts

    facts.put(work, "bot_username", username)
    return keep(work, house, "credit-manager", None, ())
