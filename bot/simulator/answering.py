"""The answer to a press: once, and soon."""

from __future__ import annotations

from bot.simulator.errors import bad_request
from bot.simulator.params import Params
from bot.simulator.utf16 import utf16_length
from bot.simulator.values import JsonObject
from bot.simulator.world import World

ANSWER_SECONDS = 30.0
LONGEST_ANSWER = 200
_KEPT_ANSWERS = 50
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(world: World, params: Params) -> object:
    """End the spinner of a press, with a toast or an alert of at most 200 characters.

    Telegram documents no validity; 30 s is the generous end of what is observed.
    """
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or press.answered or world.now() - press.pressed_at > ANSWER_SECONDS:
        raise bad_request(_TOO_OLD)
    text = params.text("text")
    if utf16_length(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answered = True
    answer: JsonObject = {"query": press.id, "text": text, "alert": params.flag("show_alert")}
    person = world.people[press.person_id]
    person.answers = [*person.answers, answer][-_KEPT_ANSWERS:]
    world.hub.publish(press.person_id, "answered", {"query": press.id})
    if text:
        toast = {"text": text, "alert": answer["alert"]}
        world.hub.publish(press.person_id, "toast", toast)
    return True
