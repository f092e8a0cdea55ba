"""The HTTP face of the Bot API: token, method, limits, faults, answer."""

from __future__ import annotations

import asyncio
import hmac
import inspect
import json
from collections.abc import Callable

from aiohttp import web

from bot.simulator import (
    answering,
    chat_methods,
    editing,
    profile_methods,
    receiving,
    sending,
)
from bot.simulator.errors import ApiError, bad_request, too_many_requests
from bot.simulator.faults import Fault, FaultKind
from bot.simulator.params import Params, read_params
from bot.simulator.values import JsonObject
from bot.simulator.world import World

LOGGED_OUT_SECONDS = 600
Method = Callable[[World, Params], object]

METHODS: dict[str, Method] = {
    "getme": profile_methods.get_me,
    "logout": profile_methods.log_out,
    "close": profile_methods.close,
    "getupdates": receiving.get_updates,
    "setwebhook": receiving.set_webhook,
    "deletewebhook": receiving.delete_webhook,
    "getwebhookinfo": receiving.get_webhook_info,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendvoice": sending.send_voice,
    "sendmediagroup": sending.send_media_group,
    "copymessage": sending.copy_message,
    "copymessages": sending.copy_messages,
    "forwardmessage": sending.forward_message,
    "forwardmessages": sending.forward_messages,
    "sendchataction": sending.send_chat_action,
    "editmessagetext": editing.edit_message_text,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagemedia": editing.edit_message_media,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "deletemessage": editing.delete_message,
    "deletemessages": editing.delete_messages,
    "pinchatmessage": editing.pin_chat_message,
    "unpinchatmessage": editing.unpin_chat_message,
    "unpinallchatmessages": editing.unpin_all_chat_messages,
    "answercallbackquery": answering.answer_callback_query,
    "getfile": chat_methods.get_file,
    "getchat": chat_methods.get_chat,
    "getchatmember": chat_methods.get_chat_member,
    "getchatmembercount": chat_methods.get_chat_member_count,
    "leavechat": chat_methods.leave_chat,
    "setmycommands": profile_methods.set_my_commands,
    "getmycommands": profile_methods.get_my_commands,
    "deletemycommands": profile_methods.delete_my_commands,
    "setmyname": profile_methods.set_my_name,
    "getmyname": profile_methods.get_my_name,
    "setmydescription": profile_methods.set_my_description,
    "getmydescription": profile_methods.get_my_description,
    "setmyshortdescription": profile_methods.set_my_short_description,
    "getmyshortdescription": profile_methods.get_my_short_description,
    "setchatmenubutton": profile_methods.set_chat_menu_button,
    "getchatmenubutton": profile_methods.get_chat_menu_button,
}


class BotApi:
    """The routes of the Bot API over a world."""

    def __init__(self, world: World) -> None:
        """Serve this world."""
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        """Return the routes: the methods and the files."""
        return [
            web.get("/file/bot{token}/{path:.+}", self._file),
            web.route("*", "/bot{token}/{method}", self._call),
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        world = self._world
        name = request.match_info["method"]
        if not self._is_token(request.match_info["token"]):
            return _refused(ApiError(401, "Unauthorized"))
        try:
            params = await read_params(request)
        except ApiError as error:
            world.log.add(world.now(), name, Params({}), error.description)
            return _refused(error)
        fault = world.faults.take(name.lower())
        if fault is not None and fault.kind.is_before:
            world.log.add(world.now(), name, params, f"fault: {fault.kind.value}")
            return _struck(request, fault)
        answer = await self._carry_out(name, params)
        return answer if fault is None else await _spoiled(request, answer, fault)

    def _is_token(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._world.profile.token.encode())

    async def _carry_out(self, name: str, params: Params) -> web.Response:
        world = self._world
        try:
            result = await self._result(name.lower(), params)
        except ApiError as error:
            world.log.add(world.now(), name, params, error.description)
            return _refused(error)
        world.log.add(world.now(), name, params, "")
        return web.json_response({"ok": True, "result": result})

    async def _result(self, name: str, params: Params) -> object:
        world = self._world
        method = METHODS.get(name)
        if method is None:
            raise ApiError(404, "Not Found: method not found")
        out_at = world.logged_out_at
        if out_at is not None and world.now() - out_at < LOGGED_OUT_SECONDS:
            raise bad_request("Logged out")
        world.limits.spend(name, params)
        result = method(world, params)
        return await result if inspect.isawaitable(result) else result

    async def _file(self, request: web.Request) -> web.Response:
        if not self._is_token(request.match_info["token"]):
            return _refused(ApiError(401, "Unauthorized"))
        stored = self._world.files.at_path(request.match_info["path"])
        if stored is None:
            return _refused(ApiError(404, "Not Found"))
        headers = {"X-Content-Type-Options": "nosniff"}
        return web.Response(
            body=stored.content, content_type="application/octet-stream", headers=headers
        )


def _refused(error: ApiError) -> web.Response:
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


def _struck(request: web.Request, fault: Fault) -> web.Response:
    """Answer a call that a fault keeps from being carried out."""
    if fault.kind is FaultKind.TOO_MANY:
        return _refused(too_many_requests(fault.retry_after))
    if fault.kind is FaultKind.INTERNAL:
        return _refused(ApiError(500, "Internal Server Error"))
    if fault.kind is FaultKind.BAD_GATEWAY:
        page = "<html><head><title>502 Bad Gateway</title></head></html>"
        return web.Response(status=502, text=page, content_type="text/html")
    if fault.kind is FaultKind.DROP:
        _cut(request)
    return web.Response(text="\ufffd{not json", content_type="application/json")


async def _spoiled(request: web.Request, answer: web.Response, fault: Fault) -> web.StreamResponse:
    """Spoil the answer of a call that was carried out."""
    if fault.kind is FaultKind.SLOW:
        await asyncio.sleep(fault.seconds)
        return answer
    if fault.kind is FaultKind.HALF:
        body = answer.body if isinstance(answer.body, bytes) else json.dumps({}).encode()
        half = web.StreamResponse(headers={"Content-Type": "application/json"})
        half.content_length = len(body)
        await half.prepare(request)
        await half.write(body[: len(body) // 2])
    _cut(request)
    return answer


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
