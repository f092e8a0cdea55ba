"""The look over a whole installation that `relance check` takes, from settings to Telegram."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.use_cases.health import FAULT, OK, WARNING, Finding

if TYPE_CHECKING:
    from bot.application import House
    from config.settings import Settings
    from credit.creditor import Creditor
    from storage.work import Work

OTHERS_READ: Final = 0o044
OTHERS_ENTER: Final = 0o011
MEGABYTE: Final = 1_000_000
NO_SPACE: Final = 100 * MEGABYTE
LEAST_FREE: Final = 1_000 * MEGABYTE
MISTAKES: Final = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What no driver says of a database that is away: it answered, and could not be understood."""


def inspect(settings: Settings, *, ask_telegram: bool) -> list[Finding]:
    """Look at every part in turn; a broken one does not hide the others."""
    rules = [*_policy(settings), _scripts(settings)]
    ruled = all(one.state != FAULT for one in rules)
    findings = [_folder("data_folder", settings.data_dir), *rules]
    findings += _database(settings, ruled=ruled)
    findings.append(_folder("store", settings.store_folder))
    findings += [_privacy(settings), _space(settings), _offset(settings)]
    findings.append(_token(settings, ask_telegram=ask_telegram))
    if findings[-1].code == "telegram":
        findings.append(_webhook(settings))
    return findings


def _folder(check: str, folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = error.strerror or str(error)
        data = {"folder": str(folder), "why": why}
        return Finding(check, FAULT, f"{check}_unwritable", data, error)
    return Finding(check, OK, check, {"folder": str(folder)})


def _privacy(settings: Settings) -> Finding:
    """Tell which files with customers or the token others on this machine can read."""
    from storage.sqlite_path import path_of

    files = [Path(".env")]
    if settings.database.startswith("sqlite:"):
        files.append(path_of(settings.database))
    open_ones = [str(file) for file in files if _others_read(file, settings.data_dir)]
    if open_ones:
        return Finding("privacy", WARNING, "files_open", {"files": ", ".join(open_ones)})
    return Finding("privacy", OK, "files_closed")


def _others_read(file: Path, folder: Path) -> bool:
    """Tell whether others may read a file; a closed folder closes what is in it."""
    try:
        closed = file.parent.samefile(folder) and not folder.stat().st_mode & OTHERS_ENTER
        return bool(file.stat().st_mode & OTHERS_READ) and not closed
    except OSError:
        return False


def _space(settings: Settings) -> Finding:
    """Compare the disk's free space with what a backup or an import needs."""
    from storage.sqlite_path import path_of

    try:
        free = shutil.disk_usage(settings.data_dir).free
    except OSError:
        return Finding("disk", OK, "disk_unknown")
    needed = LEAST_FREE
    if settings.database.startswith("sqlite:") and path_of(settings.database).exists():
        needed += 2 * path_of(settings.database).stat().st_size
    data = {"free": free // MEGABYTE, "needed": needed // MEGABYTE}
    if free < NO_SPACE:
        return Finding("disk", FAULT, "disk_full", data)
    return Finding("disk", WARNING if free < needed else OK, "disk", data)


def _offset(settings: Settings) -> Finding:
    seconds = settings.clock_offset
    if seconds:
        return Finding("clock_offset", WARNING, "clock_offset", {"seconds": seconds})
    return Finding("clock_offset", OK, "clock_real")


def _policy(settings: Settings) -> list[Finding]:
    from config.file_faults import file_fault
    from config.policy import load_policy
    from config.typed_toml import ConfigFault

    try:
        policy = load_policy(settings.policy_file)
    except (ConfigFault, OSError) as fault:
        data = {"why": _short(file_fault(fault))}
        return [Finding("policy", FAULT, "policy_broken", data, fault)]
    return [Finding("policy", OK, "policy"), _letters(policy.creditor)]


def _letters(creditor: Creditor) -> Finding:
    """Tell what letters to customers cannot say of the company that writes them."""
    if creditor.missing:
        return Finding("letters", WARNING, "letters_incomplete", {"missing": creditor.missing})
    return Finding("letters", OK, "letters")


def _scripts(settings: Settings) -> Finding:
    from bot.scripts.library import BrokenScripts, load
    from config.file_faults import file_fault

    try:
        scripts = load(settings.scripts_dir)
    except (BrokenScripts, OSError) as broken:
        data = {"why": _short(file_fault(broken))}
        return Finding("scripts", FAULT, "scripts_broken", data, broken)
    return Finding("scripts", OK, "scripts", {"count": len(scripts)})


def _database(settings: Settings, *, ruled: bool) -> list[Finding]:
    """Look at the database; without readable rules, at nothing that is judged by them."""
    from bot.application import transact

    if fault := _closed(settings):
        return [fault]
    try:
        found = transact(settings, _inside) if ruled else []
    except MISTAKES as error:
        data = {"why": f"{type(error).__name__}: {_short(str(error))}"}
        return [Finding("database", FAULT, "database_look_failed", data, error)]
    except Exception as error:  # noqa: BLE001 - whatever the driver says becomes a finding
        return [_away(error)]
    if any(one.check == "schema" for one in found):
        return found
    return [Finding("database", OK, "database"), *found]


def _closed(settings: Settings) -> Finding | None:
    """Tell why the database cannot be opened and brought up to date."""
    from bot.application import prepare
    from storage.integrity import damage_of
    from storage.migrate import UnknownRevisionError

    try:
        if damage := damage_of(settings.database):
            return Finding("database", FAULT, "database_damaged", {"why": _short(damage)})
        prepare(settings)
    except UnknownRevisionError as error:
        data = {"revision": error.revision}
        return Finding("database", FAULT, "database_newer", data, error)
    except Exception as error:  # noqa: BLE001 - same as above
        return _away(error)
    return None


def _away(error: Exception) -> Finding:
    return Finding("database", FAULT, "database_unreachable", {"why": _short(str(error))}, error)


def _short(said: str) -> str:
    return " ".join(said.split())[:200]


def _inside(work: Work, house: House) -> list[Finding]:
    from bot.use_cases import health, integrity

    if gone := integrity.incomplete(work):
        return [gone]
    now = house.clock.now()
    return [*health.inside(work, now, house.rules), *integrity.inside(work, now)]


def _token(settings: Settings, *, ask_telegram: bool) -> Finding:
    if not settings.token:
        return Finding("telegram", WARNING, "no_token")
    if not ask_telegram:
        return Finding("telegram", OK, "token_not_asked")
    from bot.application import who_am_i

    try:
        name = asyncio.run(who_am_i(settings))
    except Exception as error:  # noqa: BLE001 - every way to fail has one meaning here
        return Finding("telegram", FAULT, "telegram_refuses", {"why": _masked(error, settings)})
    return Finding("telegram", OK, "telegram", {"username": name})


def _webhook(settings: Settings) -> Finding:
    """Compare where Telegram brings updates with where they are expected."""
    from bot.application import webhook_in_force

    try:
        found = asyncio.run(webhook_in_force(settings))
    except Exception as error:  # noqa: BLE001 - every way to fail has one meaning here
        return Finding("webhook", FAULT, "telegram_refuses", {"why": _masked(error, settings)})
    if found == settings.webhook_url:
        return Finding("webhook", OK, "webhook_right" if found else "webhook_none")
    code = "webhook_differs" if settings.webhook_url else "webhook_left"
    return Finding("webhook", WARNING, code)


def _masked(error: Exception, settings: Settings) -> str:
    return _short(str(error).replace(settings.token, "…"))
