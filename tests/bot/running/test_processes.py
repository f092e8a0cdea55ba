"""`relance run` as real processes: roles and replicas, signals, the webhook, what was left."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bot.delivery import lease
from bot.delivery.intake import ALLOWED
from bot.delivery.webhook import Webhook
from bot.handlers import telegram
from credit.moment import Moment
from storage import facts
from tests.journeys.harness import PARIS, STARTS_WITHIN, STOPS_WITHIN, Company
from tests.journeys.processes import Process, module
from tests.storage.inline import inline

SECRET = "un-secret-de-test"


def a_free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def a_process(company: Company, name: str, *words: str, **settings: str) -> Iterator[Process]:
    """Run one more process of a company."""
    process = Process(company.launch, company.folder / f"{name}.log", company.folder)
    given = {f"RELANCE_{key}": value for key, value in settings.items()}
    process.start(["run", *words], company.environment() | given, " ready ", STARTS_WITHIN)
    try:
        yield process
    finally:
        process.kill()


def asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def handled(port: int) -> int:
    _, said = asked(port, "/metrics")
    name = 'relance_updates_total{outcome="handled"} '
    return next((int(one[len(name) :]) for one in said.splitlines() if one.startswith(name)), 0)


def test_the_kinds_of_updates_asked_for_are_those_that_are_handled() -> None:
    assert ALLOWED == telegram.ALLOWED_UPDATES


def test_an_intake_and_two_workers_serve_everybody(postgres_url: str, tmp_path: Path) -> None:
    ports = [a_free_port(), a_free_port()]
    with (
        Company(tmp_path, database_url=postgres_url) as company,
        a_process(company, "intake", "--role", "intake"),
        a_process(
            company, "one", "--role", "worker", METRICS_LISTEN=f"127.0.0.1:{ports[0]}"
        ) as one,
        a_process(
            company, "two", "--role", "worker", METRICS_LISTEN=f"127.0.0.1:{ports[1]}"
        ) as two,
    ):
        lea = company.enrol("Léa", "rep", "R1")
        for _ in range(3):
            lea.ask("/aide", "Ce que je peux", 60)
        assert asked(ports[0], "/readyz")[0] == 200
        assert handled(ports[0]) + handled(ports[1]) >= 4
        # zero downtime: one is told to stop, the other goes on
        assert one.stop(STOPS_WITHIN) == 0
        lea.ask("/aide", "Ce que je peux", 60)
        assert two.stop(STOPS_WITHIN) == 0
    assert company.rows("select count(*) as n from inbox where done_at is null") == [{"n": 0}]


def test_what_a_killed_worker_was_given_is_answered_by_the_next(
    postgres_url: str, tmp_path: Path
) -> None:
    with (
        Company(tmp_path, database_url=postgres_url) as company,
        a_process(company, "intake", "--role", "intake"),
    ):
        with a_process(company, "one", "--role", "worker"):
            lea = company.enrol("Léa", "rep", "R1")
        before = len(lea.messages())
        lea.send("/aide")
        with a_process(company, "two", "--role", "worker"):
            company.until(lambda: len(lea.messages()) > before + 1, "the answer", 60)


def test_a_webhook_brings_updates_and_the_stop_leaves_it(postgres_url: str, tmp_path: Path) -> None:
    port, side = a_free_port(), a_free_port()
    with Company(tmp_path, database_url=postgres_url) as company:
        webhook = {
            "WEBHOOK_URL": f"http://127.0.0.1:{port}/4f2a91",
            "WEBHOOK_SECRET": SECRET,
            "LISTEN": f"127.0.0.1:{port}",
            "METRICS_LISTEN": f"127.0.0.1:{side}",
        }
        with a_process(company, "bot", **webhook) as bot:
            lea = company.enrol("Léa", "rep", "R1")
            lea.ask("/aide", "Ce que je peux", 60)
            assert asked(side, "/readyz") == (200, '{"ready": true, "troubles": []}\n')
            assert bot.stop(STOPS_WITHIN) == 0
        calls = company.chat.log()
        methods = [str(one["method"]).lower() for one in calls]
        assert methods.count("setwebhook") == 1
        assert "deletewebhook" not in methods
        assert "getupdates" not in methods
        with a_process(company, "again", **webhook):
            lea.ask("/aide", "Ce que je peux", 60)
        assert [str(one["method"]) for one in company.chat.log()].count("setWebhook") == 1


def test_on_a_file_a_second_process_waits_until_the_first_has_ended(tmp_path: Path) -> None:
    side = a_free_port()
    with Company(tmp_path) as company:
        company.start()
        second = Process(module("bot.cli"), tmp_path / "second.log", tmp_path)
        given = company.environment() | {"RELANCE_METRICS_LISTEN": f"127.0.0.1:{side}"}
        second.start(["run"], given, "another process holds the lease", STARTS_WITHIN)
        assert json.loads(asked(side, "/readyz")[1])["troubles"] == ["starting", "intake"]
        company.kill()
        company.until(lambda: asked(side, "/readyz")[0] == 200, "the second to take over", 60)
        assert second.stop(STOPS_WITHIN) == 0


def test_a_file_has_no_roles_and_a_taken_port_is_said_in_a_line(tmp_path: Path) -> None:
    with Company(tmp_path) as company, socket.socket() as taken:
        said = company.cli("run", "--role", "worker", ok=False)
        assert (said.code, said.out.count("\n")) == (2, 1)
        assert "PostgreSQL" in said.out
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = Process(module("bot.cli"), tmp_path / "port.log", tmp_path)
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        given = company.environment() | {"RELANCE_METRICS_LISTEN": place}
        said_so = f"impossible d’écouter sur {place}\xa0: adresse déjà prise"
        process.start(["run"], given, said_so, STARTS_WITHIN)
        company.until(lambda: not process.alive, "its end", 30)
        assert "Traceback" not in process.said()
        assert process.said().rstrip().endswith("voyez RELANCE_METRICS_LISTEN")


@pytest.mark.parametrize("name", ["LISTEN", "METRICS_LISTEN"])
def test_a_host_to_listen_on_that_nobody_knows_is_said_in_a_line(tmp_path: Path, name: str) -> None:
    with Company(tmp_path) as company:
        process = Process(module("bot.cli"), tmp_path / "host.log", tmp_path)
        webhook = {"WEBHOOK_URL": "http://127.0.0.1:1/hook", "WEBHOOK_SECRET": SECRET}
        given = {**webhook, "LISTEN": "127.0.0.1:0", name: "nobody.invalid:80"}
        settings = {f"RELANCE_{key}": value for key, value in given.items()}
        process.start(
            ["run"], company.environment() | settings, "sur nobody.invalid:80", STARTS_WITHIN
        )
        company.until(lambda: not process.alive, "its end", 30)
        assert "Traceback" not in process.said()
        assert f"voyez RELANCE_{name}" in process.said()


def test_a_process_whose_place_another_has_taken_ends_with_its_reason(tmp_path: Path) -> None:
    with Company(tmp_path) as company, a_process(company, "bot") as bot:
        with inline(f"sqlite:///{company.data / 'relance.db'}") as work:
            now, ours = Moment(company.now, PARIS), facts.holder(work, "process")
            assert ours
            assert facts.acquire(work, "process", "elsewhere/1/2", now, lease.SPAN, dead=ours)
        company.until(lambda: "lease lost lease=process" in bot.said(), "the loss", 60)
        assert bot._running is not None
        assert bot._running.wait(STOPS_WITHIN) == 1
        assert "un autre processus a pris le relais" in bot.said()


def test_told_twice_a_process_ends_at_once(tmp_path: Path) -> None:
    with Company(tmp_path) as company, a_process(company, "bot") as bot:
        assert bot._running is not None
        company.chat.faults({"method": "getUpdates", "kind": "hang", "count": 0})
        bot._running.send_signal(signal.SIGTERM)
        bot._running.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert bot._running.wait(STOPS_WITHIN) in {0, -signal.SIGTERM}
        assert time.monotonic() - began < STOPS_WITHIN


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org/"])
def test_an_address_without_a_path_is_listened_to_at_the_root(url: str) -> None:
    hook = Webhook(None, url, SECRET, "127.0.0.1", 0)  # type: ignore[arg-type]
    assert hook._path == "/"
