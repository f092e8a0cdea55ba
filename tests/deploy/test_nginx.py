"""The reverse proxy of the documentation is started, and brings updates to whoever takes them."""

from __future__ import annotations

import http.client
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import ROOT

EXAMPLE = ROOT / "docs" / "deploy" / "nginx-webhook.conf"
SECRET = "X-Telegram-Bot-Api-Secret-Token"
PATH = "/telegram/relance"
NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")

pytestmark = pytest.mark.skipif(
    not NGINX or not shutil.which("openssl"), reason="no nginx and openssl here"
)


class Intake(ThreadingHTTPServer):
    """A process that takes updates, or says that it is stopping."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.status = status
        self.taken: list[tuple[str, str, int]] = []


class Taking(BaseHTTPRequestHandler):
    server: Intake

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, self.headers.get(SECRET, ""), len(body)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def intake(status: int) -> Iterator[Intake]:
    server = Intake(status)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def a_free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Door:
    """Where the proxy listens, and what it shows."""

    port: int
    chain: Path


def certificate(folder: Path) -> tuple[Path, Path]:
    key, chain = folder / "key.pem", folder / "chain.pem"
    wanted = ["-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=bot.example.com"]
    files = ["-keyout", str(key), "-out", str(chain)]
    subprocess.run(["openssl", "req", "-x509", *wanted, *files], check=True, capture_output=True)
    return key, chain


def configured(folder: Path, port: int, upstreams: tuple[int, int]) -> Path:
    """The example as it is, but for ports and files of this machine."""
    key, chain = certificate(folder)
    site = EXAMPLE.read_text()
    for before, after in {
        "127.0.0.1:8001": f"127.0.0.1:{upstreams[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{upstreams[1]}",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/letsencrypt/live/bot.example.com/fullchain.pem": str(chain),
        "/etc/letsencrypt/live/bot.example.com/privkey.pem": str(key),
    }.items():
        assert site.count(before) == 1
        site = site.replace(before, after)
    (folder / "site.conf").write_text(site)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;\n"
        f"events {{}}\nhttp {{\n{paths}access_log off;\ninclude {folder}/site.conf;\n}}\n"
    )
    return main


@contextmanager
def proxy(folder: Path, upstreams: tuple[int, int]) -> Iterator[Door]:
    port = a_free_port()
    main = configured(folder, port, upstreams)
    words = [str(NGINX), "-e", f"{folder}/errors", "-c", str(main)]
    tried = subprocess.run([*words, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen(words)
    try:
        wait_for(port, process)
        yield Door(port, folder / "chain.pem")
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("nginx ended at once")


def asked(door: Door, method: str, path: str, body: bytes = b"{}") -> int:
    context = ssl.create_default_context(cafile=door.chain)
    context.check_hostname = False  # it is asked by its number
    connection = http.client.HTTPSConnection("127.0.0.1", door.port, context=context, timeout=30)
    try:
        headers = {SECRET: "abc", "Content-Type": "application/json", "Host": "bot.example.com"}
        connection.request(method, path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_an_update_comes_through_with_its_secret_and_nothing_else_does(tmp_path: Path) -> None:
    with (
        intake(200) as first,
        intake(200) as second,
        proxy(tmp_path, (first.server_port, second.server_port)) as door,
    ):
        assert [asked(door, "POST", PATH) for _ in range(4)] == [200] * 4
        assert asked(door, "POST", "/metrics") == 404
        assert asked(door, "POST", f"{PATH}/more") == 404
        assert asked(door, "GET", PATH) == 403
        assert asked(door, "POST", PATH, b" " * (2 << 20)) == 413
    assert first.taken == second.taken == [(PATH, "abc", 2)] * 2


def test_while_one_process_restarts_the_other_takes_its_updates(tmp_path: Path) -> None:
    with (
        intake(503) as stopping,
        intake(200) as at_work,
        proxy(tmp_path, (stopping.server_port, at_work.server_port)) as door,
    ):
        assert [asked(door, "POST", PATH) for _ in range(6)] == [200] * 6
    assert len(at_work.taken) == 6
    with intake(200) as alone, proxy(tmp_path, (a_free_port(), alone.server_port)) as door:
        assert [asked(door, "POST", PATH) for _ in range(6)] == [200] * 6
