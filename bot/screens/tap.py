"""Typed callback data: what a button carries, in 64 bytes, and back."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import ClassVar, TypeVar, get_type_hints

SCHEMA = "1"
LIMIT_BYTES = 64
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUE = {digit: value for value, digit in enumerate(_DIGITS)}
_WORD = re.compile(r"[A-Za-z0-9_\-]{0,40}\Z")
_NUMBER = re.compile(r"-?[0-9A-Za-z]{1,11}\Z")
_MOST = 2**53 - 1  # ids stay far below; products of it still fit a database


@dataclass(frozen=True, slots=True)
class Tap:
    """What a press means: a frozen value of integers and short ASCII words."""

    VERB: ClassVar[str]


T = TypeVar("T", bound=Tap)
VERBS: dict[str, type[Tap]] = {}
_KINDS: dict[type[Tap], dict[str, type]] = {}
_NAMES: dict[type[Tap], tuple[str, ...]] = {}


def verb(name: str) -> Callable[[type[T]], type[T]]:
    """Register a tap class under the short `name` that travels in callback data."""

    def register(cls: type[T]) -> type[T]:
        taken = VERBS.setdefault(name, cls)
        if (taken.__module__, taken.__qualname__) != (cls.__module__, cls.__qualname__):
            message = f"verb {name!r} is taken by {taken.__name__}"
            raise ValueError(message)
        VERBS[name] = cls
        cls.VERB = name
        return cls

    return register


def encode(tap: Tap) -> str:
    """Write `tap` as callback data, 64 bytes of ASCII at most; ValueError when it does not fit."""
    parts = [_write(getattr(tap, name)) for name in _names(type(tap))]
    data = SCHEMA + ".".join([tap.VERB, *parts])
    if len(data) > LIMIT_BYTES:
        message = f"{type(tap).__name__} takes {len(data)} bytes of {LIMIT_BYTES}"
        raise ValueError(message)
    return data


def decode(data: str) -> Tap | None:
    """Read callback data; None when it is unknown, of an older schema, or forged."""
    if not data.startswith(SCHEMA) or len(data) > LIMIT_BYTES:
        return None
    name, *parts = data[len(SCHEMA) :].split(".")
    cls = VERBS.get(name)
    if cls is None or len(parts) != len(_names(cls)):
        return None
    kinds = _kinds(cls)
    values = [_read(part, kinds[name]) for part, name in zip(parts, _names(cls), strict=True)]
    return None if None in values else cls(*values)


def _names(cls: type[Tap]) -> tuple[str, ...]:
    if cls not in _NAMES:
        _NAMES[cls] = tuple(field.name for field in fields(cls))
    return _NAMES[cls]


def _kinds(cls: type[Tap]) -> dict[str, type]:
    if cls not in _KINDS:
        _KINDS[cls] = get_type_hints(cls)
    return _KINDS[cls]


def _write(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        message = f"a tap carries integers and words, not {value!r}"
        raise TypeError(message)
    if isinstance(value, int):
        if abs(value) > _MOST:
            message = f"a tap carries numbers up to 2**53, not {value}"
            raise ValueError(message)
        return _to_base62(value)
    if not _WORD.match(value):
        message = f"not a word a tap can carry: {value!r}"
        raise ValueError(message)
    return value


def _read(part: str, kind: type) -> int | str | None:
    if kind is int:
        return _from_base62(part)
    return part if _WORD.match(part) else None


def _to_base62(number: int) -> str:
    if number < 0:
        return "-" + _to_base62(-number)
    digits = ""
    while number >= len(_DIGITS):
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    return _DIGITS[number] + digits


def _from_base62(text: str) -> int | None:
    if not _NUMBER.match(text):
        return None
    number = 0
    for digit in text.removeprefix("-"):
        number = number * len(_DIGITS) + _VALUE[digit]
    number = -number if text.startswith("-") else number
    return number if abs(number) <= _MOST else None
