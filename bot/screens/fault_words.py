"""The words for what a command stumbles over: files, settings, configuration, copies, Telegram."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from bot.screens.render import N_, Speaker

FILES = {
    errno.ENOENT: N_("no such file or directory"),
    errno.EACCES: N_("permission denied"),
    errno.EPERM: N_("operation not permitted"),
    errno.EISDIR: N_("is a directory"),
    errno.ENOTDIR: N_("not a directory"),
    errno.EEXIST: N_("file exists"),
    errno.ENOSPC: N_("no space left on device"),
    errno.EROFS: N_("read-only file system"),
    errno.ENAMETOOLONG: N_("file name too long"),
    errno.EADDRINUSE: N_("address already in use"),
    errno.EADDRNOTAVAIL: N_("cannot assign requested address"),
}
"""By error number; what is not here is said in the system's own words."""
SETTINGS = {
    "unknown_zone": N_("unknown time zone “{value}”"),
    "no_holidays": N_("“{value}” has no public holidays of its own: leave it out"),
    "unknown_language": N_("the language is fr or en, not “{value}”"),
    "no_store_address": N_("the store is a folder:///… address, not “{value}”"),
    "no_database_address": N_("the database is a sqlite:///… or postgresql://… address"),
    "no_web_address": N_("an address begins with https:// or http://, not “{value}”"),
    "unknown_level": N_("the level is one of {known}, not “{value}”"),
    "unknown_format": N_("the format is one of {known}, not “{value}”"),
    "no_secret": N_("a webhook needs a secret: 32 random letters and digits, for example"),
    "wrong_secret": N_("the secret has 1 to 256 characters of A-Z a-z 0-9 _ -"),
    "no_listening_address": N_("an address to listen on is host:port, not “{value}”"),
    "no_webhook_address": N_("the webhook is an https://… address, not “{value}”"),
    "webhook_not_secure": N_("Telegram calls a webhook by https:// only"),
    "webhook_port": N_("Telegram calls a webhook on port {known} only"),
    "float_parsing": N_("a number is needed, not “{value}”"),
    "finite_number": N_("a number is needed, not “{value}”"),
    "greater_than": N_("a number above {gt} is needed, not {value}"),
    "greater_than_equal": N_("the least is {ge}, not {value}"),
    "less_than_equal": N_("the most is {le}, not {value}"),
}
"""By the kind of the fault: ours in `config.settings`, the last ones pydantic's."""
EXPECTED = {
    "valid TOML": N_("valid TOML"),
    "UTF-8 text": N_("UTF-8 text"),
    "no such key": N_("no such key"),
    "a value": N_("a value"),
    "a sound value ({why})": N_("a sound value ({why})"),
    "one of {known}": N_("one of {known}"),
    "a list": N_("a list"),
    "a table": N_("a table"),
    "true or false": N_("true or false"),
    "a whole number": N_("a whole number"),
    "text": N_("text"),
    "a date": N_("a date"),
    "a time": N_("a time"),
    "a number": N_("a number"),
    "a folder": N_("a folder"),
    "at least one half-year": N_("at least one half-year"),
    "a half-year such as 2026S1": N_("a half-year such as 2026S1"),
    "a ceiling": N_("a ceiling"),
    "rising tiers": N_("rising tiers"),
    "0 to 100": N_("0 to 100"),
    "at least one window": N_("at least one window"),
    "amounts above zero": N_("amounts above zero"),
    "an amount above zero": N_("an amount above zero"),
    "one line of {most} characters at most": N_("one line of {most} characters at most"),
    "{lines} lines at most": N_("{lines} lines at most"),
    "the nine digits of a SIREN, as on your Kbis, or nothing": N_(
        "the nine digits of a SIREN, as on your Kbis, or nothing"
    ),
    "a VAT number of the European Union, as on your invoices, or nothing": N_(
        "a VAT number of the European Union, as on your invoices, or nothing"
    ),
    "{expected}, the VAT number of the SIREN above, or another SIREN": N_(
        "{expected}, the VAT number of the SIREN above, or another SIREN"
    ),
    "an IBAN copied from your bank's slip, or nothing": N_(
        "an IBAN copied from your bank's slip, or nothing"
    ),
    "a BIC of 8 or 11 characters copied from your bank's slip, or nothing": N_(
        "a BIC of 8 or 11 characters copied from your bank's slip, or nothing"
    ),
}
"""What a configuration file should hold, by the words of `config`."""
COPIES = {
    "exists": N_("{file} exists; choose another name"),
    "no_folder": N_("there is no folder {folder}"),
    "no_database": N_("there is no database of Relance to copy yet"),
    "no_file": N_("{file}: there is no such file"),
    "other_sha256": N_("{file} has another SHA-256"),
    "not_a_backup": N_("{file}: not a backup of Relance ({why})"),
    "not_a_dump": N_("{file}: not a dump of Relance ({why})"),
    "no_schema": N_("{file}: not a dump of Relance (it has no schema version)"),
    "damaged": N_("{file}: damaged ({why})"),
    "cut": N_("{file}: damaged (its end is missing)"),
    "orphan": N_("{file}: a row of {table} has lost its {parent}"),
    "newer": N_("{file}: made by a release that this one does not know; use that one"),
    "database_newer": N_(
        "the database is of a newer release (migration {revision}): use that one, or put the "
        "backup into an empty database, which RELANCE_DATABASE_URL then names"
    ),
    "half_restored": N_(
        "{tool}: {why}; the former database is not usable now, and whole in {aside}: "
        "relance restore {aside}"
    ),
    "changed": N_("{file}: changed while it was being read"),
    "file_in_use": N_("{file} is in use by {owner}: stop the bot first"),
    "file_locked": N_(
        "{file} is in use ({why}): stop the bot first, and every relance command that still runs"
    ),
    "in_use": N_("the database is in use by {owner}: stop every bot first"),
    "cut_restore": N_(
        "a backup is being put back, or that was cut short: run relance restore (again) first"
    ),
    "unwritten": N_("{file}: cannot be written, is the disk full? ({why})"),
    "no_tool": N_(
        "{tool} is not on the PATH: install PostgreSQL's client programs, of the server's "
        "version or newer, or run where they are: {by_hand}"
    ),
    "tool_failed": N_("{tool}: {why}"),
}


def file(speaker: Speaker, name: object, error: OSError) -> str:
    """Say which file cannot be opened and why, without an error number."""
    return speaker.say("{file}: {why}", file=name, why=reason(speaker, error))


def reason(speaker: Speaker, error: OSError) -> str:
    """Say why the system refuses."""
    if error.errno in FILES:
        return speaker.say(FILES[error.errno])
    said = error.strerror or str(error)
    return f"{said[:1].lower()}{said[1:]}"


def setting(speaker: Speaker, name: str, kind: str, data: Mapping[str, object]) -> str:
    """Say what is wrong with a setting; `data` holds its value and, in English, a message."""
    sentence = SETTINGS.get(kind)
    why = str(data["message"]) if sentence is None else speaker.say(sentence, **data)
    return speaker.say("{setting}: {why}", setting=name, why=why)


def configuration(
    speaker: Speaker,
    place: tuple[str, str],
    expected: str,
    data: Mapping[str, object],
    found: object,
) -> str:
    """Say what a file of configuration, at a key, should hold and what it holds."""
    wanted = speaker.say(EXPECTED[expected], **data) if expected in EXPECTED else expected
    return speaker.say(
        "{file}: {key}: expected {expected}, found {found}",
        file=place[0],
        key=place[1],
        expected=wanted,
        found=speaker.say("nothing") if found is None else repr(found),
    )


def newer(speaker: Speaker, revision: str) -> str:
    """Say that a database belongs to a release that this one does not know."""
    return speaker.say(
        "the database is of a newer release (this one knows no migration {revision}): use that "
        "release, or put back the backup made before it",
        revision=revision,
    )


def no_database(speaker: Speaker, address: str) -> str:
    """Say that an address is of no kind of database that can be opened."""
    return speaker.say("no database that can be opened: {address}", address=address)


def copy(speaker: Speaker, code: str, **data: object) -> str:
    """Say why a copy cannot be taken or put back."""
    return speaker.say(COPIES[code], **data)
