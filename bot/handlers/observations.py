"""What was seen on visits, read again: the list, and each photo or voice note by a tap."""

from __future__ import annotations

from bot.handlers.registry import EVERYONE, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import observations as screens
from bot.screens.observations import ShowProof, ShowSeen
from bot.use_cases import accounts, observations_seen


@on_tap(ShowSeen, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def seen(request: Request, tap: ShowSeen) -> Answer:
    """List what was seen at a customer's."""
    account = accounts.load(request.work, tap.customer, request.now, request.rules)
    found = observations_seen.seen(
        request.work, request.person, tap.customer, request.now.today, request.rules
    )
    return Answer(screens.seen(request.speaker, account.customer, found))


@on_tap(
    ShowProof,
    roles=EVERYONE,
    customer=lambda work, tap: observations_seen.customer_of(work, tap.observation),
)
def proof(request: Request, tap: ShowProof) -> Answer:
    """Send a photo or a voice note again, below the list."""
    found = observations_seen.proof(
        request.work, request.person, tap.observation, tap.place, request.rules
    )
    return Answer(screens.proof(found), edit=False)
