"""The list of what is not built yet stays true."""

from __future__ import annotations

from tests.house import tree


def test_what_is_built_is_no_longer_announced_as_missing() -> None:
    arrived = [place for place in tree.NOT_BUILT_YET if (tree.ROOT / place).exists()]
    assert not arrived, f"take out of NOT_BUILT_YET: {arrived}"


def test_every_room_has_sources() -> None:
    for room in tree.ROOMS:
        assert any(tree.short(path).startswith(f"{room}/") for path in tree.sources()), room


def test_every_room_of_the_bot_is_named_in_the_import_contracts() -> None:
    contracts = (tree.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rooms = {
        path.relative_to(tree.ROOT / "bot").parts[0].removesuffix(".py")
        for path in tree.sources()
        if tree.short(path).startswith("bot/")
    } - {"__init__", "__main__"}
    unnamed = [
        room
        for room in sorted(rooms)
        if f'"bot.{room}"' not in contracts
        and f"bot.{room} " not in contracts
        and f' bot.{room}"' not in contracts
    ]
    assert not unnamed, f"no contract of pyproject.toml speaks of {unnamed}"
