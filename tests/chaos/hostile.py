"""Updates as nobody should send them: fields wrong, missing, huge; callback data forged."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from hypothesis import strategies as st

from bot.handlers import surface
from bot.screens.tap import SCHEMA, VERBS
from tests.bot.handlers.test_counter import PRIVATE, WRITER, a_membership, a_message, a_press

Json = Any
Path = tuple[str | int, ...]
HUGE = 10**30
COMMANDS = ("/start x", "/aide", "/balance", "/aujourdhui", "/inviter", "/fiche a", "/reprendre")
WORDS = (
    "",
    "\x00",
    "\ud800",
    "A" * 70_000,
    "<b>",
    "&" * 5000,
    "'; drop table promise; --",
    "\u202e\u0661",
)

surface.load()


def whole() -> list[dict[str, Json]]:
    """Return one good update of each shape that the product listens to."""
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    document = {"file_id": "f", "file_unique_id": "u", "file_name": "encours.csv"}
    return [
        *({"message": a_message(text)} for text in ("bonjour", *COMMANDS)),
        {"message": a_message(None, photo=photo, caption="x")},
        {"message": a_message(None, document=document)},
        {"message": a_message("x", reply_to_message=a_message("y"))},
        {"callback_query": a_press("1x.1")},
        {"my_chat_member": a_membership("kicked")},
        {"my_chat_member": a_membership("member")},
        {"edited_message": a_message("corrigé")},
        {"channel_post": {**a_message("x"), "chat": {**PRIVATE, "type": "channel"}}},
        {"poll": {"id": "1"}},
        {"message": a_message("x", contact={"phone_number": "+33", "first_name": WRITER["id"]})},
    ]


def anything() -> st.SearchStrategy[Json]:
    """Draw any JSON value, huge and broken ones often."""
    plain = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.sampled_from([HUGE, -HUGE, 2**63, -(2**63) - 1, 0, 1e308, *WORDS])
        | st.text(max_size=20)
    )
    return st.recursive(
        plain,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=6,
    )


def forged() -> st.SearchStrategy[str]:
    """Draw callback data: of real verbs with wrong values, with too many, or none of ours."""
    part = st.sampled_from(["", "0", "1", "2", "zzzzzzzzzzz", "-1", "x" * 40]) | st.text(max_size=6)
    real = st.sampled_from(sorted(VERBS)).flatmap(
        lambda name: st.lists(
            part, min_size=len(fields(VERBS[name])), max_size=len(fields(VERBS[name]))
        ).map(lambda parts: SCHEMA + ".".join((name, *parts)))
    )
    return real | st.text(max_size=70)


@st.composite
def updates(draw: st.DrawFn) -> dict[str, Json]:
    """Draw an update: a good one, spoiled in up to three places, or a press with forged data."""
    if draw(st.integers(0, 3)) == 0:
        return {"callback_query": a_press(draw(forged()))}
    found = copy.deepcopy(draw(st.sampled_from(whole())))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(places(found), key=str) or [()]))
        if path:
            _spoil(found, path, draw(st.none() | anything().map(lambda value: [value])))
    return found


def places(value: Json, before: Path = ()) -> Iterator[Path]:
    """Yield where every field of a JSON value is."""
    pairs: Any = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, inner in pairs:
        yield (*before, key)
        yield from places(inner, (*before, key))


def _spoil(update: Json, path: Path, wrong: list[Json] | None) -> None:
    """Put a wrong value in a place, or take the field away."""
    *way, last = path
    for key in way:
        update = update[key]
    if wrong is None:
        del update[last]
    else:
        update[last] = wrong[0]
