"""A list of colleagues as a CSV file: whatever its encoding, separator, titles and habits."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.use_cases.refusals import UsersFileRefused
from credit.people import Role
from storage.customers import fold

TELEGRAM, ROLE, CODE, NAME = "telegram_id", "role", "code", "name"
TITLES: Final = {
    TELEGRAM: (
        TELEGRAM,
        "telegram",
        "id telegram",
        "identifiant telegram",
        "user id",
        "chat id",
        "id",
    ),
    ROLE: (ROLE, "fonction", "profil", "profile", "poste", "job"),
    CODE: (
        *(CODE, "codes", "rep code", "rep codes", "rep", "portfolio", "portefeuille", "secteur"),
        *("code commercial", "code rep", "code representant", "commercial", "representant"),
    ),
    NAME: (NAME, "nom", "full name", "display name", "nom complet", "prenom nom", "nom prenom"),
}
ROLES: Final = {
    Role.REP: ("rep", "sales rep", "commercial", "commerciale", "representant", "vrp"),
    Role.SALES_MANAGER: (
        *("sales manager", "manager", "chef des ventes", "chef d agence", "chef d equipe"),
        *("responsable commercial", "directeur commercial"),
    ),
    Role.CREDIT_MANAGER: ("credit manager", "responsable credit", "recouvrement"),
    Role.ADMIN: ("admin", "administrator", "administrateur", "administratrice"),
}
LONGEST_CODE: Final = 60
LONGEST_NAME: Final = 120
MOST_ID: Final = (1 << 52) - 1  # Telegram: an id has at most 52 significant bits
SHOWN: Final = 60
_ROLE_OF: Final = {word: role for role, words in ROLES.items() for word in words}
_FIELD_OF: Final = {fold(word): field for field, words in TITLES.items() for word in words}


@dataclass(frozen=True, slots=True)
class Entry:
    """One good line: somebody, his role, what the line adds to his portfolios."""

    line: int
    telegram_id: int
    role: Role
    codes: tuple[str, ...]
    name: str
    clash: Wrong
    """What is wrong with it if another line gives this person another role."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that was left out: which cell, what it holds, and the reason's code."""

    line: int
    column: str
    value: str
    reason: str


def read(data: bytes) -> list[Entry | Wrong]:
    """Read the lines of a file; raise `UsersFileRefused` when its columns are not known."""
    text = decoded(data)
    lines = _lines(text, _separator(text))
    _, titles = next(lines, (0, []))
    columns = _columns(titles)
    if missing := [field for field in (TELEGRAM, ROLE) if field not in columns]:
        raise UsersFileRefused(", ".join(missing), _plain(", ".join(titles))[:SHOWN])
    return [_entry(number, cells, columns, titles) for number, cells in lines]


def decoded(data: bytes) -> str:
    """Read bytes as UTF-8 or UTF-16 when they say so, else as what Windows writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(";,\t|", key=first.count)


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that hold something, with their number in the file: that of their first."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell of a megabyte: its line is not like the others
            yield first, []
            continue
        if any(cell.strip() for cell in cells):
            yield first, [cell.strip() for cell in cells]


def _columns(titles: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, title in enumerate(titles):
        field = _FIELD_OF.get(fold(title))
        if field is not None:
            found.setdefault(field, index)
    return found


def _entry(
    number: int, cells: list[str], columns: dict[str, int], titles: list[str]
) -> Entry | Wrong:
    held = {field: next(islice(cells, at, None), "") for field, at in columns.items()}

    def wrong(field: str, reason: str) -> Wrong:
        title = titles[columns[field]] if field in columns else field
        return Wrong(number, title, _plain(held.get(field, ""))[:SHOWN], reason)

    if broken := [field for field, cell in held.items() if _breaks(cell)]:
        return wrong(broken[0], "lines_joined")  # or those it holds would be lost in silence
    telegram_id = _telegram_id(held[TELEGRAM])
    if telegram_id is None:
        return wrong(TELEGRAM, "telegram_id")
    role = _ROLE_OF.get(fold(held[ROLE]))
    if role is None:
        return wrong(ROLE, "role")
    codes = tuple(dict.fromkeys(_codes(held.get(CODE, ""))))
    if any(len(code) > LONGEST_CODE for code in codes):
        return wrong(CODE, "code_too_long")
    if role is Role.REP and not codes:
        return wrong(CODE, "code_missing")
    name = _name(held.get(NAME, ""))
    return Entry(number, telegram_id, role, codes, name, wrong(ROLE, "two_roles"))


def _telegram_id(text: str) -> int | None:
    """Read a number as spreadsheets write it: spaces between thousands, `.0` behind."""
    plain = "".join(text.split()).removesuffix(".0").removesuffix(",0")
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= len(str(MOST_ID))):
        return None
    number = int(plain)
    return number if 0 < number <= MOST_ID else None


def _codes(text: str) -> list[str]:
    for separator in ";|":
        text = text.replace(separator, ",")
    return [code.strip() for code in text.split(",") if code.strip()]


def _name(text: str) -> str:
    return _plain(text)[:LONGEST_NAME]


def _plain(text: str) -> str:
    """Take out what would move a terminal's cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _breaks(cell: str) -> bool:
    return "\n" in cell or "\r" in cell
