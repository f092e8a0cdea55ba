"""The study of a whole file before it is read: decimal marks, date orders, how many lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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


class Study:
    """What the lines of a file prove of its columns."""

    def __init__(self, columns: ColumnMap) -> None:
        """Watch every column of amounts and of dates."""
        self.amounts = {f: AmountEvidence() for f in MONEY if f in columns}
        self.dates = {f: DateEvidence() for f in DATES if f in columns}
        self.lines = 0
        self._watched: list[tuple[int, Evidence]] = [
            *((columns.index(field), evidence) for field, evidence in self.amounts.items()),
            *((columns.index(field), evidence) for field, evidence in self.dates.items()),
        ]

    def weigh(self, source: Source, line: int) -> None:
        """Weigh every amount and every date below a line, a stretch of lines at a time."""
        known = NothingNew(source.layout.separator or ";", self._watched)
        for stretch in below(source, line, known):
            self.lines += len(stretch.numbers)
            for index, evidence in self._watched:
                evidence.see(stretch.column(index))
            known.learn()


@dataclass(frozen=True, slots=True)
class Conventions:
    """How amounts and dates of each column are to be read."""

    marks: Mapping[Field, Mark | None]
    orders: Mapping[Field, DateOrder | None]
    questions: tuple[Question, ...]


def study(source: Source, header: Header, columns: ColumnMap) -> Study:
    """Weigh the whole file."""
    found = Study(columns)
    found.weigh(source, header.line)
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
