"""The HTTP face of tests: faults, limits, time, and what arrived at the far end.

All answers are JSON; POST wants `Content-Type: application/json`; a refused order is
`{"error": reason}` with code 400.

`POST /chat/faults` `{"faults": [Fault], "seed": 0, "add": false, "reset": false}` gives orders in
the place of those that wait (`add`: after them); `reset` zeroes the counts. It answers as GET.

`GET /chat/faults` -> `{"seed", "faults": [orders that still wait, with "struck"], "injected":
[{"method" (lower case), "chat_id" (0: none), "kind", "done", "count"}], "total"}`. `injected`
never forgets, except by `reset`; `done` tells whether the struck calls were carried out.

A Fault is `{"method", "kind" | "script", ...}`; the first order that fits a call decides:

- `method`: a Bot API method in any case, a pattern (`send*`, `*`), or `webhook` for deliveries
  of updates, which no pattern names.
- `kind`: one of these, or a list of them, from which the seed draws one for each call.
  Not carried out: `429` (with `retry_after`, default 1), `500`, `502` (HTML page), `garbage`
  (200, not JSON), `drop` (connection reset), `hang` (nothing until the caller hangs up).
  Carried out: `half` (half the body, then cut), `lost_answer` (connection cut with no answer),
  `slow` (answered after `seconds`, 1.5), `late` (carried out after `seconds`, 1.5, even when the
  caller has hung up before).
- `done`: true or false turns `500`, `502`, `garbage`, `drop`, `hang`, `half` into the other case.
- `script`: the fates of successive calls, kinds or `"ok"`: `["ok", "429", "lost_answer"]`.
- `chat`: only calls about this chat (an answer to a press belongs to the chat of the press).
- `each_chat`: count, skip and script run for every chat apart; such an order stays.
- `skip`: let so many calls through first. `count`: strikes before the order is spent (1; 0 has no
  end). `rate`: strike this share of the calls, by the seed: the fate of the n-th call of a method
  to a chat depends on the seed and the place of the order alone, not on what other chats do;
  with a rate, `count` is 0 by default.
- `seconds`: of `slow`, `late`, and of `hang` before the connection is cut anyway (3600).

For `webhook`, a fault that is not done (any) keeps the update from being posted and counts as a
failed attempt; a done one (`lost_answer`, `half`, `done: true`) posts it and ignores the answer:
the update comes twice. `slow` and `late` post after `seconds`.

`GET /chat/deliveries?after=N&chat=ID&limit=10000` -> `{"seq", "more", "deliveries": [{"seq", "at",
"what": "sent"|"edited"|"deleted"|"received", "chat_id", "message_id", "text", "media", "file",
"buttons": [label], "silent"}]}`: every change of every chat since the start, in order, nothing
forgotten; go on with `after=seq` while `more`. `received` is what people wrote.

`GET /chat/counts` -> `{"chats": {"<id>": {"sent", "edited", "deleted", "received"}}, "calls":
{"<method, lower case>": {"ok", "refused", "struck"}}, "faults": total, "updates_waiting"}`.

`GET /chat/log?after=N` -> `{"calls": [{"n", "at", "method", "chat_id", "ok", "error", "fault",
"params"}]}`: the last 20,000 calls. A call that a fault kept from being carried out has `ok` false
and error `fault: <kind>`; one that was carried out and spoiled has its own result and `fault`.

`POST /chat/limits` `{"enforce", "overall", "overall_burst", "per_chat", "burst",
"per_group_minute", "penalty"}`, each optional, refills every bucket and answers with all of them.
Rates are a second; `overall_burst` 0 means as many as `overall`. In any second at most rate +
burst pass: `overall_burst` 1 and `burst` 1 space the sends evenly. `penalty`: an overshoot closes
the bucket until its `retry_after` is over.

`POST /chat/updates` `{"times": N, "update": {"message": ...}}`, each optional -> `{"times",
"waiting"}`: with `times`, every update from now on is brought so often, whatever the bot confirms;
`update` is brought as it is, sound or not, under the next number.

`POST /chat/clock` `{"advance": seconds}` -> `{"now"}`: the server's time, forward only.
"""

from __future__ import annotations

from aiohttp import web

from bot.simulator import fault_orders
from bot.simulator.chat_fields import query_number, read_fields
from bot.simulator.errors import ChatError
from bot.simulator.ledger import MOST_AT_ONCE
from bot.simulator.values import JsonObject
from bot.simulator.world import World


class ControlApi:
    """The routes of tests over a world."""

    def __init__(self, world: World) -> None:
        """Serve this world."""
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes."""
        return [
            web.post("/chat/faults", self._order_faults),
            web.get("/chat/faults", self._faults),
            web.get("/chat/deliveries", self._deliveries),
            web.get("/chat/counts", self._counts),
            web.get("/chat/log", self._log),
            web.post("/chat/limits", self._limits),
            web.post("/chat/updates", self._bring),
            web.post("/chat/clock", self._clock),
        ]

    async def _order_faults(self, request: web.Request) -> web.Response:
        fault_orders.order(self._world.faults, (await read_fields(request)).values)
        return web.json_response(self._world.faults.as_json())

    async def _faults(self, _request: web.Request) -> web.Response:
        return web.json_response(self._world.faults.as_json())

    async def _deliveries(self, request: web.Request) -> web.Response:
        after, limit = query_number(request, "after") or 0, query_number(request, "limit")
        chat = query_number(request, "chat")
        wanted = MOST_AT_ONCE if limit is None else min(max(limit, 1), MOST_AT_ONCE)
        return web.json_response(self._world.ledger.after(after, chat, wanted))

    async def _counts(self, _request: web.Request) -> web.Response:
        world = self._world
        counts: JsonObject = {
            "chats": world.ledger.counts(),
            "calls": world.log.counts(),
            "faults": sum(world.faults.injected.values()),
            "updates_waiting": len(world.updates.pending()),
        }
        return web.json_response(counts)

    async def _log(self, request: web.Request) -> web.Response:
        after = query_number(request, "after") or 0
        return web.json_response({"calls": self._world.log.after(after)})

    async def _limits(self, request: web.Request) -> web.Response:
        return web.json_response(self._world.limits.configure((await read_fields(request)).values))

    async def _bring(self, request: web.Request) -> web.Response:
        fields, updates = await read_fields(request), self._world.updates
        times, raw = fields.number("times"), fields.values.get("update")
        if times is not None and times < 1:
            raise ChatError(400, "times must be 1 or more")
        if raw is not None and (not isinstance(raw, dict) or len(raw) != 1):
            raise ChatError(400, "update must be an object with one field, its kind")
        updates.times = times or updates.times
        for kind, payload in (raw or {}).items():
            updates.push(kind, payload, 0)
        return web.json_response({"times": updates.times, "waiting": len(updates.pending())})

    async def _clock(self, request: web.Request) -> web.Response:
        """Move the server's time forward by `advance` seconds."""
        seconds = (await read_fields(request)).number("advance") or 0
        if seconds < 0:
            raise ChatError(400, "time only goes forward")
        self._world.shift += seconds
        return web.json_response({"now": self._world.now()})
