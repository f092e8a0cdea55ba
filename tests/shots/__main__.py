"""Play the demo and take the pictures of the README: `python -m tests.shots`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.demo.exports import TODAYS_OPEN
from bot.simulator.client import Chat, Shown
from tests.browser.chromium import ChromiumMissing, launch_options
from tests.shots.camera import Camera, office_zone, too_large
from tests.shots.scenes import (
    ACCOUNT,
    BERNARD,
    BROADCAST,
    CALL,
    CAMILLE,
    CREDIT,
    DISPUTE,
    EN,
    FR,
    GATHERED,
    IN_ENGLISH,
    JAMES,
    LIT,
    READERS,
    RULING,
    SETTINGS,
    VISIT,
    WHY,
    Step,
)
from tests.shots.stage import Player, corrected, demo

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
LANGUAGES = {"fr": FR, "en": EN}


def main() -> int:
    """Take every picture; 1 when one is too heavy or there is no browser."""
    try:
        options = launch_options()
    except ChromiumMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="relance-shots-") as folder,
        demo(Path(folder) / "demo") as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**options)
        camera = Camera(browser, url, IMAGES, office_zone())
        taken = _all(camera, Chat(url), Path(folder) / "demo")
        browser.close()
    for path in taken:
        print(f"{path.stat().st_size // 1000:>5} kB  {path.name}")
    heavy = too_large(taken)
    if heavy:
        print(f"too heavy: {', '.join(heavy)}", file=sys.stderr)
    return int(bool(heavy))


def _all(camera: Camera, chat: Chat, folder: Path) -> list[Path]:
    taken: list[Path] = []
    for language, user in READERS.items():
        player = Player(chat, user, LANGUAGES[language])
        # the digest comes last in the morning: after it no card moves further down
        taken += _digest(camera, player, language)
        taken += _alert(camera, player, language)
        taken += _scene(camera, player, WHY, language, player.card(LIT[player.language]))
        taken += _scene(camera, player, CREDIT, language)
        taken += _scene(camera, player, VISIT, language)
        taken += _gathered(camera, player, language)
        card = player.card(ACCOUNT[player.language])
        taken += _scene(camera, player, CALL, language, card)
        taken += _scene(camera, player, DISPUTE, language)
    bernard = Player(chat, BERNARD, FR)
    todays = folder / "examples" / TODAYS_OPEN
    taken += _import(camera, bernard, todays, "fr")
    taken.append(camera.shoot("two-people", (CAMILLE, JAMES)))
    for language, user in READERS.items():
        taken += _scene(camera, Player(chat, user, LANGUAGES[language]), SETTINGS, language)
    taken += _scene(camera, bernard, RULING, "fr")
    taken += _broadcast(camera, chat, bernard, "fr")
    bernard = _in_english(chat)
    taken += _import(camera, bernard, corrected(todays), "en")
    taken += _scene(camera, bernard, RULING, "en")
    taken += _broadcast(camera, chat, bernard, "en")
    return taken


def _in_english(chat: Chat) -> Player:
    """Let the credit manager change his telephone and his bot to English."""
    people = chat.state()["people"]
    known = next(one for one in people if one["id"] == BERNARD) if isinstance(people, list) else {}
    names = ("id", "first_name", "last_name", "username", "role")
    chat.add_person(**{**{name: known[name] for name in names}, "language_code": "en"})
    player = Player(chat, BERNARD, EN)
    for step in IN_ENGLISH:
        player.play(step, None)
    return player


def _alert(camera: Camera, player: Player, language: str) -> list[Path]:
    name = ACCOUNT[player.language]
    card = player.card(name)
    user = player.person.id
    names = {"light": f"alert-{language}", "dark": f"alert-dark-{language}"}
    return [
        camera.shoot(name, (user,), card.id, language=language, theme=theme)
        for theme, name in names.items()
    ]


def _gathered(camera: Camera, player: Player, language: str) -> list[Path]:
    words = GATHERED[player.language]
    shown = player.newest(lambda one: words in one.text, words)
    return [camera.shoot(f"gathered-{language}", (player.person.id,), shown.id, language=language)]


def _digest(camera: Camera, player: Player, language: str) -> list[Path]:
    words = ("Votre journée", "Your day")[player.language]
    shown = player.newest(lambda one: words in one.text)
    user = player.person.id
    return [camera.shoot(f"digest-{language}", (user,), shown.id, language=language)]


def _scene(
    camera: Camera,
    player: Player,
    steps: Sequence[Step],
    language: str,
    start: Shown | None = None,
) -> list[Path]:
    """Play a scene from a message on; take the pictures that it names."""
    taken = []
    user = player.person.id
    for step in steps:
        shown = player.play(step, start)
        start = None
        if step.shot:
            name = f"{step.shot}-{language}"
            taken.append(camera.shoot(name, (user,), shown.id, language=language))
    return taken


def _import(camera: Camera, player: Player, export: Path, language: str) -> list[Path]:
    """Send an export to the bot, look at its card, import it."""
    player.person.upload("document", export)
    label = ("Importer", "Import")[player.language]
    card = player.newest(lambda one: label in one.labels)
    taken = [camera.shoot(f"import-card-{language}", (BERNARD,), card.id, language=language)]
    player.person.press(card, label)
    done = player.newest(lambda one: one.text.startswith("✅ " + export.name))
    name = f"import-report-{language}"
    return [*taken, camera.shoot(name, (BERNARD,), done.id, language=language)]


def _broadcast(camera: Camera, chat: Chat, player: Player, language: str) -> list[Path]:
    """Write a broadcast, let two reps read it, and look at the report."""
    taken = _scene(camera, player, BROADCAST, language)
    said, seen = (("jeudi à 9 h", "Vu"), ("Thursday at 9", "Seen"))[player.language]
    for reader in READERS.values():
        mate = Player(chat, reader, FR if reader == CAMILLE else EN)
        news = mate.newest(lambda one: said in one.text and one.labels)
        mate.person.press(news, 0)
    report = player.newest(lambda one: said in one.text and "2 / 3" in one.text.split(seen)[-1])
    name = f"broadcast-report-{language}"
    return [*taken, camera.shoot(name, (BERNARD,), report.id, language=language)]


if __name__ == "__main__":
    sys.exit(main())
