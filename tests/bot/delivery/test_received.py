"""What is read of an update to store it, and which updates are set aside at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.received import received
from tests.bot.delivery.office import LEA

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
SENT = {"date": 1_790_000_000, "chat": {"id": LEA, "type": "private"}}
NUMBERS = st.integers() | st.none() | st.booleans() | st.text() | st.floats()


@given(number=NUMBERS, extra=st.dictionaries(st.text(), JSON, max_size=4))
def test_whatever_comes_becomes_a_row_that_any_database_can_keep(number: Any, extra: Any) -> None:
    row = received({**extra, "update_id": number})
    assert row.body.encode()
    assert "\0" not in json.dumps(json.loads(row.body), ensure_ascii=False)
    assert "\\u0000" not in json.dumps(json.loads(row.body)).replace("\\\\", "")
    assert -(2**63) <= row.update_id < 2**63
    assert -(2**63) <= row.sender < 2**63
    usable = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63
    assert (row.update_id == number) if usable else (row.update_id < 0 and row.error is not None)


def test_what_is_nested_too_deeply_to_write_down_is_parked() -> None:
    deep: dict[str, Any] = {}
    inner = deep
    for _ in range(100_000):
        inner["x"] = {}
        inner = inner["x"]
    row = received({"update_id": 5, "message": deep})
    assert row.update_id == 5
    assert row.error == "nested too deeply"


@pytest.mark.parametrize(
    ("update", "wrong"),
    [
        ({"message": []}, "message"),
        ({"message": {**SENT, "from": {"id": []}}}, "message.from.id"),
        ({"message": {**SENT, "chat": {"id": {}}}}, "message.chat.id"),
        ({"message": {"date": 10**30}}, "message.date"),
        ({"message": {**SENT, "text": ["a"]}}, "message.text"),
        (
            {"message": {**SENT, "photo": [{"file_id": "f"}, {"file_id": 7}]}},
            "message.photo.file_id",
        ),
        ({"message": {**SENT, "photo": "f"}}, "message.photo"),
        ({"message": {**SENT, "entities": [{"length": "3"}]}}, "message.entities.length"),
        ({"message": {**SENT, "document": {"file_size": 2**70}}}, "message.document.file_size"),
        ({"callback_query": {"data": ["a"]}}, "callback_query.data"),
        ({"callback_query": {"message": {"chat": 5}}}, "callback_query.message.chat"),
        (
            {"my_chat_member": {"chat": {"id": 5}, "new_chat_member": {"status": {}}}},
            "new_chat_member.status",
        ),
        ({"message": {"date": 1_790_000_000, "text": "a"}}, "message.chat"),
        ({"message": {**SENT, "date": None}}, "message.date"),
        ({"edited_message": {**SENT, "chat": None}}, "edited_message.chat"),
        ({"channel_post": {}}, "channel_post.date"),
        ({"my_chat_member": {"new_chat_member": {"status": "kicked"}}}, "my_chat_member.chat"),
        ({"my_chat_member": {"chat": {"id": 5}}}, "my_chat_member.new_chat_member"),
    ],
)
def test_a_field_that_is_wrong_or_missing_parks_its_update_at_once(update: Any, wrong: str) -> None:
    error = received({"update_id": 1, **update}).error
    assert error is not None
    assert error.endswith(wrong)


@pytest.mark.parametrize(
    "update",
    [
        {"message": {**SENT, "text": None, "photo": [], "from": {"id": 4}}},
        {"callback_query": {"id": "1", "from": {"id": 2**70}, "message": None}},
        {"poll": {"id": ["3"]}},
        {},
    ],
)
def test_what_is_missing_or_of_no_interest_parks_nothing(update: Any) -> None:
    assert received({"update_id": 1, **update}).error is None


@pytest.mark.parametrize(
    ("update", "sender"),
    [
        ({"message": {"from": {"id": 4}, "chat": {"id": -9}}}, 4),
        ({"callback_query": {"id": "1", "from": {"id": 5}, "message": {"chat": {"id": 8}}}}, 5),
        ({"my_chat_member": {"chat": {"id": 6}, "from": {"id": 6}}}, 6),
        ({"channel_post": {"chat": {"id": -7}}}, -7),
        ({"poll": {"id": "3"}}, 0),
        ({"message": {"from": {"id": 2**80}}}, 0),
    ],
)
def test_the_order_that_an_update_keeps_is_its_senders(update: Any, sender: int) -> None:
    assert received({"update_id": 1, **update}).sender == sender


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\0b", "a\ufffdb"), ("\\u0000", "\\u0000"), ("\\\0", "\\\ufffd"), ("😀\udc00", "😀\ufffd")],
)
def test_only_what_no_database_keeps_is_replaced(text: str, kept: str) -> None:
    assert json.loads(received({"update_id": 1, "t": text}).body)["t"] == kept
