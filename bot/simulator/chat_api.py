"""The HTTP face of the people: the web chat and the JSON that it and tests use."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from aiohttp.web_request import FileField

from bot.simulator import gestures
from bot.simulator.chat_fields import query_number, read_fields
from bot.simulator.errors import ChatError
from bot.simulator.events import stream_events
from bot.simulator.guard import Handler
from bot.simulator.page_views import page_history, page_person, page_state
from bot.simulator.params import Upload
from bot.simulator.people import group_of, person_of
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


def _user(request: web.Request) -> int:
    return int(request.match_info["user"])


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
        ]

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(_WEB / "index.html")

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(page_state(self._world))

    async def _messages(self, request: web.Request) -> web.Response:
        user = _user(request)
        self._world.person(user)
        chat_id = request.query.get("chat", str(user))
        known = int(chat_id) if re.fullmatch(r"-?\d{1,18}", chat_id) else 0
        if known not in self._world.chats:
            raise ChatError(404, f"there is no chat {chat_id}")
        after = query_number(request, "after")
        return web.json_response(page_history(self._world, user, self._world.chats[known], after))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await stream_events(self._world, request, _user(request))

    async def _send(self, request: web.Request) -> web.Response:
        fields = await read_fields(request)
        message = gestures.write(
            self._world,
            _user(request),
            fields.text("text"),
            fields.number("reply_to"),
            fields.number("chat_id"),
        )
        return web.json_response({"message_id": message.message_id})

    async def _press(self, request: web.Request) -> web.Response:
        fields = await read_fields(request)
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
        seconds = str(form.get("duration", "0"))
        message = gestures.send_file(
            self._world,
            _user(request),
            kind,
            upload,
            caption,
            int(seconds) if seconds.isdecimal() else 0,
        )
        return web.json_response({"message_id": message.message_id})

    async def _contact(self, request: web.Request) -> web.Response:
        fields = await read_fields(request)
        message = gestures.share_contact(
            self._world, _user(request), fields.text("phone_number"), fields.number("user_id")
        )
        return web.json_response({"message_id": message.message_id})

    async def _edit(self, request: web.Request) -> web.Response:
        fields = await read_fields(request)
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
        person = person_of((await read_fields(request)).values)
        self._world.add_person(person)
        return web.json_response(page_person(self._world, self._world.people[person.id]))

    async def _add_group(self, request: web.Request) -> web.Response:
        fields = await read_fields(request)
        chat = group_of(fields.values, self._world.people)
        gestures.put_bot_in_group(self._world, chat, by=min(chat.members))
        return web.json_response({"id": chat.id})

    async def _banner(self, request: web.Request) -> web.Response:
        values = (await read_fields(request)).values
        self._world.banner = {name: values.get(name, []) for name in ("fr", "en")}
        return web.json_response({})

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
