"""Settings from the environment or a `.env` file, prefix `RELANCE_`."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

TELEGRAM_API = "https://api.telegram.org/bot"
CENTURY = 100 * 365 * 86_400.0
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
TELEGRAM_FILES = "https://api.telegram.org/file/bot"


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
    holidays: str | None = None  # "57" adds the days of Alsace-Moselle
    log_level: str = "INFO"

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {value!r}") from error
        return value

    @field_validator("locale")
    @classmethod
    def _locale_known(cls, value: str) -> str:
        if value not in {"fr", "en"}:
            raise ValueError(f"the language is fr or en, not {value!r}")
        return value

    @field_validator("store_url")
    @classmethod
    def _store_known(cls, value: str) -> str:
        if value and not value.startswith("folder:///"):
            raise ValueError(f"the store is a folder:///… address, not {value!r}")
        return value

    @field_validator("database_url")
    @classmethod
    def _database_known(cls, value: str) -> str:
        # The value may hold a password: it is not repeated.
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("the database is a sqlite:///… or postgresql://… address")
        return value

    @field_validator("bot_api_url", "bot_file_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError(f"an address begins with https:// or http://, not {value!r}")
        return value

    @field_validator("log_level")
    @classmethod
    def _level_known(cls, value: str) -> str:
        if value.upper() not in LEVELS:
            raise ValueError(f"the level is one of {', '.join(LEVELS)}, not {value!r}")
        return value.upper()

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
