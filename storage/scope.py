"""A statement over every portfolio, or over those of a person: the same words, one more test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Select, bindparam

from storage.customers import OWNED
from storage.work import Work

Codes = frozenset[str] | None
"""The rep codes of some portfolios; None is all of them, nobody's customers included.

The code "" stands for the customers without a rep.
"""

MINE = OWNED.in_(bindparam("codes", expanding=True))
"""That a customer is of one of the portfolios asked for."""


class Scoped:
    """Hold a statement that reads customers, in both its forms: a module constant.

    `narrow` says the same in words that are quicker for a few portfolios than for all.
    """

    __slots__ = ("_all", "_some")

    def __init__(
        self,
        statement: Select[Any] | Select[*tuple[Any, ...]],
        *,
        narrow: Select[Any] | Select[*tuple[Any, ...]] | None = None,
    ) -> None:
        self._all = statement
        self._some = narrowed(statement if narrow is None else narrow)

    def rows(self, work: Work, codes: Codes, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Read the rows of those portfolios; no code at all reads nothing."""
        if codes is None:
            return list(work.all(self._all, values or {}))
        return list(work.all(self._some, {**(values or {}), "codes": sorted(codes)}))

    def first(self, work: Work, codes: Codes, values: Mapping[str, Any]) -> Row[Any] | None:
        """Read the first row of those portfolios."""
        return next(iter(self.rows(work, codes, values)), None)


def narrowed(statement: Select[Any] | Select[*tuple[Any, ...]]) -> Select[Any]:
    """Keep to the portfolios that the parameter `codes` names."""
    return statement.where(MINE)
