"""The values every screen is made of, and Telegram's limits on them."""

import html
import re
from dataclasses import dataclass, replace

from bot.screens.tap import Tap

TEXT_LIMIT = 4096  # UTF-16 units after parsing
CAPTION_LIMIT = 1024
BUTTON_LIMIT = 100
ROW_LIMIT = 8
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Button:
    """One key under a message: a tap, an address or a text to copy."""

    label: str
    tap: Tap | None = None
    url: str | None = None
    copy: str | None = None
    style: str = ""  # "", "primary", "success", "danger"


@dataclass(frozen=True, slots=True)
class File:
    """A document sent beside the text."""

    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What one message shows: HTML, rows of buttons, perhaps a picture, a voice or a file."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    photo: str | None = None
    voice: str | None = None
    file: File | None = None
    silent: bool = False
    protected: bool = True  # no forwarding, no saving; a confirmation to forward says False


def visible_length(text: str) -> int:
    """Count the UTF-16 units of Telegram HTML after its entities are parsed."""
    return len(html.unescape(_TAG.sub("", text)).encode("utf-16-le")) // 2


def plain_text(screen: Screen) -> str:
    """Read a screen's text without its tags, for a terminal."""
    return html.unescape(_TAG.sub("", screen.text))


def fit(screen: Screen) -> Screen:
    """Bring `screen` within Telegram's limits: whole lines leave from the end, never half a tag.

    Of too many buttons, the last row stays: it is the way back.
    """
    limit = CAPTION_LIMIT if screen.photo or screen.voice or screen.file else TEXT_LIMIT
    rows = tuple(row[:ROW_LIMIT] for row in screen.rows if row)
    while sum(map(len, rows)) > BUTTON_LIMIT:
        rows = (*rows[:-2], rows[-1])
    text = _cut(screen.text.strip(), limit) or "…"
    fits = text == screen.text and rows == screen.rows
    return screen if fits else replace(screen, text=text, rows=rows)


def _cut(text: str, limit: int) -> str:
    # no character is more than two units, and parsing lengthens nothing
    if 2 * len(text) <= limit or visible_length(text) <= limit:
        return text
    kept, left = [], limit - 1
    for line in text.split("\n"):
        left -= visible_length(line) + 1
        if left < 0:
            break
        kept.append(line)
    shown = "\n".join(kept).rstrip()
    if not visible_length(shown):  # one endless line: plain text is the only safe cut
        plain = html.unescape(_TAG.sub("", text))
        return html.escape(plain[: limit // 2 - 1], quote=False) + "…"
    return shown + _closing(shown) + "\n…"


def _closing(text: str) -> str:
    """Close the tags that a cut left open, innermost first."""
    still_open: list[str] = []
    for tag in _TAG.findall(text):
        name = tag.strip("</> ").split(" ", 1)[0]
        if tag.startswith("</"):
            if still_open and still_open[-1] == name:
                still_open.pop()
        else:
            still_open.append(name)
    return "".join(f"</{name}>" for name in reversed(still_open))
