"""One browser for all tests of the page; a fresh simulator and a fresh window for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import HOW_TO_INSTALL, find_chromium, launch_options
from tests.browser.town import Town

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests that need a browser where there is none, and say how to get one."""
    if find_chromium() is not None:
        return
    for item in items:
        if item.get_closest_marker("browser") is not None:
            item.add_marker(pytest.mark.skip(reason=HOW_TO_INSTALL))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@pytest.fixture
def town() -> Iterator[Town]:
    town = Town()
    yield town
    town.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A window of a phone's size; any error of the page's scripts fails the test."""
    yield from _window(browser, PHONE)


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """A window of a desk's size; any error of the page's scripts fails the test."""
    yield from _window(browser, DESK)


def _window(browser: Browser, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale="fr-FR"
    )
    page = context.new_page()
    page.set_default_timeout(8000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if _is_fault(line.text) else None)
    yield page
    context.close()
    assert errors == []


def _is_fault(line: str) -> bool:
    # Refusing an attacker's inline handler is the policy at work, not a fault of the page.
    return "Security Policy" in line and "inline event handler" not in line
