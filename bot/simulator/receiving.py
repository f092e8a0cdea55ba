"""The Bot API methods that fetch updates: long polling and the webhook's settings."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from urllib.parse import urlsplit

from bot.simulator.errors import bad_request, conflict, too_many_requests
from bot.simulator.params import Params
from bot.simulator.updates import Updates
from bot.simulator.values import JsonObject
from bot.simulator.world import World

LONGEST_POLL = 50
MOST_UPDATES = 100
MOST_CONNECTIONS = 100
LONGEST_SECRET = 256
_PORTS = (443, 80, 88, 8443)
_REPEATED_CONFLICT_SECONDS = 10.0
_CONFLICT_DELAY = 3.0
_HURRIED_SECONDS = 0.5
_RESTED_SECONDS = 3.0
_TWO_POLLERS = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
_WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


async def get_updates(world: World, params: Params) -> object:
    """Return the updates from `offset` on, waiting for one up to `timeout` seconds."""
    if world.webhook.url:
        raise conflict(_WEBHOOK_ACTIVE)
    updates, offset = world.updates, params.integer("offset")
    _remember_allowed(updates, params)
    await _take_over(world)
    updates.confirm(offset)
    limit = params.integer("limit", MOST_UPDATES)
    limit = limit if 1 <= limit <= MOST_UPDATES else MOST_UPDATES
    timeout = float(min(max(params.integer("timeout"), 0), LONGEST_POLL))
    limit, timeout = _paced(world, offset, limit, timeout)
    deadline = asyncio.get_running_loop().time() + timeout
    while not updates.pending():
        remaining = deadline - asyncio.get_running_loop().time()
        if remaining <= 0:
            break
        await updates.wait(remaining)
    world.polling.offset, world.polling.finished_at = offset, world.now()
    return [update.as_json() for update in updates.pending()[:limit]]


def _paced(world: World, offset: int, limit: int, timeout: float) -> tuple[int, float]:
    """Slow down a caller that repeats its offset, as the server does."""
    rested = world.now() - world.polling.finished_at
    if offset != world.polling.offset or not world.pace_polling:
        return limit, timeout
    if rested < _HURRIED_SECONDS:
        limit = 1
    if rested < _RESTED_SECONDS:
        timeout = max(timeout, _RESTED_SECONDS)
    return limit, timeout


async def _take_over(world: World) -> None:
    """End the wait of another poller; a conflict that repeats is answered late."""
    updates = world.updates
    if updates.poll is None or updates.poll.done():
        return
    now = world.now()
    repeated = now - world.polling.conflict_at < _REPEATED_CONFLICT_SECONDS
    world.polling.conflict_at = now
    updates.end_poll(conflict(_TWO_POLLERS))
    if repeated and world.pace_polling:
        await asyncio.sleep(_CONFLICT_DELAY)


def _remember_allowed(updates: Updates, params: Params) -> None:
    raw = params.json("allowed_updates", "can't parse allowed updates JSON object")
    if raw is None:
        return
    if not isinstance(raw, list):
        raise bad_request("expected an Array of allowed update types")
    updates.allowed = [str(kind) for kind in raw]


def set_webhook(world: World, params: Params) -> object:
    """Send updates to an address from now on; an empty one goes back to polling."""
    url = params.text("url").strip()
    if not url:
        return delete_webhook(world, params)
    _check_url(url, local=world.local_webhooks)
    secret = params.text("secret_token")
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]+", secret):
        raise bad_request("secret token contains unallowed characters")
    now = world.now()
    if now - world.polling.webhook_set_at < 1:
        raise too_many_requests(1)
    world.polling.webhook_set_at = now
    _remember_allowed(world.updates, params)
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.updates.end_poll(conflict("terminated by setWebhook request"))
    state = world.webhook
    state.url, state.secret = url, secret
    connections = params.integer("max_connections", 40)
    state.max_connections = min(max(connections, 1), MOST_CONNECTIONS)
    state.last_error, state.last_error_date = "", 0
    world.webhook_changed()
    return True


def _check_url(url: str, *, local: bool) -> None:
    """Allow HTTPS on Telegram's ports, and any loopback address as a local server does."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise bad_request("bad webhook: invalid URL") from None
    if local and parts.scheme in ("http", "https") and _is_loopback(host):
        return
    if parts.scheme != "https" or not host:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in (None, *_PORTS):
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def delete_webhook(world: World, params: Params) -> object:
    """Go back to polling; the updates stay unless drop_pending_updates."""
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    world.webhook.url, world.webhook.secret = "", ""
    world.webhook_changed()
    return True


def get_webhook_info(world: World, _params: Params) -> object:
    """Return the webhook in force and its last failure."""
    state = world.webhook
    shown: JsonObject = {
        "url": state.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending()),
    }
    if state.url:
        shown["max_connections"] = state.max_connections
    if world.updates.allowed:
        shown["allowed_updates"] = world.updates.allowed
    if state.last_error:
        shown["last_error_date"] = state.last_error_date
        shown["last_error_message"] = state.last_error
    return shown
