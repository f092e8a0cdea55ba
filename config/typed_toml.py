"""Read a TOML table into a frozen dataclass; refuse what is missing, unknown or mistyped."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


class ConfigFault(ValueError):
    """A value of a configuration file is not what it should be."""

    def __init__(self, file: str, key: str, wanted: str, found: object, **data: object) -> None:
        """Keep the file, the dotted key, what was wanted, its {names} in `data`, and found."""
        expected = wanted.format(**data)
        super().__init__(f"{file}: {key}: expected {expected}, found {found!r}")
        self.file = file
        self.key = key
        self.wanted = wanted
        self.data = data
        self.expected = expected
        self.found = found


class Missing:
    """Stands for a key that is not there."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = Missing()


def parse(text: str, file: str) -> dict[str, Any]:
    """Parse TOML, decimals kept exact; raise `ConfigFault` where it is not TOML."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise ConfigFault(file, str(fault), "valid TOML", MISSING) from fault


def read(kind: type[T], value: object, file: str, key: str = "") -> T:
    """Turn a parsed TOML value into the wanted type, or raise `ConfigFault`."""
    return _Reader(file).read(kind, value, key)  # type: ignore[no-any-return]


class _Reader:
    """Knows the file's name, for its faults."""

    def __init__(self, file: str) -> None:
        self.file = file

    def read(self, kind: Any, value: object, key: str) -> Any:  # noqa: ANN401 - any type
        origin = get_origin(kind)
        if origin is UnionType:
            (wanted,) = (one for one in get_args(kind) if one is not NoneType)
            return None if value is MISSING else self.read(wanted, value, key)
        if origin is tuple:
            return self._tuple(get_args(kind)[0], value, key)
        if origin is not None and issubclass(origin, Mapping):
            key_kind, value_kind = get_args(kind)
            return self._mapping(key_kind, value_kind, value, key)
        if is_dataclass(kind):
            return self._dataclass(kind, value, key)
        return self._scalar(kind, value, key)

    def _dataclass(self, kind: Any, value: object, key: str) -> Any:  # noqa: ANN401 - any type
        table = self._table(value, key)
        hints = get_type_hints(kind)
        names = {field.name for field in fields(kind)}
        for name in table:
            if name not in names:
                raise ConfigFault(self.file, _join(key, name), "no such key", table[name])
        values = {
            name: self.read(hints[name], table.get(name, MISSING), _join(key, name))
            for name in hints
            if name in names
        }
        try:
            return kind(**values)
        except ValueError as fault:
            sound = "a sound value ({why})"
            raise ConfigFault(self.file, key, sound, value, why=fault) from fault

    def _mapping(self, key_kind: Any, kind: Any, value: object, key: str) -> dict[Any, Any]:  # noqa: ANN401
        table = self._table(value, key)
        read = {
            self._scalar(key_kind, name, _join(key, name)): self.read(kind, entry, _join(key, name))
            for name, entry in table.items()
        }
        # A table keyed by an enum decides every case of it: a hole would be a late surprise.
        if issubclass(key_kind, Enum):
            for member in key_kind:
                if member not in read:
                    raise ConfigFault(self.file, _join(key, member.value), "a value", MISSING)
        return read

    def _tuple(self, kind: Any, value: object, key: str) -> tuple[Any, ...]:  # noqa: ANN401
        if not isinstance(value, list):
            raise ConfigFault(self.file, key, "a list", value)
        return tuple(self.read(kind, entry, f"{key}[{n}]") for n, entry in enumerate(value))

    def _table(self, value: object, key: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ConfigFault(self.file, key or "the file", "a table", value)
        return value

    def _scalar(self, kind: Any, value: object, key: str) -> Any:  # noqa: ANN401 - any type
        if issubclass(kind, Enum) and isinstance(value, str):
            members = {member.value: member for member in kind}
            if value in members:
                return members[value]
            raise ConfigFault(self.file, key, "one of {known}", value, known=", ".join(members))
        if kind is Decimal and isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Decimal(value)
        # bool is an int and datetime is a date in Python, not in a configuration file.
        if kind in NAMES and type(value) is kind:
            return value
        raise ConfigFault(self.file, key, NAMES.get(kind, "text"), value)


NAMES: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    str: "text",
    date: "a date",
    time: "a time",
    Decimal: "a number",
}


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
