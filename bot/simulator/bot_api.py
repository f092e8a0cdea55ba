"""The HTTP face of the Bot API: token, method, limits, faults, answer."""

from __future__ import annotations

import hmac
import inspect
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
from bot.simulator.errors import ApiError, bad_request
from bot.simulator.params import Params, read_params
from bot.simulator.striking import refused, suffer
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
            return refused(ApiError(401, "Unauthorized"))
        try:
            params = await read_params(request)
        except ApiError as error:
            world.log.add(world.now(), name, Params({}), error.description)
            return refused(error)
        strike = world.faults.take(name.lower(), self._chat_of(params))
        if strike is None:
            return await self._carry_out(name, params)
        fault = strike.kind.value
        if not strike.done:
            world.log.add(world.now(), name, params, f"fault: {fault}", fault)
        return await suffer(strike, request, lambda: self._carry_out(name, params, fault))

    def _chat_of(self, params: Params) -> int:
        """Return the chat of a call, that of the press for an answer to one, 0 without any."""
        press = self._world.presses.get(str(params.values.get("callback_query_id")))
        return press.chat_id if press else params.integer("chat_id")

    def _is_token(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._world.profile.token.encode())

    async def _carry_out(self, name: str, params: Params, fault: str = "") -> web.Response:
        world = self._world
        try:
            result = await self._result(name.lower(), params)
        except ApiError as error:
            world.log.add(world.now(), name, params, error.description, fault)
            return refused(error)
        world.log.add(world.now(), name, params, "", fault)
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
            return refused(ApiError(401, "Unauthorized"))
        stored = self._world.files.at_path(request.match_info["path"])
        if stored is None:
            return refused(ApiError(404, "Not Found"))
        headers = {"X-Content-Type-Options": "nosniff"}
        return web.Response(
            body=stored.content, content_type="application/octet-stream", headers=headers
        )
