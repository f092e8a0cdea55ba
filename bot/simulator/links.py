"""Addresses as Telegram accepts them in links and buttons."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_MENTION = re.compile(r"tg:(?://)?user\?id=([0-9]{1,18})", re.IGNORECASE)
_HOST = re.compile(r"(?!-)[\w-]+(\.[\w-]+)*\.?", re.UNICODE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_OWN_SCHEMES = ("tg", "ton")


class WrongUrl(ValueError):
    """An address that Telegram refuses; the message is Telegram's reason."""


def mentioned_user(url: str) -> int | None:
    """Return the user id of a `tg://user?id=` link."""
    match = _MENTION.fullmatch(url)
    return int(match[1]) if match else None


def checked_link(url: str) -> str | None:
    """Return the address as Telegram keeps it in a text link, or None where it drops the link."""
    try:
        return http_url(url)
    except WrongUrl:
        return None


def http_url(url: str) -> str:
    """Return a normalised address (scheme and path completed); raise WrongUrl if refused."""
    if not url or any(letter <= " " for letter in url):
        raise WrongUrl("Wrong HTTP URL")
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() in _OWN_SCHEMES:
        return url
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise WrongUrl("Unsupported URL protocol")
    return _complete(url if scheme else f"http://{url}")


def _complete(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise WrongUrl("Wrong HTTP URL") from None
    if not _HOST.fullmatch(host) or ("." not in host.rstrip(".") and host != "localhost"):
        raise WrongUrl("Wrong HTTP URL")
    return parts._replace(path=parts.path or "/").geturl()
