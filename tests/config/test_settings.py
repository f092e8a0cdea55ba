"""Settings: what is decided by the environment, and one clear line for each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.commands.faults import explain
from config.settings import Settings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RELANCE_{name.upper()}", raising=False)


def test_nothing_set_is_a_company_in_paris_that_reads_french(tmp_path: Path) -> None:
    one = Settings()
    assert (one.locale, one.timezone, one.token, one.clock_offset) == ("fr", "Europe/Paris", "", 0)
    assert one.database == f"sqlite:///{tmp_path / 'data' / 'relance.db'}"
    assert one.store_folder == tmp_path / "data" / "store"
    assert one.bot_api_url == "https://api.telegram.org/bot"


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("RELANCE_LOCALE=en\nRELANCE_COMPANY='A & B'\nOTHER=1\n")
    monkeypatch.setenv("RELANCE_LOCALE", "fr")
    one = Settings()
    assert (one.locale, one.company) == ("fr", "A & B")


def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLOCK_OFFSET", "STORE_URL", "TIMEZONE", "DATABASE_URL", "LOG_LEVEL"):
        monkeypatch.setenv(f"RELANCE_{name}", "")
    assert Settings().clock_offset == 0


def test_the_store_is_the_folder_of_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_STORE_URL", "folder:///srv/cr%C3%A9dit%20client")
    assert Settings().store_folder == Path("/srv/crédit client")


def test_the_clock_may_be_set_to_another_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_CLOCK_OFFSET", "-86400.5")
    assert Settings().clock_offset == -86_400.5


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TIMEZONE", "Europe/Pari", "Europe/Pari"),
        ("TIMEZONE", "../etc/passwd", "unknown time zone"),
        ("TIMEZONE", "Europe", "unknown time zone"),
        ("LOCALE", "de", "fr ou en"),
        ("STORE_URL", "s3://bucket", "folder:///"),
        ("STORE_URL", "folder://relative/path", "folder:///"),
        ("DATABASE_URL", "mysql://root:hunter2@h/d", "sqlite:///"),
        ("BOT_API_URL", "api.telegram.org", "https://"),
        ("CLOCK_OFFSET", "tomorrow", "number"),
        ("CLOCK_OFFSET", "nan", "a number is needed, not “nan”"),
        ("CLOCK_OFFSET", "1e12", "the most is 3153600000.0"),
        ("LOG_LEVEL", "LOUD", "DEBUG"),
        ("LOG_FORMAT", "xml", "one of text, json"),
        ("RATE_OVERALL", "0", "above 0"),
        ("RATE_OVERALL", "inf", "a number is needed, not “inf”"),
        ("RATE_PER_CHAT", "fast", "number"),
        ("WEBHOOK_URL", "hooks.example.org/x", "https://"),
        ("WEBHOOK_URL", "http://hooks.example.org/x", "https://"),
        ("WEBHOOK_URL", "https://hooks.example.org:8080/x", "8443"),
        ("WEBHOOK_URL", "https://[hooks/x", "https://"),
        ("WEBHOOK_SECRET", "hunter2 has spaces", "A-Z"),
        ("WEBHOOK_SECRET", "x" * 257, "256"),
        ("LISTEN", "8080", "host:port"),
        ("LISTEN", "::1:8080", "host:port"),
        ("LISTEN", "localhost:http", "host:port"),
        ("METRICS_LISTEN", "localhost:70000", "host:port"),
    ],
)
def test_a_mistake_is_one_line_that_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv("RELANCE_LOCALE", "en")
    monkeypatch.setenv(f"RELANCE_{name}", value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    line = (explain(caught.value) or "").replace("\N{NO-BREAK SPACE}:", ":")
    assert line.startswith(f"RELANCE_{name}: ")
    assert said in line
    assert "\n" not in line
    assert "hunter2" not in line


def test_a_webhook_needs_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_WEBHOOK_URL", "https://hooks.example.org/4f2a")
    with pytest.raises(ValidationError) as caught:
        Settings()
    line = explain(caught.value) or ""
    assert line.startswith("RELANCE_WEBHOOK_SECRET\xa0: un webhook demande un secret")
    monkeypatch.setenv("RELANCE_WEBHOOK_SECRET", "s3cret_-")
    assert "s3cret" not in repr(Settings())


def test_a_server_of_ones_own_may_call_a_webhook_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_BOT_API_URL", "http://127.0.0.1:8081/bot")
    monkeypatch.setenv("RELANCE_WEBHOOK_URL", "http://127.0.0.1:9000/x")
    monkeypatch.setenv("RELANCE_WEBHOOK_SECRET", "s")
    assert Settings().webhook_url == "http://127.0.0.1:9000/x"


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("[::1]:9", ("::1", 9)),
        (":80", ("0.0.0.0", 80)),  # noqa: S104 - asked for
    ],
)
def test_an_address_to_listen_on_is_a_host_and_a_port(
    monkeypatch: pytest.MonkeyPatch, value: str, place: tuple[str, int]
) -> None:
    assert Settings().metrics_on is None
    assert Settings().listen_on == ("127.0.0.1", 8080)
    monkeypatch.setenv("RELANCE_METRICS_LISTEN", value)
    assert Settings().metrics_on == place


def test_two_mistakes_are_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_LOCALE", "de")
    monkeypatch.setenv("RELANCE_LOG_LEVEL", "LOUD")
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert len((explain(caught.value) or "").splitlines()) == 2


def test_the_token_shows_nowhere_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_BOT_TOKEN", "123:hushhush")
    one = Settings()
    assert one.token == "123:hushhush"
    assert "hushhush" not in repr(one) + str(one.model_dump())


def test_a_department_of_alsace_has_the_days_of_alsace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_HOLIDAYS", "67")
    assert Settings().holidays == "6AE"
    monkeypatch.setenv("RELANCE_HOLIDAYS", "75")
    with pytest.raises(ValidationError, match="no public holidays of its own"):
        Settings()
