"""The study of a whole file before it is read: decimal marks, date orders, how many lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.sync.reading.amounts import Mark
from storage.sync.reading.dates import DateOrder
from storage.sync.reading.evidence import AmountEvidence, DateEvidence
from storage.sync.reading.fields import DATES, MONEY, Field
from storage.sync.reading.headers import Header
from storage.sync.reading.nothing_new import Evidence, NothingNew
from storage.sync.reading.questions import (
    DATE_ORDER,
    DECIMAL,
    ColumnMap,
    Question,
    QuestionKind,
)
from storage.sync.reading.sources import Source, below


@dataclass(slots=True)
class Study:
    """What the whole file proves."""

    amounts: dict[Field, AmountEvidence] = field(default_factory=dict)
    dates: dict[Field, DateEvidence] = field(default_factory=dict)
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Conventions:
    """How amounts and dates of each column are to be read."""

    marks: Mapping[Field, Mark | None]
    orders: Mapping[Field, DateOrder | None]
    questions: tuple[Question, ...]


def study(source: Source, header: Header, columns: ColumnMap) -> Study:
    """Weigh every amount and every date of the file, a stretch of lines at a time."""
    found = Study()
    found.amounts = {f: AmountEvidence() for f in MONEY if f in columns}
    found.dates = {f: DateEvidence() for f in DATES if f in columns}
    watched: list[tuple[int, Evidence]] = [
        *((columns.index(field), evidence) for field, evidence in found.amounts.items()),
        *((columns.index(field), evidence) for field, evidence in found.dates.items()),
    ]
    known = NothingNew(source.layout.separator or ";", watched)
    for stretch in below(source, header.line, known):
        found.lines += len(stretch.numbers)
        for index, evidence in watched:
            evidence.see(stretch.column(index))
        known.learn()
    return found


def conventions(found: Study, answers: Mapping[str, str], *, english: bool) -> Conventions:
    """Decide how each column is read, and what must be asked.

    A column that proves nothing follows the other columns of the file.
    """
    marks, amount_questions = _marks(found.amounts, answers.get(DECIMAL))
    orders, date_questions = _orders(found.dates, answers.get(DATE_ORDER), english=english)
    return Conventions(marks, orders, (*amount_questions, *date_questions))


def _marks(
    columns: Mapping[Field, AmountEvidence], answer: str | None
) -> tuple[dict[Field, Mark | None], list[Question]]:
    told = {"comma": Mark.COMMA, "point": Mark.POINT, ",": Mark.COMMA, ".": Mark.POINT}.get(
        (answer or "").strip().lower()
    )
    proven = {evidence.mark for evidence in columns.values()} - {None}
    common = proven.pop() if len(proven) == 1 else None
    marks: dict[Field, Mark | None] = {}
    unclear = False
    for name, evidence in columns.items():
        both = bool(evidence.commas and evidence.points)
        marks[name] = evidence.mark or (None if both else told or common)
        unclear |= bool(evidence.ambiguous) and marks[name] is None and not both
        if marks[name] is None and not evidence.ambiguous and not both:
            marks[name] = Mark.COMMA
    asked = Question(QuestionKind.AMBIGUOUS_DECIMAL, DECIMAL, ("comma", "point"))
    return marks, [asked] if unclear else []


def _orders(
    columns: Mapping[Field, DateEvidence], answer: str | None, *, english: bool
) -> tuple[dict[Field, DateOrder | None], list[Question]]:
    told = next((o for o in DateOrder if o.value == (answer or "").strip().lower()), None)
    proven = {evidence.order for evidence in columns.values()} - {None}
    contradictory = len(proven) > 1 or any(e.contradictory for e in columns.values())
    both = tuple(order.value for order in DateOrder)
    if contradictory and told is None:
        orders: dict[Field, DateOrder | None] = {
            name: None if e.contradictory or len(proven) > 1 else e.order
            for name, e in columns.items()
        }
        return orders, [Question(QuestionKind.CONTRADICTORY_DATES, DATE_ORDER, both)]
    if not proven and told is None and english and any(e.ambiguous for e in columns.values()):
        question = [Question(QuestionKind.AMBIGUOUS_DATES, DATE_ORDER, both)]
        return dict.fromkeys(columns, DateOrder.DAY_FIRST), question
    common = told if contradictory else (next(iter(proven), None) or told)
    return dict.fromkeys(columns, common or DateOrder.DAY_FIRST), []
