"""The HTML subset of Telegram, read as its server reads it, with its refusals and byte offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.simulator.entities import in_telegram_order
from bot.simulator.links import checked_link, mentioned_user
from bot.simulator.utf16 import utf16_length
from bot.simulator.values import Entity

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
}
_TAGS = frozenset(_TYPES) | {"a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
_NAMED = {b"lt": ord("<"), b"gt": ord(">"), b"amp": ord("&"), b"quot": ord('"')}
# The server reads a C string: the byte 0 ends it and counts as a space.
_SPACE = b" \t\r\n\v\0"
_END_OF_ATTRIBUTE = _SPACE + b"=>/\"'"
_TOKEN = re.compile(rb"[A-Za-z0-9.\-]*")
_MARK = re.compile(rb"[<&]")
_NUMERIC = re.compile(rb"#(?:x([0-9A-Fa-f]*)|([0-9]*))")
_NAME = re.compile(rb"[A-Za-z]*")
_LONGEST_REFERENCE = 10
_LAST_CODE_POINT = 0x10FFFF
_DATE_FORMAT = re.compile(r"r|w?[dD]?[tT]?")


class HtmlError(Exception):
    """A text that Telegram cannot parse; the message is Telegram's, with a UTF-8 byte offset."""


@dataclass(slots=True)
class _OpenTag:
    name: str
    argument: str
    unix_time: int
    offset: int
    chunk: int


@dataclass(slots=True)
class _Found:
    entity: Entity
    language: str = ""


def parse_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """Parse a text into plain text and entities; raise HtmlError as Telegram refuses."""
    return _Parser(source.encode()).parse()


class _Parser:
    def __init__(self, source: bytes) -> None:
        self.source = source
        self.at = 0
        self.chunks: list[str] = []
        self.offset = 0
        self.open: list[_OpenTag] = []
        self.found: list[_Found] = []
        self.surrogate = False

    def parse(self) -> tuple[str, tuple[Entity, ...]]:
        while self.at < len(self.source):
            mark = _MARK.search(self.source, self.at)
            self._emit(self.source[self.at : mark.start() if mark else None].decode())
            if mark is None:
                break
            self.at = mark.start()
            if self.source[self.at] == ord("&"):
                self._reference()
            elif self._byte(self.at + 1) == b"/":
                self._end_tag()
            else:
                self._start_tag()
        if self.open:
            name = self.open[-1].name
            raise HtmlError(f'Can\'t find end tag corresponding to start tag "{name}"')
        if self.surrogate:
            raise HtmlError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return "".join(self.chunks), in_telegram_order([item.entity for item in self.found])

    def _emit(self, text: str) -> None:
        if text:
            self.chunks.append(text)
            self.offset += utf16_length(text)

    def _byte(self, index: int) -> bytes:
        return self.source[index : index + 1] or b"\0"

    def _skip_spaces(self) -> None:
        while self._byte(self.at) in _SPACE and self._byte(self.at) != b"\0":
            self.at += 1

    def _reference(self) -> None:
        letter, end = _character_reference(self.source, self.at)
        self.surrogate = self.surrogate or "\ud800" <= letter <= "\udfff"
        self._emit(letter)
        self.at = end

    def _tag_name(self) -> str:
        begin = self.at
        while self._byte(self.at) not in _SPACE + b">":
            self.at += 1
        return _lower(self.source[begin : self.at])

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self._tag_name()
        if self._byte(self.at) == b"\0":
            raise HtmlError(f"Unclosed start tag at byte offset {begin}")
        if name not in _TAGS:
            raise HtmlError(f'Unsupported start tag "{name}" at byte offset {begin}')
        tag = _OpenTag(name, "", 0, self.offset, len(self.chunks))
        while self._byte(self.at) != b">":
            self._skip_spaces()
            if self._byte(self.at) == b">":
                break
            self._attribute(tag, begin)
        if name == "span" and tag.argument != "spoiler":
            raise HtmlError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.at += 1
        self.open.append(tag)

    def _attribute(self, tag: _OpenTag, begin: int) -> None:
        start = self.at
        while self._byte(self.at) not in _END_OF_ATTRIBUTE:
            self.at += 1
        name = self.source[start : self.at].decode()
        if not name:
            raise HtmlError(f'Empty attribute name in the tag "{tag.name}" at byte offset {begin}')
        self._skip_spaces()
        if self._byte(self.at) == b"\0":
            raise HtmlError(f'Unclosed start tag "{tag.name}" at byte offset {begin}')
        if self._byte(self.at) != b"=":
            # Attributes without a value have been legal since `expandable` exists.
            _apply(tag, name, None)
            return
        self.at += 1
        self._skip_spaces()
        if self._byte(self.at) == b"\0":
            raise HtmlError(f'Unclosed start tag "{tag.name}" at byte offset {begin}')
        value = self._quoted() if self._byte(self.at) in b"\"'" else self._token()
        if self._byte(self.at) == b"\0":
            raise HtmlError(f"Unclosed start tag at byte offset {begin}")
        _apply(tag, name, value)

    def _token(self) -> str:
        match = _TOKEN.match(self.source, self.at)
        begin, self.at = self.at, match.end() if match else self.at
        if self._byte(self.at) not in _SPACE + b">":
            raise HtmlError(f"Unexpected end of name token at byte offset {begin}")
        return _lower(self.source[begin : self.at])

    def _quoted(self) -> str:
        quote = self._byte(self.at)
        self.at += 1
        value: list[str] = []
        while (byte := self._byte(self.at)) not in (quote, b"\0"):
            if byte == b"&":
                letter, self.at = _character_reference(self.source, self.at)
                value.append(letter)
                continue
            begin = self.at
            self.at += 1
            while self._byte(self.at) not in (quote, b"\0", b"&"):
                self.at += 1
            value.append(self.source[begin : self.at].decode())
        if byte == quote:
            self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise HtmlError(f"Unexpected end tag at byte offset {begin}")
        tag = self.open[-1]
        self.at += 2
        name = self._tag_name()
        self._skip_spaces()
        if self._byte(self.at) != b">":
            raise HtmlError(f"Unclosed end tag at byte offset {begin}")
        if name and name != tag.name:
            raise HtmlError(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        self.at += 1
        self.open.pop()
        if self.offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        length = self.offset - tag.offset
        if tag.name in _TYPES:
            self._add(Entity(_TYPES[tag.name], tag.offset, length))
        elif tag.name == "a":
            self._link(tag, length)
        elif tag.name in ("pre", "code"):
            self._code(tag, length)
        elif tag.name == "blockquote":
            kind = "expandable_blockquote" if tag.argument else "blockquote"
            self._add(Entity(kind, tag.offset, length))
        elif tag.name == "tg-emoji":
            if not re.fullmatch(r"[1-9][0-9]{0,18}", tag.argument):
                raise HtmlError("Invalid custom emoji identifier specified")
            self._add(
                Entity("custom_emoji", tag.offset, length, custom_emoji_id=tag.argument),
            )
        else:
            self._time(tag, length)

    def _add(self, entity: Entity, language: str = "") -> None:
        self.found.append(_Found(entity, language))

    def _link(self, tag: _OpenTag, length: int) -> None:
        url = tag.argument or "".join(self.chunks[tag.chunk :])
        if (user := mentioned_user(url)) is not None:
            self._add(Entity("text_mention", tag.offset, length, user_id=user))
        elif (checked := checked_link(url)) is not None:
            self._add(Entity("text_link", tag.offset, length, url=checked))

    def _time(self, tag: _OpenTag, length: int) -> None:
        if not _DATE_FORMAT.fullmatch(tag.argument):
            raise HtmlError("Invalid date format used")
        if tag.unix_time > 0:
            self._add(
                Entity(
                    "date_time",
                    tag.offset,
                    length,
                    unix_time=tag.unix_time,
                    date_time_format=tag.argument,
                )
            )

    def _code(self, tag: _OpenTag, length: int) -> None:
        """Record a code or pre span; a pair on the same span is one block with its language."""
        last = self.found[-1] if self.found else None
        same = last is not None and (last.entity.offset, last.entity.length) == (tag.offset, length)
        language = tag.argument if tag.name == "code" else ""
        if last is not None and same and {last.entity.type, tag.name} == {"pre", "code"}:
            language = language or last.language
            if language and not last.entity.language:
                self.found[-1] = _Found(Entity("pre", tag.offset, length, language=language))
                return
        self._add(Entity(tag.name, tag.offset, length), language)


def _lower(raw: bytes) -> str:
    return raw.lower().decode()


def _apply(tag: _OpenTag, attribute: str, value: str | None) -> None:
    key = (tag.name, attribute)
    if key == ("blockquote", "expandable"):
        tag.argument = "1"
    elif value is None:
        return
    elif key in {("a", "href"), ("tg-emoji", "emoji-id"), ("tg-time", "format")}:
        tag.argument = value
    elif key == ("code", "class") and value.startswith("language-"):
        tag.argument = value.removeprefix("language-")
    elif key == ("span", "class") and value.startswith("tg-"):
        tag.argument = value.removeprefix("tg-")
    elif key == ("tg-time", "unix") and re.match(r"-?[0-9]{1,15}", value):
        tag.unix_time = int(re.sub(r"^(-?[0-9]{1,15}).*$", r"\1", value, flags=re.DOTALL))


def _character_reference(source: bytes, at: int) -> tuple[str, int]:
    """Return the character at an ampersand and where it ends; an unknown one stays literal."""
    numeric = _NUMERIC.match(source, at + 1)
    if numeric:
        end = numeric.end()
        digits, base = (numeric[1], 16) if numeric[1] is not None else (numeric[2], 10)
        code = int(digits or b"0", base) if end - at < _LONGEST_REFERENCE else 0
        if not 0 < code < _LAST_CODE_POINT:
            return "&", at + 1
    else:
        name = _NAME.match(source, at + 1)
        end = name.end() if name else at + 1
        code = _NAMED.get(source[at + 1 : end], 0)
        if not code:
            return "&", at + 1
    return chr(code), end + (source[end : end + 1] == b";")
