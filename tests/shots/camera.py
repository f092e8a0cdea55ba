"""Pictures of the web chat in headless Chromium, at a telephone's size."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page

from bot.demo.hours import offset
from config.policy import load_policy
from config.working_days import french_calendar

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 900, "height": 780}
SETTLE_SECONDS = 2.0
SCALE = 1.6  # sharp on a good screen, and light enough for a README
LARGEST_BYTES = 300_000


class Camera:
    """Take pictures of the chats at an address and keep them in a folder."""

    def __init__(self, browser: Browser, url: str, folder: Path, zone: str) -> None:
        """Aim at an address; `zone` is the one whose hour the pictures show."""
        self._browser, self._url, self._folder, self._zone = browser, url, folder, zone
        folder.mkdir(parents=True, exist_ok=True)

    def shoot(
        self,
        name: str,
        users: tuple[int, ...],
        message: int | None = None,
        *,
        language: str = "fr",
        theme: str = "light",
    ) -> Path:
        """Take one picture: one person on a telephone, or two side by side.

        `message` is brought into view, its end above the writing line.
        """
        size = PHONE if len(users) == 1 else WIDE
        context = self._browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            device_scale_factor=SCALE if len(users) == 1 else 1.0,
            reduced_motion="reduce",
            locale="fr-FR" if language == "fr" else "en-GB",
            timezone_id=self._zone,
        )
        page = context.new_page()
        for user in users:  # read before it is shown: no line above « new messages »
            page.request.post(f"{self._url}/chat/{user}/read", data={})
        people = "+".join(map(str, users))
        page.goto(f"{self._url}/?theme={theme}&lang={language}&frame=0&list=0#{people}")
        page.locator(".msg").first.wait_for()
        time.sleep(SETTLE_SECONDS)
        if message is not None:
            _bring(page, message)
        path = self._folder / f"{name}.png"
        page.screenshot(path=path)
        context.close()
        return path


def _bring(page: Page, message: int) -> None:
    bubble = page.locator(f'.msg[data-id="{message}"]').first
    bubble.evaluate(
        """one => {
          const tall = one.offsetHeight > 660;
          one.style.scrollMargin = tall ? "44px" : "8px";
          one.scrollIntoView({block: tall ? "start" : "end"});
        }"""
    )
    page.wait_for_timeout(300)
    # the day floats over the messages as long as they scroll
    page.locator(".history.scrolling").wait_for(state="detached")


def too_large(paths: list[Path]) -> list[str]:
    """Name the pictures that are heavier than a README should carry."""
    return [path.name for path in paths if path.stat().st_size > LARGEST_BYTES]


def office_zone() -> str:
    """Name the zone in which it is now the hour of the demo's clock.

    The chat shows Telegram's real time, the demo stands in working hours: at night the
    pictures would show both.
    """
    paris = ZoneInfo("Europe/Paris")
    now = datetime.now(paris)
    windows = [(one.start, one.end) for one in load_policy(None).gate.calling_windows]
    shift = offset(now, french_calendar().is_working, windows)
    utc_hour = datetime.now(UTC).hour
    hours = (datetime.fromtimestamp(now.timestamp() + shift, paris).hour - utc_hour + 11) % 24 - 11
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"
