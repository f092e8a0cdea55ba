"""Nobody gets at an account of the first rep by typing, by a photo or by a document."""

from __future__ import annotations

import pytest

from bot.handlers import surface
from bot.handlers.registry import REGISTRY, CommandHandler
from bot.handlers.request import Attached, Incoming
from bot.screens import access as access_screens
from bot.screens.tap import VERBS, encode
from credit.people import Role
from tests.access import town
from tests.access.bench import Bench
from tests.access.taps import instances

surface.load()
COMMANDS = [(command, name) for command in REGISTRY.commands for name in command.names]
# What somebody may try: names, codes, numbers and ids of the first rep's, and worse.
HOSTILE = (
    "",
    "Zéphyr",
    "zephyr & fils",
    "ZSECRET",
    "SECR-777",
    "secr",
    "1",
    "-1",
    "99999999999999999999",
    "98765,43",
    "Confidentielle",
    town.PAYLOAD,
    "' or 1=1 --",
    "%",
    "_",
    "<b>x",
    "\u202ezéphyr",
    "x" * 4000,
    "oui",
    "1" * 300,
)
PHOTO = Incoming(901, "SECR-777", town.TODAY, photo=Attached("file", "unique", mime="image/jpeg"))
DOCUMENT = Incoming(
    902, "", town.TODAY, document=Attached("file", "unique", "zephyr.csv", "text/csv", 900)
)


def named(case: tuple[CommandHandler, str]) -> str:
    return case[1]


def strangers_line(bench: Bench) -> list[str]:
    return [access_screens.stranger(bench.desk.speaker("fr")).text]


@pytest.mark.parametrize("case", COMMANDS, ids=named)
def test_a_second_rep_gets_nothing_out_of_a_command(
    bench: Bench, case: tuple[CommandHandler, str]
) -> None:
    _, name = case
    for arguments in HOSTILE:
        seen = bench.command(town.SECOND, name, arguments)
        assert not town.leaks(seen.bodies, allowed=arguments), (arguments, seen.bodies)
        # a conversation of his own may begin, and an account file of what he typed
        own = {"opening_file", "opening_answer"}
        assert set(seen.changed) <= {"conversation", *own}, (arguments, seen.changed)
        others = (rows for table, rows in seen.changed.items() if table not in own)
        assert all("ZSECRET" not in row for rows in others for row in rows)


@pytest.mark.parametrize("case", COMMANDS, ids=named)
def test_a_command_of_another_role_is_refused(
    bench: Bench, case: tuple[CommandHandler, str]
) -> None:
    command, name = case
    people = {
        Role.REP: town.FIRST,
        Role.SALES_MANAGER: town.MANAGER,
        Role.CREDIT_MANAGER: town.CREDIT,
        Role.ADMIN: town.ADMIN,
    }
    for role, who in people.items():
        seen = bench.command(who, name, "")
        assert ("access.refused" in seen.events) == (role not in command.roles), role
        assert role in command.roles or not seen.changed


@pytest.mark.parametrize("who", [town.REVOKED, town.STRANGER], ids=["revoked", "stranger"])
@pytest.mark.parametrize("case", COMMANDS, ids=named)
def test_a_stranger_gets_one_polite_line(
    bench: Bench, case: tuple[CommandHandler, str], who: int
) -> None:
    for arguments in HOSTILE:
        seen = bench.command(who, case[1], arguments)
        assert seen.screens == strangers_line(bench)
        assert not seen.changed


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_typed_text_finds_nothing_of_the_first_reps(bench: Bench, text: str) -> None:
    for who in (town.SECOND, town.MANAGER):
        seen = bench.type(who, text)
        assert not town.leaks(seen.bodies, allowed=text), seen.bodies
        assert not seen.changed
    for who in (town.REVOKED, town.STRANGER):
        seen = bench.type(who, text)
        assert seen.screens == strangers_line(bench)
        assert not seen.changed


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_the_first_rep_types_is_answered(bench: Bench, text: str) -> None:
    """He is in the middle of a call: nothing he types may break it."""
    for who in (town.FIRST, town.CREDIT, town.ADMIN):
        assert bench.type(who, text).bodies


@pytest.mark.parametrize("incoming", [PHOTO, DOCUMENT], ids=["photo", "document"])
@pytest.mark.parametrize("who", [town.SECOND, town.MANAGER, town.REVOKED, town.STRANGER])
def test_a_file_reaches_nobody_elses_account(bench: Bench, incoming: Incoming, who: int) -> None:
    kind = "photo" if incoming.photo else "document"
    seen = bench.see(who, kind=kind, incoming=incoming)
    assert seen.bodies
    assert not town.leaks(seen.bodies, allowed="zephyr.csv SECR-777")
    assert not seen.changed


def test_a_stranger_is_answered_once_a_day(bench: Bench) -> None:
    """However much he writes and presses: forged buttons end his spinner and say nothing new."""
    taps = [encode(tap) for cls in VERBS.values() for tap in instances(cls, bench.ids)]
    with bench.forgotten():
        assert len(bench.carry(town.STRANGER, incoming=None)) == 1
        for data in taps:
            quiet = bench.carry(town.STRANGER, press=data, query_id="7", tapped=1)
            assert quiet == [
                {"method": "answerCallbackQuery", "params": {"callback_query_id": "7"}}
            ]


def test_an_invitation_that_was_used_opens_nothing(bench: Bench) -> None:
    for payload in (town.PAYLOAD, "", "x" * 64, "' or 1=1"):
        seen = bench.command(town.STRANGER, "start", payload)
        assert seen.screens == strangers_line(bench)
        assert not seen.changed


def test_revoking_takes_effect_at_the_next_tap(bench: Bench) -> None:
    from bot.use_cases import access
    from storage.events import Origin

    tap = next(instances(VERBS["al"], bench.ids)) if "al" in VERBS else None
    with bench.forgotten() as work:
        assert bench.carry(town.FIRST, incoming=None)
        access.revoke(work, Origin(None, None, town.NOW, "cli:x"), None, bench.ids.person)
        [body] = bench.carry(town.FIRST, press=encode(tap) if tap else "1zz", query_id="7")
        assert [body["params"]["text"]] == strangers_line(bench)
