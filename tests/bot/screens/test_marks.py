"""A rep code in a button: read back from it, or told apart; nothing forged is read as one."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.screens.access import InviteFor
from bot.screens.marks import code_in, digest_of, mark_of
from bot.screens.tap import decode, encode
from bot.screens.uploads import AssignTo
from credit.people import Role

CODES = st.text(st.characters(codec="utf-8"), max_size=60)


@given(CODES)
@example("R0001")
@example("é" * 14 + "x")  # 29 bytes
@example("é" * 15)
@example("Nord\u00a0A")
def test_a_button_holds_every_code_and_gives_back_those_that_are_spelled(code: str) -> None:
    mark = mark_of(code)
    for tap in (AssignTo(2**53 - 1, mark), InviteFor(max(Role, key=len).value, mark)):
        assert decode(encode(tap)) == tap
    spelled = len(code.encode()) <= 29 and code.isprintable()
    assert code_in(mark) == (code if spelled else None)
    assert spelled or mark == digest_of(code)
    assert code_in(digest_of(code)) is None


@given(st.text("-_AZaz09+/=", max_size=40), st.booleans())
def test_a_mark_that_we_did_not_write_is_read_as_no_code(text: str, dashed: bool) -> None:
    mark = f"-{text}" if dashed else text
    code = code_in(mark)
    assert code is None or mark_of(code) == mark


@pytest.mark.parametrize("code", ["\0", "R\n1", "\x1b[0m", "x" * 30])
def test_what_is_not_seen_or_too_long_is_never_read_from_a_mark(code: str) -> None:
    assert code_in("-" + urlsafe_b64encode(code.encode()).decode().rstrip("=")) is None
