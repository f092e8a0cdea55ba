"""Settings from the environment or a `.env` file, prefix `RELANCE_`."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.working_days import subdivision_of

TELEGRAM_API = "https://api.telegram.org/bot"
CENTURY = 100 * 365 * 86_400.0
LOG_FORMATS = ("text", "json")
WEBHOOK_PORTS = (443, 80, 88, 8443)
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
HIGHEST_PORT = 65_535
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
TELEGRAM_FILES = "https://api.telegram.org/file/bot"


class SettingFault(ValueError):
    """A setting cannot be used: its kind, for which screens have words, and the figures."""

    def __init__(self, kind: str, said: str, **data: str) -> None:
        """Keep the kind and the figures; what is said in English is for programmers."""
        super().__init__(said.format(**data))
        self.kind = kind
        self.data = data


class Settings(BaseSettings):
    """Everything the person who installs Relance decides; built once, never at import."""

    model_config = SettingsConfigDict(
        env_prefix="RELANCE_",
        env_file=".env",
        env_ignore_empty=True,  # RELANCE_STORE_URL= means that nothing is set
        extra="ignore",
        frozen=True,
    )

    bot_token: SecretStr = SecretStr("")
    bot_api_url: str = TELEGRAM_API
    bot_file_url: str = TELEGRAM_FILES
    data_dir: Path = Path("data")
    database_url: str = ""
    store_url: str = ""
    timezone: str = "Europe/Paris"
    locale: str = "fr"
    # signed seconds, added to the real clock everywhere; a century at most
    clock_offset: float = Field(0.0, ge=-CENTURY, le=CENTURY, allow_inf_nan=False)
    company: str = "Relance"
    policy_file: Path | None = None
    reference_dir: Path | None = None  # dated law of one's own, beside the packaged files
    scripts_dir: Path | None = None  # conversations of one's own, over the packaged ones
    holidays: str | None = None  # "57", "67" and "68" add the days of Alsace-Moselle
    log_level: str = "INFO"
    log_format: str = "text"
    # how fast messages may leave, a second: all chats together, and to one chat
    rate_overall: float = Field(29.9, gt=0, le=1_000, allow_inf_nan=False)
    rate_per_chat: float = Field(1.0, gt=0, le=30, allow_inf_nan=False)
    # with an address, Telegram brings the updates to `listen`; without, they are asked for
    webhook_url: str = ""
    webhook_secret: SecretStr = Field(SecretStr(""), validate_default=True)
    listen: str = "127.0.0.1:8080"
    metrics_listen: str = ""

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise SettingFault("unknown_zone", "unknown time zone {value}", value=value) from error
        return value

    @field_validator("holidays")
    @classmethod
    def _holidays_known(cls, value: str | None) -> str | None:
        try:
            return value and subdivision_of(value)
        except ValueError as error:
            raise SettingFault("no_holidays", "{why}", value=str(value), why=str(error)) from error

    @field_validator("locale")
    @classmethod
    def _locale_known(cls, value: str) -> str:
        if value not in {"fr", "en"}:
            raise SettingFault(
                "unknown_language", "the language is fr or en, not {value}", value=value
            )
        return value

    @field_validator("store_url")
    @classmethod
    def _store_known(cls, value: str) -> str:
        if value and not value.startswith("folder:///"):
            raise SettingFault(
                "no_store_address", "the store is a folder:///… address, not {value}", value=value
            )
        return value

    @field_validator("database_url")
    @classmethod
    def _database_known(cls, value: str) -> str:
        # The value may hold a password: it is not repeated.
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise SettingFault(
                "no_database_address", "the database is a sqlite:///… or postgresql://… address"
            )
        return value

    @field_validator("bot_api_url", "bot_file_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise SettingFault(
                "no_web_address",
                "an address begins with https:// or http://, not {value}",
                value=value,
            )
        return value

    @field_validator("log_level")
    @classmethod
    def _level_known(cls, value: str) -> str:
        if value.upper() not in LEVELS:
            raise SettingFault(
                "unknown_level",
                "the level is one of {known}, not {value}",
                value=value,
                known=", ".join(LEVELS),
            )
        return value.upper()

    @field_validator("log_format")
    @classmethod
    def _format_known(cls, value: str) -> str:
        if value not in LOG_FORMATS:
            raise SettingFault(
                "unknown_format",
                "the format is one of {known}, not {value}",
                value=value,
                known=", ".join(LOG_FORMATS),
            )
        return value

    @field_validator("listen", "metrics_listen")
    @classmethod
    def _is_host_and_port(cls, value: str) -> str:
        if value:
            _host_and_port(value)
        return value

    @field_validator("webhook_url")
    @classmethod
    def _telegram_can_call(cls, value: str, info: ValidationInfo) -> str:
        if value:
            _check_webhook(value, official=info.data.get("bot_api_url") == TELEGRAM_API)
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        said = value.get_secret_value()
        if info.data.get("webhook_url") and not said:
            raise SettingFault(
                "no_secret", "a webhook needs a secret: 32 random letters and digits, for example"
            )
        if said and not SECRET.fullmatch(said):
            raise SettingFault(
                "wrong_secret", "the secret has 1 to 256 characters of A-Z a-z 0-9 _ -"
            )
        return value

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the company's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def database(self) -> str:
        """Return the address of the database: by default a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'relance.db'}"

    @property
    def store_folder(self) -> Path:
        """Return the folder that is the credit manager's store."""
        if not self.store_url:
            return self.data_dir.absolute() / "store"
        return Path(unquote(urlsplit(self.store_url).path))

    @property
    def token(self) -> str:
        """Return the bot's token in clear; empty when none is set. Never log it."""
        return self.bot_token.get_secret_value()

    @property
    def listen_on(self) -> tuple[str, int]:
        """Return the host and the port at which updates are brought."""
        return _host_and_port(self.listen)

    @property
    def metrics_on(self) -> tuple[str, int] | None:
        """Return the host and the port at which this process tells how it is; None: nowhere."""
        return _host_and_port(self.metrics_listen) if self.metrics_listen else None


def _host_and_port(value: str) -> tuple[str, int]:
    """Split `127.0.0.1:8080`, `[::1]:8080` or `:8080` (every interface)."""
    host, colon, port = value.rpartition(":")
    number = int(port) if port.isascii() and port.isdigit() else -1
    if not colon or not 0 <= number <= HIGHEST_PORT or (":" in host and host[:1] != "["):
        raise SettingFault(
            "no_listening_address", "an address to listen on is host:port, not {value}", value=value
        )
    return host.strip("[]") or "0.0.0.0", number  # noqa: S104 - asked for


def _check_webhook(value: str, *, official: bool) -> None:
    """Refuse what Telegram would: it calls HTTPS on four ports; a local server calls anything."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or parts.scheme not in {"http", "https"}:
        raise SettingFault(
            "no_webhook_address", "the webhook is an https://… address, not {value}", value=value
        )
    if official and parts.scheme != "https":
        raise SettingFault("webhook_not_secure", "Telegram calls a webhook by https:// only")
    if official and port not in {None, *WEBHOOK_PORTS}:
        raise SettingFault(
            "webhook_port",
            "Telegram calls a webhook on port {known} only",
            known=", ".join(map(str, WEBHOOK_PORTS)),
        )
