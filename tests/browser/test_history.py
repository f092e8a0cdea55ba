"""The messages on the page: their place, their order, and what was missed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import message, open_page, wheel_up
from tests.browser.town import CAMILLE, Town

pytestmark = pytest.mark.browser

FAR = 100_000  # pixels: more than any history is high

SHRINK_WHILE_OTHERS_ARRIVE = """async () => {
  const {History} = await import("/static/history.js");
  const person = {id: 1, first_name: "Camille"}, bot = {first_name: "Relance"};
  const quiet = {onBottom() {}, isPending: () => false};
  const history = new History({lang: "fr", label: "x", person, bot, ...quiet});
  history.element.style.cssText = "position: fixed; inset: 0; height: 500px; display: flex";
  document.body.append(history.element);
  const plain = {date: 1790000000, out: false, html: "Ligne", text: "Ligne", buttons: []};
  const message = id => ({message_id: id, ...plain});
  const frames = async n => { while (n--) await new Promise(requestAnimationFrame); };
  const box = history.element.querySelector(".history");
  for (let id = 1; id <= 60; id++) history.put(message(id));
  await frames(3);
  await new Promise(done => setTimeout(done)); // out of the frame, whose end mends the place
  box.scrollTop -= 4; // what a message that shrinks does to a place at the end
  for (let id = 61; id <= 66; id++) history.put(message(id));
  await frames(3);
  const {scrollHeight, scrollTop, clientHeight} = box;
  return {hidden: scrollHeight - clientHeight, below: scrollHeight - scrollTop - clientHeight};
}"""


def _starts(words: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(words)}")


def test_unread_messages_are_counted_in_the_list_and_marked_when_opened(
    phone: Page, town: Town
) -> None:
    open_page(phone, town)
    row = phone.locator(f'.person[data-user="{CAMILLE}"]')
    expect(row).to_be_visible()
    town.says(CAMILLE, "Une")
    town.says(CAMILLE, "Deux")
    expect(row.locator(".badge")).to_have_text("2")
    expect(row.locator(".preview")).to_have_text("Deux")
    expect(phone).to_have_title("(2) Relance")
    row.click()
    expect(phone.locator(".unread-line")).to_have_text("Nouveaux messages")
    phone.get_by_role("button", name="Retour").click()
    expect(row).to_be_visible()
    expect(row.locator(".badge")).to_have_count(0)


def test_a_reader_higher_up_is_not_moved_but_told(phone: Page, town: Town) -> None:
    for number in range(30):
        town.says(CAMILLE, f"Ligne {number}")
    open_page(phone, town, f"#{CAMILLE}")
    expect(phone.locator(".msg")).to_have_count(30)
    wheel_up(phone, FAR)
    expect(phone.locator(".jump")).to_be_visible()
    town.says(CAMILLE, "Nouvelle")
    expect(phone.locator(".jump .badge")).to_have_text("1")
    assert phone.locator(".history").evaluate("box => box.scrollTop") < 50
    phone.locator(".jump").click()
    expect(phone.locator(".jump")).to_be_hidden()
    expect(phone.locator(".msg").last).to_be_in_viewport()


def test_the_newest_stays_in_sight_when_a_message_shrinks_while_others_arrive(
    phone: Page, town: Town
) -> None:
    open_page(phone, town)
    place = phone.evaluate(SHRINK_WHILE_OTHERS_ARRIVE)
    assert place["hidden"] > 1000
    assert place["below"] <= 1


def test_an_edit_in_place_does_not_move_a_reader_higher_up(phone: Page, town: Town) -> None:
    numbers = [town.says(CAMILLE, f"Ligne {number}") for number in range(80)]
    open_page(phone, town, f"#{CAMILLE}")
    phone.locator(".jump").click()  # it opens at the first unread message
    expect(message(phone, numbers[79])).to_be_in_viewport()
    wheel_up(phone, 700)
    expect(phone.locator(".jump")).to_be_visible()
    seen = message(phone, numbers[50])
    expect(seen).to_be_in_viewport()
    before = seen.bounding_box()
    tall = "Corrigé\n" * 8
    town.bot("editMessageText", chat_id=CAMILLE, message_id=numbers[0], text=tall)
    expect(message(phone, numbers[0]).locator(".edited")).to_be_attached()
    town.bot("editMessageText", chat_id=CAMILLE, message_id=numbers[79], text=tall)
    expect(message(phone, numbers[79]).locator(".edited")).to_be_attached()
    after = seen.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) <= 2


def test_a_deleted_message_vanishes(phone: Page, town: Town) -> None:
    town.says(CAMILLE, "Reste")
    number = town.says(CAMILLE, "Disparaît")
    open_page(phone, town, f"#{CAMILLE}")
    expect(message(phone, number)).to_be_visible()
    town.bot("deleteMessage", chat_id=CAMILLE, message_id=number)
    expect(message(phone, number)).to_have_count(0)
    expect(phone.locator(".msg")).to_have_count(1)


def test_a_lost_connection_is_told_and_what_was_missed_is_caught_up(
    phone: Page, town: Town
) -> None:
    number = town.says(CAMILLE, "Avant")
    open_page(phone, town, f"#{CAMILLE}")
    expect(phone.locator(".msg")).to_have_count(1)
    town.cut_streams()
    town.says(CAMILLE, "Pendant")
    town.bot("editMessageText", chat_id=CAMILLE, message_id=number, text="Avant, corrigé")
    expect(phone.locator(".msg")).to_have_count(2)
    expect(message(phone, number)).to_contain_text("Avant, corrigé")
    expect(phone.locator(".wire")).to_be_hidden()


def test_the_page_survives_a_restart_of_the_simulator(phone: Page, town: Town) -> None:
    for number in range(3):
        town.says(CAMILLE, f"Avant {number}")
    open_page(phone, town, f"#{CAMILLE}")
    expect(phone.locator(".msg")).to_have_count(3)
    town.stop()
    expect(phone.locator(".wire")).to_have_text("Connexion perdue, nouvel essai…")
    town.restart()
    town.says(CAMILLE, "Après")
    expect(phone.locator(".wire")).to_be_hidden(timeout=12_000)
    expect(phone.locator(".msg")).to_have_text([_starts("Après")])


def test_two_thousand_messages_keep_the_page_light(phone: Page, town: Town) -> None:
    town.says(CAMILLE, "Premier")
    open_page(phone, town, f"#{CAMILLE}")
    expect(phone.locator(".msg")).to_have_count(1)
    for number in range(2000):
        town.says(CAMILLE, f"Ligne {number}")
    expect(phone.locator(".msg").last).to_contain_text("Ligne 1999", timeout=60_000)
    expect(phone.locator(".msg").last).to_be_in_viewport()
    assert phone.locator(".msg").count() <= 330
    wheel_up(phone, FAR)
    expect(phone.locator(".msg", has_text="Ligne 1750")).to_be_attached()
