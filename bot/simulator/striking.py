"""What a caller of the Bot API sees of a fault."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.simulator.errors import ApiError, too_many_requests
from bot.simulator.faults import FaultKind, Strike
from bot.simulator.values import JsonObject

_GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head></html>"
_NOT_JSON = "\ufffd{not json"
_UNDONE_BODY = b'{"ok": true, "result": {"message_id": 1, "date": 1790000000, "chat": {"id": 1}}}'
CarryOut = Callable[[], Awaitable[web.Response]]
# The event loop holds tasks weakly; a call carried out late has nobody else to hold it.
_late: set[asyncio.Task[web.Response]] = set()


def refused(error: ApiError) -> web.Response:
    """Return the answer of a refused call, as the Bot API words it."""
    body: JsonObject = {
        "ok": False,
        "error_code": error.code,
        "description": error.description,
    }
    headers = {}
    if error.parameters:
        body["parameters"] = error.parameters
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return web.json_response(body, status=error.code, headers=headers)


async def suffer(strike: Strike, request: web.Request, carry_out: CarryOut) -> web.StreamResponse:
    """Carry the call out or not, as the strike says, and answer as it says."""
    if strike.kind is FaultKind.LATE:
        return await _carry_out_late(strike.seconds, carry_out)
    answer = await carry_out() if strike.done else None
    if strike.kind is FaultKind.SLOW and answer is not None:
        await asyncio.sleep(strike.seconds)
        return answer
    if strike.kind is FaultKind.HANG:
        # The wait ends before its time when the caller hangs up: that cancels this handler.
        await asyncio.sleep(strike.seconds)
        return _cut(request)
    if strike.kind is FaultKind.HALF:
        await _write_half(request, answer)
        return _cut(request)
    if strike.kind in (FaultKind.DROP, FaultKind.LOST_ANSWER):
        return _cut(request)
    return _wrong_answer(strike)


def _wrong_answer(strike: Strike) -> web.Response:
    if strike.kind is FaultKind.TOO_MANY:
        return refused(too_many_requests(strike.retry_after))
    if strike.kind is FaultKind.INTERNAL:
        return refused(ApiError(500, "Internal Server Error"))
    if strike.kind is FaultKind.BAD_GATEWAY:
        return web.Response(status=502, text=_GATEWAY_PAGE, content_type="text/html")
    return web.Response(text=_NOT_JSON, content_type="application/json")


async def _carry_out_late(seconds: float, carry_out: CarryOut) -> web.Response:
    """Carry the call out after a while, even when the caller has given up meanwhile."""

    async def wait_and_do() -> web.Response:
        await asyncio.sleep(seconds)
        return await carry_out()

    task = asyncio.create_task(wait_and_do())
    _late.add(task)
    task.add_done_callback(_late.discard)
    return await asyncio.shield(task)


async def _write_half(request: web.Request, answer: web.Response | None) -> None:
    body = answer.body if answer is not None and isinstance(answer.body, bytes) else _UNDONE_BODY
    half = web.StreamResponse(headers={"Content-Type": "application/json"})
    half.content_length = len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])


def _cut(request: web.Request) -> web.Response:
    """Cut the connection; the answer returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
