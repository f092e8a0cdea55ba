"""What the replies of the Bot API mean."""

from __future__ import annotations

import pytest

from bot.delivery.api import Reply
from bot.delivery.request import Request, request_of
from bot.delivery.verdict import Verdict, judge
from bot.screens.posting import working

EDIT = Request("editMessageText", {"text": "x", "parse_mode": "HTML"}, fallback=True)


@pytest.mark.parametrize(
    ("code", "said", "verdict"),
    [
        (200, "", Verdict.SENT),
        (400, "Bad Request: message is not modified: specified new message", Verdict.SENT),
        (400, "Message is not modified", Verdict.SENT),
        (400, "Bad Request: message to delete not found", Verdict.SENT),
        (400, "Bad Request: message to edit not found", Verdict.AS_NEW),
        (400, "Bad Request: message can't be edited", Verdict.AS_NEW),
        (400, "Bad Request: there is no text in the message to edit", Verdict.AS_NEW),
        (400, "Bad Request: can't parse entities: Unclosed start tag", Verdict.AS_PLAIN),
        (400, "Bad Request: chat not found", Verdict.FAILED),
        (400, "Bad Request: message is too long", Verdict.FAILED),
        (400, "", Verdict.FAILED),
        (401, "Unauthorized", Verdict.NO_BOT),
        (404, "Not Found", Verdict.NO_BOT),
        (404, "Not Found: method not found", Verdict.FAILED),
        (403, "Forbidden: bot was blocked by the user", Verdict.UNREACHABLE),
        (403, "Forbidden: user is deactivated", Verdict.UNREACHABLE),
        (429, "Too Many Requests: retry after 3", Verdict.LATER),
        (500, "Internal Server Error", Verdict.DOUBTFUL),
        (502, "Bad Gateway", Verdict.DOUBTFUL),
    ],
)
def test_a_reply_is_classed(code: int, said: str, verdict: Verdict) -> None:
    assert judge(EDIT, Reply(code, description=said)) is verdict


def test_an_edit_without_a_fallback_is_gone_with_its_message_a_plain_text_is_refused() -> None:
    plain = Request("editMessageText", {"text": "x"})
    assert judge(plain, Reply(400, description="message to edit not found")) is Verdict.GONE
    assert judge(plain, Reply(400, description="can't parse entities")) is Verdict.FAILED


def test_the_sign_that_something_is_being_written_may_be_given_twice() -> None:
    assert request_of(working(7)).repeatable
    assert not Request("sendMessage", {"text": "x"}).repeatable


def test_the_shape_that_replaces_an_edit_keeps_its_words_and_buttons() -> None:
    body = {
        "method": "editMessageText",
        "params": {"chat_id": 1, "message_id": 5, "text": "x", "reply_markup": {}},
        "bind": [{"what": "card"}],
        "fallback": True,
    }
    request = request_of(body)
    assert request.repeatable
    new = request.as_new_message(1)
    assert not new.repeatable
    assert not new.fallback
    assert new.params == {"chat_id": 1, "text": "x", "reply_markup": {}}
    assert new.binds == ({"what": "card"},)


def test_the_words_of_a_toast_that_comes_too_late_go_as_a_message() -> None:
    late = Reply(400, description="Bad Request: query is too old and response timeout expired")
    params = {"callback_query_id": "7", "text": "Bouton dépassé", "show_alert": True}
    toast = request_of({"method": "answerCallbackQuery", "params": params})
    assert judge(toast, late) is Verdict.AS_NEW
    new = toast.as_new_message(9)
    assert (new.method, new.params) == ("sendMessage", {"chat_id": 9, "text": "Bouton dépassé"})
    silent = request_of({"method": "answerCallbackQuery", "params": {"callback_query_id": "7"}})
    assert judge(silent, late) is Verdict.SENT


def test_plain_text_keeps_what_only_looks_like_a_tag() -> None:
    params = {"text": "<b>A</b> &lt;c&gt; 3 < 4 <a href='x'>y", "parse_mode": "HTML"}
    assert Request("sendMessage", params).as_plain_text().params == {"text": "A <c> 3 < 4 y"}


@pytest.mark.parametrize(
    "body",
    [
        {"method": "sendVoice", "params": {}, "file": {"content_base64": "eA=="}},
        {"method": "sendDocument", "params": {}, "file": {"content_base64": "é"}},
        {"method": "sendMessage", "params": 3},
    ],
)
def test_a_body_that_cannot_be_posted_is_refused(body: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        request_of(body)
