"""Recognition: which column is which field, what kind the file is, and what must be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from storage.sync.reading.amounts import looks_like_amount
from storage.sync.reading.dates import looks_like_date
from storage.sync.reading.fields import ADMITTED, DATES, MONEY, SEVERAL, Field, Kind, field_named
from storage.sync.reading.headers import Header
from storage.sync.reading.questions import (
    DATE_ORDER,
    DECIMAL,
    NONE_OF_THEM,
    Column,
    ColumnMap,
    Question,
    QuestionKind,
)
from storage.sync.reading.synonyms import Guess, Tier, guesses
from storage.sync.reading.texts import Cell, cell_text, header_words

MOST: Final = 0.6
"""The share of a column's cells that must look like what it is taken for."""
_DISTINCT: Final = 0.8
_LONGEST_CODE: Final = 20
_ALL_BUCKETS: Final = 2
_ASKED_WHEN_TIED: Final = frozenset(
    {Field.CUSTOMER_CODE, Field.NUMBER, Field.DUE_ON, Field.OPEN, Field.AMOUNT, Field.RECEIVED_ON}
)


_COMMON: Final = frozenset({Field.CUSTOMER_CODE, Field.CUSTOMER_NAME, Field.CURRENCY})


class Choice(NamedTuple):
    """A field that a column may be, the clearest first."""

    tier: Tier
    at: int
    field: Field


@dataclass(frozen=True, slots=True)
class Recognition:
    """A kind, its columns, and the questions left open."""

    kind: Kind | None
    columns: ColumnMap
    questions: tuple[Question, ...]
    aged_balance: bool = False


def recognise(
    header: Header, rows: list[list[Cell]], kind: Kind | None, answers: Mapping[str, str]
) -> Recognition:
    """Map the columns of a file by its header, its first rows and a person's answers."""
    given, none_of_them, questions = _given(header, answers)
    columns = [[row[i] for row in rows if i < len(row)] for i in range(len(header.names))]
    choices = [c for c in _choices(header, columns) if c.field not in none_of_them]
    fields = {choice.field for choice in choices} | set(given)
    aged = is_aged_balance(choices, fields) and kind is not Kind.CUSTOMERS
    found = kind or kind_of(fields)
    if found is None:
        return Recognition(None, _mapped(header, given), (unknown_kind(), *questions), aged)
    admitted = [c for c in choices if c.field in ADMITTED[found]]
    assigned = _assign(admitted, {f: (i,) for f, i in given.items() if f in ADMITTED[found]})
    ties = _ties(header, admitted, assigned, given)
    return Recognition(found, _mapped_all(header, assigned), (*questions, *ties), aged)


def unknown_kind() -> Question:
    """Ask what the lines of a file are."""
    return Question(QuestionKind.UNKNOWN_KIND, "kind", tuple(kind.value for kind in Kind))


def kind_of(fields: set[Field]) -> Kind | None:
    """Return what a file with these fields is about, nothing when it could be anything."""
    if not fields & {Field.CUSTOMER_CODE, Field.CUSTOMER_NAME}:
        return None
    money = bool(fields & {Field.AMOUNT, Field.OPEN, Field.DEBIT, Field.CREDIT})
    dated = bool(fields & {Field.ISSUED_ON, Field.DUE_ON})
    if money and Field.SETTLED_ON in fields and _is_history(fields):
        return Kind.HISTORY
    if money and _is_open_item(fields):
        return Kind.RECEIVABLES
    if money and Field.RECEIVED_ON in fields and fields & {Field.MEANS, Field.SETTLED_ON}:
        return Kind.PAYMENTS
    if money and dated:
        return Kind.RECEIVABLES
    told = fields & (ADMITTED[Kind.CUSTOMERS] - _COMMON)
    of_items = dated or Field.NUMBER in fields  # no list of customers numbers its invoices
    return Kind.CUSTOMERS if not of_items and (told or not money) else None


def _is_history(fields: set[Field]) -> bool:
    invoice = {Field.NUMBER, Field.ISSUED_ON} <= fields and Field.MEANS not in fields
    return Field.DUE_ON in fields or invoice


def _is_open_item(fields: set[Field]) -> bool:
    named = fields & {Field.NUMBER, Field.ISSUED_ON}
    return Field.DUE_ON in fields or (Field.OPEN in fields and bool(named))


def is_aged_balance(choices: Iterable[Choice], fields: set[Field]) -> bool:
    """Tell a balance by age, one line per customer: buckets, and no invoice anywhere."""
    buckets = sum(choice.field is Field.BUCKET for choice in choices)
    items = fields & {Field.NUMBER, Field.DUE_ON, Field.ISSUED_ON}
    return buckets >= _ALL_BUCKETS and not items


def _given(
    header: Header, answers: Mapping[str, str]
) -> tuple[dict[Field, int], set[Field], tuple[Question, ...]]:
    given: dict[Field, int] = {}
    none_of_them: set[Field] = set()
    questions: list[Question] = []
    for name, wanted in answers.items():
        if name in {DATE_ORDER, DECIMAL, "kind"}:
            continue
        field, index = field_named(name), column_named(header, wanted)
        if field is not None and wanted.strip() == NONE_OF_THEM:
            none_of_them.add(field)
        elif field is None or index is None:
            candidates = header.names if field else tuple(f.value for f in Field)
            questions.append(Question(QuestionKind.UNKNOWN_ANSWER, name, candidates))
        else:
            given[field] = index
    return given, none_of_them, tuple(questions)


def column_named(header: Header, wanted: str) -> int | None:
    """Return the index of a column by its header, or by its position written `#3`."""
    if wanted.startswith("#") and wanted[1:].isascii() and wanted[1:].isdecimal():
        position = int(wanted[1:7])
        return position - 1 if 0 < position <= len(header.names) else None
    if wanted in header.names:
        return header.names.index(wanted)
    words = " ".join(header_words(wanted))
    return header.words.index(words) if words and words in header.words else None


def _choices(header: Header, columns: list[list[Cell]]) -> list[Choice]:
    found = []
    for index, name in enumerate(header.names):
        for guess in guesses(name):
            if guess.tier is Tier.CLEAR or _plausible(guess, columns[index]):
                found.append(Choice(guess.tier, index, guess.field))  # noqa: PERF401 - clearer
    return sorted(found, key=lambda choice: (choice.tier, choice.at))


def may_hold(field: Field, cells: Iterable[Cell]) -> bool:
    """Tell whether most of what a column holds can be of a field; nothing cannot."""
    filled = [cell for cell in cells if cell not in {"", None}]
    test = _test(field)
    return bool(filled) and (test is None or sum(map(test, filled)) >= MOST * len(filled))


def _plausible(guess: Guess, cells: list[Cell]) -> bool:
    """Tell whether what a column holds can be what its header may name."""
    filled = [cell for cell in cells if cell not in {"", None}]
    if guess.field is Field.NUMBER and guess.tier is Tier.WEAK:
        return _identifies(filled, len(cells))
    test = _test(guess.field)
    if not filled or test is None:
        return True
    return sum(map(test, filled)) >= MOST * len(filled)


def _identifies(filled: Sequence[Cell], lines: int) -> bool:
    """Tell a document's number from an order's or a label: on most lines, seldom twice."""
    return len(filled) >= MOST * lines and len(set(filled)) >= _DISTINCT * len(filled)


def _test(field: Field) -> Callable[[Cell], bool] | None:
    if field in DATES:
        return looks_like_date
    if field in MONEY:
        return looks_like_amount
    return _TESTS.get(field)


def _looks_like_code(cell: Cell) -> bool:
    text = cell_text(cell).strip()
    return 0 < len(text) <= _LONGEST_CODE and " " not in text and not text.islower()


def _looks_like_means(cell: Cell) -> bool:
    return not looks_like_amount(cell) and not looks_like_date(cell)


_TESTS: Final[Mapping[Field, Callable[[Cell], bool]]] = MappingProxyType(
    {
        Field.CUSTOMER_CODE: _looks_like_code,
        Field.REP_CODE: lambda cell: len(cell_text(cell)) <= _LONGEST_CODE * 2,
        Field.EMAIL: lambda cell: "@" in cell_text(cell),
        Field.PHONE: lambda cell: sum(c.isdigit() for c in cell_text(cell)) >= _LONGEST_CODE // 3,
        Field.CONTACT_NAME: lambda cell: (
            any(c.isalpha() for c in cell_text(cell)) and "@" not in cell_text(cell)
        ),
        Field.MEANS: _looks_like_means,
        Field.DOC_TYPE: _looks_like_means,
    }
)


def _assign(
    choices: list[Choice], given: dict[Field, tuple[int, ...]]
) -> dict[Field, tuple[int, ...]]:
    assigned = dict(given)
    taken = {index for indexes in given.values() for index in indexes}
    for choice in choices:
        if choice.at in taken or (choice.field in assigned and choice.field not in SEVERAL):
            continue
        if choice.field in given:
            continue
        assigned[choice.field] = (*assigned.get(choice.field, ()), choice.at)
        taken.add(choice.at)
    return assigned


def _ties(
    header: Header,
    choices: list[Choice],
    assigned: dict[Field, tuple[int, ...]],
    given: dict[Field, int],
) -> list[Question]:
    """Return the fields that two columns claim as clearly, the loser being nothing else."""
    taken = {index for indexes in assigned.values() for index in indexes}
    winners = {(c.field, c.at): c.tier for c in choices}
    rivals: dict[Field, list[int]] = {}
    for choice in choices:
        if choice.field not in _ASKED_WHEN_TIED or choice.field in given:
            continue
        winner = assigned.get(choice.field, (choice.at,))[0]
        if choice.at not in taken and winners.get((choice.field, winner)) == choice.tier:
            rivals.setdefault(choice.field, [winner]).append(choice.at)
    return [
        Question(QuestionKind.AMBIGUOUS_FIELD, field.value, tuple(header.names[i] for i in indexes))
        for field, indexes in rivals.items()
    ]


def _mapped_all(header: Header, assigned: Mapping[Field, tuple[int, ...]]) -> ColumnMap:
    return ColumnMap(
        MappingProxyType(
            {
                field: tuple(Column(i, header.names[i]) for i in indexes)
                for field, indexes in assigned.items()
            }
        )
    )


def _mapped(header: Header, given: Mapping[Field, int]) -> ColumnMap:
    return _mapped_all(header, {field: (index,) for field, index in given.items()})
