"""What a tap orders and the sender makes when its turn has come: a chart, a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from storage import outbox

if TYPE_CHECKING:
    from bot.handlers.request import Request


def order(request: Request, facts: Mapping[str, Any], *, kind: str, aside: bool = False) -> None:
    """Put it in the outbox as facts, once for each tap: nothing is drawn in its transaction.

    `aside`: let a process of its own make it (`storage.outbox.ASIDE`).
    """
    outbox.post(
        request.work,
        kind=kind,
        person_id=request.person.id,
        chat_id=request.chat_id,
        body={**facts, outbox.ASIDE: True} if aside else facts,
        priority=outbox.Priority.ALERT,
        at=request.now,
        dedupe=f"{kind}:{request.origin.update_id}",
        ready=False,
    )
