"""Small telephones, two people side by side, themes, languages and the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.places import message, open_page
from tests.browser.town import CAMILLE, HELENE, Town, key

pytestmark = pytest.mark.browser


def _of(page: Page, user: int) -> Locator:
    return page.locator(f'.phone-slot[data-user="{user}"]')


def _starts(words: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(words)}")


def _overflow(page: Page) -> int:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert isinstance(wide, int)
    return wide


def test_nothing_is_wider_than_the_smallest_phone(phone: Page, town: Town) -> None:
    phone.set_viewport_size({"width": 375, "height": 667})
    town.add_person(1700, "Très long nom " * 21, role="Rôle " * 60, started=True)
    town.says(1700, "mot" * 900)
    eight = [key(str(day), f"d{day}") for day in range(8)]
    number = town.says(1700, "Calendrier", *[eight] * 12, [key("Bouton très long " * 9, "x")])
    open_page(phone, town)
    expect(phone.locator(".person")).to_have_count(4)
    assert _overflow(phone) == 0
    phone.locator('.person[data-user="1700"]').click()
    expect(message(phone, number).locator(".key")).to_have_count(97)
    assert _overflow(phone) == 0
    assert phone.locator(".history").evaluate("box => box.scrollWidth - box.clientWidth") == 0
    heights = (
        message(phone, number)
        .locator(".key")
        .evaluate_all("all => all.map(key => key.offsetHeight)")
    )
    assert min(heights) >= 40


def test_common_keyboards_are_read_whole_on_a_small_phone(phone: Page, town: Town) -> None:
    phone.set_viewport_size({"width": 360, "height": 640})
    three = [key("📅 Promesse", "a"), key("✋ Litige", "b"), key("📝 Résultat", "c")]
    two = [key("Valider la promesse", "d", "success"), key("Recommencer", "e")]
    number = town.says(CAMILLE, "Que faire ?", three, two)
    open_page(phone, town, f"#{CAMILLE}")
    labels = message(phone, number).locator(".key span")
    expect(labels).to_have_count(5)
    cut = labels.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length")
    assert cut == 0


SHOWN_SIZES = """() => [...document.querySelectorAll("button:not(.handle), textarea")]
  .map(one => Math.min(one.offsetWidth, one.offsetHeight)).filter(size => size > 0)"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_control_of_a_small_phone_is_large_enough_for_a_thumb(
    phone: Page, town: Town, theme: str
) -> None:
    phone.set_viewport_size({"width": 360, "height": 640})
    town.says(CAMILLE, "Choisissez", [key("Oui", "y"), key("Non", "n")])
    for where, shown in (("", ".person"), (f"#{CAMILLE}", ".key")):
        open_page(phone, town, f"?theme={theme}{where}")
        expect(phone.locator(shown).first).to_be_visible()
        sizes = phone.evaluate(SHOWN_SIZES)  # in one go: the page may be drawn anew at any time
        assert len(sizes) >= 3
        assert min(sizes) >= 36
        assert _overflow(phone) == 0


def test_a_whole_conversation_is_held_with_the_keyboard_alone(desk: Page, town: Town) -> None:
    number = town.says(CAMILLE, "Enregistrer ?", [key("Oui", "yes"), key("Non", "no")])
    open_page(desk, town)
    desk.locator(".person").first.focus()
    desk.keyboard.press("Enter")
    yes = message(desk, number).get_by_role("button", name="Oui")
    expect(yes).to_be_visible()
    desk.locator("textarea").focus()
    desk.keyboard.press("Shift+Tab")
    expect(message(desk, number).get_by_role("button", name="Non")).to_be_focused()
    desk.keyboard.press("Shift+Tab")
    expect(yes).to_be_focused()
    desk.keyboard.press("Enter")
    query = town.next_update("callback_query")
    assert query["data"] == "yes"
    keys = {"inline_keyboard": [[key("Annuler", "undo")]]}
    changed = {"message_id": number, "text": "Enregistré", "reply_markup": keys}
    town.bot("editMessageText", chat_id=CAMILLE, **changed)
    expect(message(desk, number).get_by_role("button", name="Annuler")).to_be_focused()


def test_two_people_stand_side_by_side_and_each_sees_only_his_own(desk: Page, town: Town) -> None:
    open_page(desk, town, f"#{CAMILLE}+{HELENE}")
    town.says(CAMILLE, "Pour Camille")
    town.says(HELENE, "Pour Hélène")
    expect(_of(desk, CAMILLE).locator(".msg")).to_have_text([_starts("Pour Camille")])
    expect(_of(desk, HELENE).locator(".msg")).to_have_text([_starts("Pour Hélène")])
    _of(desk, HELENE).get_by_role("button", name="Fermer").click()
    expect(desk.locator(".phone-slot")).to_have_count(1)
    assert desk.url.endswith(f"#{CAMILLE}")


def test_the_second_phone_opens_from_the_list(desk: Page, town: Town) -> None:
    open_page(desk, town, f"#{CAMILLE}")
    desk.locator(".ghost-phone").get_by_role("button", name="Hélène Vasseur").click()
    expect(desk.locator(".phone-slot")).to_have_count(2)
    assert desk.url.endswith(f"#{CAMILLE}+{HELENE}")


def test_theme_and_language_can_be_chosen_and_are_remembered(desk: Page, town: Town) -> None:
    open_page(desk, town)
    expect(desk.locator(".banner")).to_contain_text("Ouvrez Camille.")
    light = desk.evaluate("getComputedStyle(document.body).backgroundColor")
    desk.get_by_role("button", name="Thème clair ou sombre").click()
    assert desk.evaluate("getComputedStyle(document.body).backgroundColor") != light
    desk.get_by_role("button", name="English").click()
    expect(desk.locator(".banner")).to_contain_text("Open Camille.")
    desk.reload()
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
    expect(desk.locator(".banner")).to_contain_text("Open Camille.")
    desk.get_by_role("button", name="Dismiss").click()
    desk.reload()
    expect(desk.locator(".person").first).to_be_visible()
    expect(desk.locator(".banner")).to_have_count(0)


def test_the_address_can_ask_for_a_theme_and_a_language(phone: Page, town: Town) -> None:
    open_page(phone, town, "?theme=dark&lang=en")
    expect(phone.locator("html")).to_have_attribute("data-theme", "dark")
    expect(phone.locator(".banner h2")).to_have_text("Try this first")


def test_every_sentence_of_the_page_exists_in_both_languages(phone: Page, town: Town) -> None:
    open_page(phone, town)
    missing = phone.evaluate('async () => (await import("/static/words.js")).missingWords()')
    assert missing == []
