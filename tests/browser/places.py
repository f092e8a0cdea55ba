"""Places of the page that its tests look at."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.browser.town import Town


def open_page(page: Page, town: Town, where: str = "") -> None:
    page.goto(f"{town.url}/{where}")


def message(page: Page, number: int) -> Locator:
    return page.locator(f'.msg[data-id="{number}"]')
