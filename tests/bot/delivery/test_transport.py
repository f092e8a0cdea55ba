"""HTTP to the Bot API: what never left, what may have arrived, what is said."""

from __future__ import annotations

import asyncio
import gc
import io
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr
from telegram import Bot, InputFile
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut

from bot.delivery.api import BotApi, Reply
from bot.delivery.meters import Tally
from bot.delivery.transport import Transport
from bot.delivery.wire import MaybeArrived, NeverLeft, Patience, Wire
from bot.running import serve
from bot.simulator.server import Simulator
from config.settings import Settings
from tests.bot.delivery.office import LEA

TOKEN = "123456789:an-invented-token-of-thirty-five-c"
HASTY = Patience(connect=0.3, read=0.3, total=1.0)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def a_server(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def a_wire(connections: int = 4) -> AsyncIterator[Wire]:
    wire = Wire(connections, HASTY)
    await wire.open()
    try:
        yield wire
    finally:
        await wire.close()


async def asked(url: str, connections: int = 4) -> Reply:
    async with a_wire(connections) as wire:
        return await BotApi(wire, url, TOKEN).call("getMe", {})


def run_against(handler: Handler) -> Reply:
    async def run() -> Reply:
        async with a_server(handler) as url:
            return await asked(url)

    return asyncio.run(run())


def answering(status: int, body: bytes) -> Handler:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body, content_type="application/json")

    return handler


async def _silent(_: web.Request) -> web.Response:
    await asyncio.sleep(1)
    return web.Response()


async def _cut(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def _half(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"ok": true')
    assert request.transport is not None
    request.transport.close()
    return response


@pytest.mark.parametrize("handler", [_silent, _cut, _half])
def test_a_request_that_left_and_got_no_answer_may_have_arrived(handler: Handler) -> None:
    with pytest.raises(MaybeArrived):
        run_against(handler)


def test_a_server_that_is_not_there_never_got_the_request() -> None:
    async def nobody_home() -> str:
        async with a_server(_silent) as url:
            return url

    with pytest.raises(NeverLeft):
        asyncio.run(asked(asyncio.run(nobody_home())))
    with pytest.raises(NeverLeft):
        asyncio.run(asked("not an address "))


def test_a_request_that_found_no_free_connection_never_left() -> None:
    async def play() -> None:
        async with a_server(_silent) as url, a_wire(connections=1) as wire:
            api = BotApi(wire, url, TOKEN)
            longer = Patience(connect=0.1, read=0.9, total=2.0)
            first = asyncio.create_task(api.call("getMe", {}, patience=longer))
            await asyncio.sleep(0.05)
            with pytest.raises(NeverLeft):
                await api.call("getMe", {}, patience=longer)
            with pytest.raises(MaybeArrived):
                await first

    asyncio.run(play())


def test_the_library_hears_its_own_errors() -> None:
    async def play() -> None:
        async with a_server(_cut) as url:
            transport = Transport(1)
            with pytest.raises(NetworkError):
                await transport.do_request(url, "POST")  # not open yet
            await transport.initialize()
            with pytest.raises(TimedOut):
                await transport.do_request(url, "POST")
            await transport.shutdown()

    asyncio.run(play())


def test_calls_are_counted_by_method_and_status_and_never_by_file() -> None:
    async def play() -> None:
        calls = Tally()
        async with a_server(answering(429, b"{}")) as url:
            wire = Wire(1, calls=calls)
            await wire.open()
            await wire.send("POST", f"{url}{TOKEN}/sendMessage")
            await wire.send("GET", f"{url}{TOKEN}/dossier Dupont.csv")
            await wire.close()
        with pytest.raises(NeverLeft):
            await wire.send("POST", "http://127.0.0.1:9/getMe")
        assert calls.counts == {("sendMessage", "429"): 1}

    asyncio.run(play())


def test_a_closed_wire_sends_nothing() -> None:
    async def play() -> None:
        wire = Wire(1)
        with pytest.raises(NeverLeft):
            await wire.send("POST", "http://127.0.0.1:9/")
        await wire.close()

    asyncio.run(play())


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<html>"), (200, b"[]"), (502, b"Bad Gateway"), (500, b"\xff")]
)
def test_an_answer_that_cannot_be_read_leaves_a_doubt(status: int, body: bytes) -> None:
    with pytest.raises(MaybeArrived):
        run_against(answering(status, body))


@pytest.mark.parametrize(
    ("status", "body", "reply"),
    [
        (200, b'{"ok": true, "result": [1]}', Reply(200, [1])),
        (
            400,
            b'{"ok": false, "error_code": 400, "description": "Bad Request: x"}',
            Reply(400, description="Bad Request: x"),
        ),
        (
            429,
            b'{"ok": false, "parameters": {"retry_after": 7}}',
            Reply(429, retry_after=7.0),
        ),
        (429, b'{"ok": false, "parameters": {"retry_after": "x"}}', Reply(429)),
        (200, b'{"ok": false, "error_code": 403}', Reply(403)),
        (200, b'{"ok": false, "error_code": "x"}', Reply(500)),
        (200, b'{"ok": false, "error_code": 200}', Reply(500)),
        (503, b'{"ok": false}', Reply(503)),
        (403, b"<html>a proxy</html>", Reply(403, description="no readable reply")),
    ],
)
def test_a_reply_says_what_became_of_the_call(status: int, body: bytes, reply: Reply) -> None:
    assert run_against(answering(status, body)) == reply


def test_no_error_tells_the_token() -> None:
    for handler in (_silent, _cut, _half, answering(502, b"x")):
        with pytest.raises(MaybeArrived) as refusal:
            run_against(handler)
        assert TOKEN not in repr(refusal.value)
        assert refusal.value.__cause__ is None


def test_a_proxy_named_by_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    async def proxy(request: web.Request) -> web.Response:
        seen.append(str(request.rel_url))
        return web.json_response({"ok": True, "result": "by proxy"})

    async def play() -> Reply:
        async with a_server(proxy) as url:
            monkeypatch.setenv("HTTP_PROXY", url.removesuffix("/bot"))
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            return await asked("http://api.telegram.invalid/bot")

    assert asyncio.run(play()).result == "by proxy"
    assert len(seen) == 1


@asynccontextmanager
async def a_bot() -> AsyncIterator[tuple[Bot, Simulator]]:
    simulator = Simulator()
    simulator.add_person(LEA, "Léa", started=True)
    await simulator.start()
    bot = Bot(
        simulator.token,
        base_url=simulator.api_url,
        base_file_url=simulator.file_url,
        request=Transport(8),
        get_updates_request=Transport(1),
    )
    try:
        async with bot:
            yield bot, simulator
    finally:
        await simulator.stop()


def test_python_telegram_bot_speaks_through_it() -> None:
    async def play() -> None:
        async with a_bot() as (bot, _):
            assert bot.username == "relance_bot"
            assert (await bot.send_message(LEA, "é <b>", parse_mode=None)).text == "é <b>"
            assert await bot.get_updates(timeout=1) == ()
            with pytest.raises(BadRequest, match="Message text is empty"):
                await bot.send_message(LEA, "")

    asyncio.run(play())


def test_files_go_up_and_come_down() -> None:
    async def play() -> None:
        async with a_bot() as (bot, _):
            file = InputFile(io.BytesIO(b"%PDF-1.7 lettre"), filename="relance.pdf")
            sent = await bot.send_document(LEA, file, caption="Lettre")
            assert sent.document is not None
            assert sent.document.file_name == "relance.pdf"
            down = await (await bot.get_file(sent.document.file_id)).download_as_bytearray()
            assert bytes(down) == b"%PDF-1.7 lettre"

    asyncio.run(play())


def test_the_librarys_own_timeouts_are_heeded() -> None:
    async def play() -> None:
        transport = Transport(1, Patience(read=5))
        await transport.initialize()
        assert transport.read_timeout == 5
        async with a_server(_silent) as url:
            started = asyncio.get_running_loop().time()
            with pytest.raises(TimedOut):
                await transport.post(f"{url}x/getMe", read_timeout=0.1)
            assert asyncio.get_running_loop().time() - started < 0.8
        await transport.shutdown()

    asyncio.run(play())


@pytest.mark.parametrize("body", [b"secret", b"[1]"])
def test_an_unreadable_answer_does_not_reach_the_logs(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def play() -> None:
        transport = Transport(1)
        await transport.initialize()
        async with a_server(answering(200, body)) as url:
            with pytest.raises(TelegramError, match="Invalid server response"):
                await transport.post(f"{url}x/getMe")
        async with a_server(answering(502, b'{"ok": false}')) as url:
            with pytest.raises(NetworkError):
                await transport.post(f"{url}x/getMe")
        await transport.shutdown()

    asyncio.run(play())
    assert "secret" not in caplog.text


def test_a_bot_that_telegram_does_not_answer_leaves_no_connection_open(tmp_path: Path) -> None:
    settings = Settings(
        bot_token=SecretStr(TOKEN), bot_api_url="http://127.0.0.1:9/bot", data_dir=tmp_path
    )
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", ResourceWarning)
        with pytest.raises(NetworkError):
            asyncio.run(serve(settings, asyncio.Event()))
        gc.collect()  # what was left open complains when it is collected
    assert [str(one.message) for one in found] == []
