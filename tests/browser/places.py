"""Places of the page that its tests look at."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.browser.town import Town


def open_page(page: Page, town: Town, where: str = "") -> None:
    page.goto(f"{town.url}/{where}")


def message(page: Page, number: int) -> Locator:
    return page.locator(f'.msg[data-id="{number}"]')


LEFT_AND_RESTS = """async start => {
  const box = document.querySelector(".history"), here = box.scrollTop;
  for (let n = 0; n < 5; n++) await new Promise(requestAnimationFrame);
  return box.scrollTop === here && (here !== start || start === 0);
}"""


def wheel_up(page: Page, pixels: int) -> None:
    """Turn the wheel over the messages, as a reader does, until they rest elsewhere.

    A place set by a script is taken for a shift of the layout while messages still arrive.
    """
    history = page.locator(".history")
    history.hover(position={"x": 4, "y": 40})
    start = history.evaluate("box => box.scrollTop")
    page.mouse.wheel(0, -pixels)
    page.wait_for_function(LEFT_AND_RESTS, arg=start)
