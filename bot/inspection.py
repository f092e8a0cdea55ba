"""The look over a whole installation that `relance check` takes, from settings to Telegram."""

from __future__ import annotations

import asyncio
import tempfile
from typing import TYPE_CHECKING

from bot.use_cases.health import FAULT, OK, WARNING, Finding

if TYPE_CHECKING:
    from pathlib import Path

    from bot.application import House
    from config.settings import Settings
    from storage.work import Work


def inspect(settings: Settings, *, ask_telegram: bool) -> list[Finding]:
    """Look at every part in turn; a broken one does not hide the others."""
    findings = [_folder("data_folder", settings.data_dir), _policy(settings), _scripts()]
    ruled = all(one.state != FAULT for one in findings[1:])
    findings += _database(settings, ruled=ruled)
    findings.append(_folder("store", settings.store_folder))
    findings.append(_token(settings, ask_telegram=ask_telegram))
    return findings


def _folder(check: str, folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        why = error.strerror or str(error)
        return Finding(check, FAULT, f"{check}_unwritable", {"folder": str(folder), "why": why})
    return Finding(check, OK, check, {"folder": str(folder)})


def _policy(settings: Settings) -> Finding:
    from config.policy import load_policy
    from config.typed_toml import ConfigFault

    try:
        load_policy(settings.policy_file)
    except (ConfigFault, OSError) as fault:
        return Finding("policy", FAULT, "policy_broken", {"why": _short(str(fault))})
    return Finding("policy", OK, "policy")


def _scripts() -> Finding:
    from bot.scripts.library import BrokenScripts, load

    try:
        scripts = load()
    except BrokenScripts as broken:
        return Finding("scripts", FAULT, "scripts_broken", {"why": _short(str(broken))})
    return Finding("scripts", OK, "scripts", {"count": len(scripts)})


def _database(settings: Settings, *, ruled: bool) -> list[Finding]:
    """Look at the database; without readable rules, at nothing that is judged by them."""
    from bot.application import prepare, transact
    from storage.integrity import damage_of

    try:
        damage = damage_of(settings.database)
        if damage:
            return [Finding("database", FAULT, "database_damaged", {"why": _short(damage)})]
        prepare(settings)
        found = transact(settings, _inside) if ruled else []
    except Exception as error:  # noqa: BLE001 - whatever the driver says becomes a finding
        return [Finding("database", FAULT, "database_unreachable", {"why": _short(str(error))})]
    return [Finding("database", OK, "database"), *found]


def _short(said: str) -> str:
    return " ".join(said.split())[:200]


def _inside(work: Work, house: House) -> list[Finding]:
    from bot.use_cases import health

    return health.inside(work, house.clock.now(), house.rules)


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


def _masked(error: Exception, settings: Settings) -> str:
    return _short(str(error).replace(settings.token, "…"))
