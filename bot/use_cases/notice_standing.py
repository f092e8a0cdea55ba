"""Where the written notices of a customer stand: which were sent, and what is still unpaid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storage import formal_notices
from storage.formal_notices import FORMAL, SUSPENSION

if TYPE_CHECKING:
    from bot.use_cases.accounts import Account
    from credit.money import Money
    from storage.work import Work


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it stands: its row, what it claims per currency, whether any is still owed."""

    row: Any
    amounts: tuple[Money, ...]
    unpaid: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the written notices of a customer stand; the newest of each kind, if any."""

    account: Account
    notices: tuple[Notice, ...]

    def sent(self, kind: str) -> Notice | None:
        """Return the newest notice of a kind that was sent and is unpaid."""
        return next(
            (n for n in self.notices if n.row.kind == kind and n.row.sent_on and n.unpaid), None
        )

    @property
    def blocks(self) -> bool:
        """Tell whether a formal notice was sent and is unpaid (B08)."""
        return self.sent(FORMAL) is not None

    @property
    def told(self) -> bool:
        """Tell whether the customer was told in writing that deliveries stop."""
        return self.sent(SUSPENSION) is not None


def standing(work: Work, account: Account) -> Standing:
    """Read the notices of a customer, the newest first, and which are still unpaid."""
    rows = formal_notices.of(work, account.customer.id)
    left = formal_notices.unpaid(work, sorted({int(one) for row in rows for one in row.items}))
    notices = tuple(
        Notice(
            row,
            formal_notices.in_all_currencies(row),
            any(int(one) in left for one in row.items),
        )
        for row in rows
    )
    return Standing(account, notices)
