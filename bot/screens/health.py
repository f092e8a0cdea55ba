"""What `relance check` found, in words that say how to mend it."""

from __future__ import annotations

from bot.screens.render import Speaker
from bot.use_cases.health import Finding

MESSAGES = {
    "data_folder": "Data folder: {folder}",
    "data_folder_unwritable": "The data folder {folder} cannot be written ({why}): "
    "set RELANCE_DATA_DIR to a folder you own.",
    "store": "The credit manager's store: {folder}",
    "store_unwritable": "The store {folder} cannot be written ({why}): "
    "mend its rights or set RELANCE_STORE_URL.",
    "policy": "Policy: every threshold is readable.",
    "policy_broken": "The policy cannot be used: {why}",
    "scripts": "Scripts: {count} conversations are sound.",
    "scripts_broken": "A scripted conversation is broken: {why}",
    "database": "Database: reachable, up to date and sound.",
    "database_damaged": "The database is damaged ({why}): restore the last backup "
    "with relance restore FILE.",
    "database_unreachable": "The database does not answer ({why}): check RELANCE_DATABASE_URL.",
    "people": "People with access: {count}",
    "no_credit_manager": "No credit manager has access yet: "
    "relance invite --role credit-manager gives a link.",
    "data_age": "The book is {hours} h old.",
    "no_data": "No receivables were imported yet: relance import FILE.",
    "rates": "Late-payment rate of {semester}: known and verified.",
    "rates_missing": "The late-payment rate of {semester} is not known: penalties are shown "
    "as estimates until late_payment.toml has it.",
    "no_token": "No bot token: set RELANCE_BOT_TOKEN (relance init asks for it). "
    "relance demo works without one.",
    "token_not_asked": "A bot token is set; Telegram was not asked.",
    "telegram": "Telegram answers: this is @{username}.",
    "telegram_refuses": "Telegram does not accept the token or cannot be reached ({why}): "
    "check RELANCE_BOT_TOKEN and the network.",
}


def words(speaker: Speaker, finding: Finding) -> str:
    """Say one finding in a line."""
    return speaker.say(MESSAGES[finding.code], **finding.data)
