"""The parameters of a Bot API call: query, form, multipart and JSON read alike."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.web_request import FileField

from bot.simulator.errors import ApiError, bad_request
from bot.simulator.values import JsonObject

LARGEST_BODY = 52 * 1024 * 1024
_TRUE = ("true", "yes", "1")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one call, each under its name; `files` are the multipart ones."""

    values: dict[str, object]
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a string parameter, empty when absent; refuse lone surrogates."""
        value = self.values.get(name)
        if value is None:
            return ""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
        return text

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number, the default when absent or unreadable, as the server does."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Return a boolean parameter."""
        return self.text(name).strip().lower() in _TRUE

    def json(self, name: str, refusal: str) -> object:
        """Return a JSON parameter, None when absent; `refusal` is the 400 of a broken one."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            parsed: object = json.loads(self.text(name))
        except (ValueError, RecursionError):
            raise bad_request(refusal) from None
        return parsed

    def loggable(self) -> JsonObject:
        """Return the parameters for the log, files as their name and size."""
        shown: JsonObject = {name: _decoded(value) for name, value in self.values.items()}
        for name, upload in self.files.items():
            shown[name] = {"file": upload.name, "size": len(upload.content)}
        return shown


def _decoded(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


async def read_params(request: web.Request) -> Params:
    """Read the parameters of a request; a body over the cap is refused with 413."""
    values: dict[str, object] = dict(request.query)
    files: dict[str, Upload] = {}
    try:
        if request.content_type == "application/json":
            values |= _json_body(await request.text())
        elif request.method == "POST":
            for name, value in (await request.post()).items():
                if isinstance(value, FileField):
                    files[name] = Upload(value.filename, value.content_type, value.file.read())
                else:
                    values[name] = value if isinstance(value, str) else bytes(value).decode()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad_request("can't parse the request body") from None
    return Params(values, files)


def _json_body(body: str) -> dict[str, object]:
    if not body.strip():
        return {}
    parsed = json.loads(body)
    if not isinstance(parsed, dict):
        raise bad_request("object expected as JSON-encoded request")
    return parsed
