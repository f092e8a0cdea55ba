"""The requests of the test client, over the standard library alone."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request

_TIMEOUT = 10.0
# Loopback never goes through a proxy of the environment.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(AssertionError):
    """A gesture that the server refused: HTTP code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        """Keep the code and the reason."""
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


class Wire:
    """The chat API at `url`."""

    def __init__(self, url: str) -> None:
        """Talk to this address."""
        self.url = url.rstrip("/")

    def get(self, path: str) -> dict[str, object]:
        """Return the JSON of a GET."""
        return self._ask(urllib.request.Request(self.url + path))  # noqa: S310 - loopback

    def post(self, path: str, body: object) -> dict[str, object]:
        """Return the JSON of a POST of JSON."""
        return self._send(path, json.dumps(body).encode(), "application/json")

    def upload(self, path: str, fields: dict[str, str], name: str, content: bytes) -> int:
        """POST a multipart form with one file; return the message number."""
        mark = secrets.token_hex(16)
        quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "")
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        parts.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'
        )
        body = "".join(parts).encode() + content + f"\r\n--{mark}--\r\n".encode()
        answer = self._send(path, body, f"multipart/form-data; boundary={mark}")
        return int(str(answer["message_id"]))

    def download(self, file: dict[str, object]) -> bytes:
        """Return the content of a file that a message shows."""
        with _OPENER.open(f"{self.url}{file['url']}", timeout=_TIMEOUT) as answer:
            content: bytes = answer.read()
            return content

    def _send(self, path: str, body: bytes, content_type: str) -> dict[str, object]:
        headers = {"Content-Type": content_type}
        return self._ask(
            urllib.request.Request(self.url + path, body, headers)  # noqa: S310 - loopback
        )

    @staticmethod
    def _ask(request: urllib.request.Request) -> dict[str, object]:
        try:
            with _OPENER.open(request, timeout=_TIMEOUT) as answer:
                parsed: dict[str, object] = json.load(answer)
                return parsed
        except urllib.error.HTTPError as error:
            with error:
                body = error.read().decode("utf-8", "replace")
            try:
                reason = str(json.loads(body)["error"])
            except (ValueError, KeyError, TypeError):
                reason = body
            raise Refused(error.code, reason) from None
