"""A statement over every portfolio, or over those of a person: the same words, one more test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from storage.customers import OWNED
from storage.work import Work

Codes = frozenset[str] | None
"""The rep codes of some portfolios; None is all of them, nobody's customers included.

The code "" stands for the customers without a rep.
"""

MINE = OWNED.in_(bindparam("codes", expanding=True))
"""That a customer is of one of the portfolios asked for."""


Statement = Select[Any] | Select[*tuple[Any, ...]]


def as_it_is(statement: Statement) -> Statement:
    """Read every row."""
    return statement


def first_of_each(statement: Statement) -> Statement:
    """Read the rows whose `place`, which the statement counts, is not beyond the value `most`.

    In the order of places, then of customers and currencies.
    """
    placed = statement.subquery("placed")
    return (
        select(placed)
        .where(placed.c.place <= bindparam("most"))
        .order_by(placed.c.place, placed.c.customer_id, placed.c.currency)
    )


class Scoped:
    """Hold a statement that reads customers, in both its forms: a module constant.

    `narrow` says the same in words that are quicker for a few portfolios than for all; `kept`
    tells which of the rows are read, once the portfolios are known.
    """

    __slots__ = ("_all", "_some")

    def __init__(
        self,
        statement: Statement,
        *,
        narrow: Statement | None = None,
        kept: Callable[[Statement], Statement] = as_it_is,
    ) -> None:
        self._all = kept(statement)
        self._some = kept(narrowed(statement if narrow is None else narrow))

    def rows(self, work: Work, codes: Codes, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Read the rows of those portfolios; no code at all reads nothing."""
        if codes is None:
            return list(work.all(self._all, values or {}))
        return list(work.all(self._some, {**(values or {}), "codes": sorted(codes)}))

    def first(self, work: Work, codes: Codes, values: Mapping[str, Any]) -> Row[Any] | None:
        """Read the first row of those portfolios."""
        return next(iter(self.rows(work, codes, values)), None)


def narrowed(statement: Statement) -> Select[Any]:
    """Keep to the portfolios that the parameter `codes` names."""
    return statement.where(MINE)
