"""The HTTP face of the people: the web chat and the JSON that it and tests use."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from aiohttp.web_request import FileField

from bot.simulator import gestures
from bot.simulator.errors import ChatError
from bot.simulator.events import stream_events
from bot.simulator.guard import Handler
from bot.simulator.page_views import page_history, page_person, page_state
from bot.simulator.params import Upload
from bot.simulator.people import group_of, person_of
from bot.simulator.values import JsonObject
from bot.simulator.world import World

_WEB = Path(__file__).with_name("web")
_SHOWN_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/ogg")
_USER = r"{user:\d{1,18}}"


@web.middleware
async def refusals_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn a refused gesture into its code and a JSON reason."""
    try:
        return await handler(request)
    except ChatError as error:
        return web.json_response({"error": error.reason}, status=error.code)


class Fields:
    """The JSON object of a request, read strictly."""

    def __init__(self, values: JsonObject) -> None:
        """Keep the object."""
        self.values = values

    def text(self, name: str) -> str:
        """Return a string, '' when absent."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise ChatError(400, f"{name} must be a string")
        return value

    def number(self, name: str) -> int | None:
        """Return a whole number, None when absent."""
        value = self.values.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise ChatError(400, f"{name} must be a whole number")
        return value


async def _fields(request: web.Request) -> Fields:
    """Read a JSON object; requiring its content type keeps plain forms of other sites out."""
    if request.content_type != "application/json":
        raise ChatError(415, "send application/json")
    try:
        values = json.loads(await request.text() or "{}")
    except (ValueError, RecursionError):
        raise ChatError(400, "this is not JSON") from None
    if not isinstance(values, dict):
        raise ChatError(400, "send a JSON object")
    return Fields(values)


def _user(request: web.Request) -> int:
    return int(request.match_info["user"])


def _query_number(request: web.Request, name: str) -> int | None:
    raw = request.query.get(name, "")
    if raw and not raw.isdecimal():
        raise ChatError(400, f"{name} must be a whole number")
    return int(raw) if raw else None


class ChatApi:
    """The routes of the page over a world."""

    def __init__(self, world: World) -> None:
        """Serve this world."""
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes of the page, of the people and of tests."""
        actions: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
            "send": self._send,
            "press": self._press,
            "upload": self._upload,
            "contact": self._contact,
            "edit": self._edit,
            "block": self._block,
            "unblock": self._unblock,
            "read": self._read,
        }
        return [
            web.get("/", self._page),
            web.static("/static", _WEB),
            web.get("/chat/state", self._state),
            web.get("/chat/file/{file_id}", self._file),
            web.get(f"/chat/{_USER}/messages", self._messages),
            web.get(f"/chat/{_USER}/events", self._events),
            *(web.post(f"/chat/{_USER}/{name}", do) for name, do in actions.items()),
            web.post("/chat/people", self._add_person),
            web.post("/chat/groups", self._add_group),
            web.post("/chat/banner", self._banner),
            web.post("/chat/faults", self._faults),
            web.get("/chat/faults", self._waiting_faults),
            web.get("/chat/log", self._log),
            web.post("/chat/limits", self._limits),
            web.post("/chat/clock", self._clock),
        ]

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_WEB / "index.html")

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(page_state(self._world))

    async def _messages(self, request: web.Request) -> web.Response:
        user = _user(request)
        self._world.person(user)
        chat_id = request.query.get("chat", str(user))
        chats = {str(chat.id): chat for chat in self._world.chats.values()}
        if chat_id not in chats:
            raise ChatError(404, f"there is no chat {chat_id}")
        after = _query_number(request, "after")
        return web.json_response(page_history(self._world, user, chats[chat_id], after))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await stream_events(self._world, request, _user(request))

    async def _send(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        message = gestures.write(
            self._world,
            _user(request),
            fields.text("text"),
            fields.number("reply_to"),
            fields.number("chat_id"),
        )
        return web.json_response({"message_id": message.message_id})

    async def _press(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        data = fields.text("data") if "data" in fields.values else None
        made = gestures.press(
            self._world,
            _user(request),
            fields.number("message_id") or 0,
            fields.number("index"),
            data,
        )
        return web.json_response({"query": made.id})

    async def _upload(self, request: web.Request) -> web.Response:
        if request.content_type != "multipart/form-data":
            raise ChatError(415, "send multipart/form-data")
        form = await request.post()
        sent = form.get("file")
        if not isinstance(sent, FileField):
            raise ChatError(400, "there is no file")
        upload = Upload(sent.filename, sent.content_type, sent.file.read())
        kind, caption = str(form.get("kind", "document")), str(form.get("caption", ""))
        message = gestures.send_file(self._world, _user(request), kind, upload, caption)
        return web.json_response({"message_id": message.message_id})

    async def _contact(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        message = gestures.share_contact(
            self._world, _user(request), fields.text("phone_number"), fields.number("user_id")
        )
        return web.json_response({"message_id": message.message_id})

    async def _edit(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        number = fields.number("message_id") or 0
        message = gestures.edit(self._world, _user(request), number, fields.text("text"))
        return web.json_response({"message_id": message.message_id})

    async def _block(self, request: web.Request) -> web.Response:
        gestures.set_blocked(self._world, _user(request), blocked=True)
        return web.json_response({})

    async def _unblock(self, request: web.Request) -> web.Response:
        gestures.set_blocked(self._world, _user(request), blocked=False)
        return web.json_response({})

    async def _read(self, request: web.Request) -> web.Response:
        gestures.read(self._world, _user(request))
        return web.json_response({})

    async def _add_person(self, request: web.Request) -> web.Response:
        person = person_of((await _fields(request)).values)
        self._world.add_person(person)
        return web.json_response(page_person(self._world, self._world.people[person.id]))

    async def _add_group(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        chat = group_of(fields.values, self._world.people)
        gestures.put_bot_in_group(self._world, chat, by=min(chat.members))
        return web.json_response({"id": chat.id})

    async def _banner(self, request: web.Request) -> web.Response:
        values = (await _fields(request)).values
        self._world.banner = {name: values.get(name, []) for name in ("fr", "en")}
        return web.json_response({})

    async def _faults(self, request: web.Request) -> web.Response:
        self._world.faults.order((await _fields(request)).values.get("faults"))
        return web.json_response({"faults": self._world.faults.as_json()})

    async def _waiting_faults(self, _request: web.Request) -> web.Response:
        return web.json_response({"faults": self._world.faults.as_json()})

    async def _log(self, request: web.Request) -> web.Response:
        after = _query_number(request, "after") or 0
        return web.json_response({"calls": self._world.log.after(after)})

    async def _limits(self, request: web.Request) -> web.Response:
        return web.json_response(self._world.limits.configure((await _fields(request)).values))

    async def _clock(self, request: web.Request) -> web.Response:
        """Move the server's time forward by `advance` seconds."""
        seconds = (await _fields(request)).number("advance") or 0
        if seconds < 0:
            raise ChatError(400, "time only goes forward")
        self._world.shift += seconds
        return web.json_response({"now": self._world.now()})

    async def _file(self, request: web.Request) -> web.Response:
        """Return a file of a message; only pictures and sound are shown, the rest is saved."""
        try:
            stored = self._world.files.of_id(request.match_info["file_id"])
        except Exception as error:
            raise ChatError(404, "there is no such file") from error
        inline = stored.mime in _SHOWN_INLINE
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
        if not inline:
            headers["Content-Disposition"] = "attachment"
        mime = stored.mime if inline else "application/octet-stream"
        return web.Response(body=stored.content, content_type=mime, headers=headers)
