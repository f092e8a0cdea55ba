"""What a visitor does on the web chat, against the real simulator."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.town import CAMILLE, HELENE, JAMES, Town, key

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="document.title=1"><b>A & B</b> \u202eevil'
DROP_A_FILE = """() => {
  const data = new DataTransfer();
  data.items.add(new File(["a;b"], "export.csv", {type: "text/csv"}));
  const drop = new DragEvent("drop", {dataTransfer: data, bubbles: true});
  document.querySelector(".screen").dispatchEvent(drop);
}"""
PASTE_A_PICTURE = """async () => {
  const canvas = new OffscreenCanvas(30, 20);
  canvas.getContext("2d").fillRect(0, 0, 9, 9);
  const data = new DataTransfer();
  data.items.add(new File([await canvas.convertToBlob()], "image.png", {type: "image/png"}));
  const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
  document.querySelector("textarea").dispatchEvent(paste);
}"""
REBUILD = """async html => {
  const {richText} = await import("/static/rich-text.js");
  const box = document.createElement("div");
  box.append(richText(html, {lang: "fr", onCommand() {}}));
  return box.innerHTML;
}"""
UNSAFE = (
    '<b onclick="x()">a</b><img src=x onerror=y><a href="javascript:z">l</a><iframe></iframe>'
    '<svg><script>q</script></svg><a href="https://e.org/">k</a>'
)


def _png(width: int = 60, height: int = 40) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\0" + b"\x20\x80\x70" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _open(page: Page, town: Town, where: str = "") -> None:
    page.goto(f"{town.url}/{where}")


def _of(page: Page, user: int) -> Locator:
    return page.locator(f'.phone-slot[data-user="{user}"]')


def _write(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.locator("textarea").press("Enter")


def _message(page: Page, number: int) -> Locator:
    return page.locator(f'.msg[data-id="{number}"]')


def _starts(words: str) -> re.Pattern[str]:
    return re.compile(f"^{re.escape(words)}")


def test_what_the_person_writes_reaches_the_bot_and_its_answer_appears(
    phone: Page, town: Town
) -> None:
    town.says(CAMILLE, "Bonjour")
    _open(phone, town, f"#{CAMILLE}")
    _write(phone, "Deux lignes\net <b>du code</b>")
    assert town.next_update("message")["text"] == "Deux lignes\net <b>du code</b>"
    expect(phone.locator(".msg.out .text")).to_contain_text("et <b>du code</b>")
    town.says(CAMILLE, "Reçu <b>5 sur 5</b>")
    expect(phone.locator(".msg.in").last.locator("b")).to_have_text("5 sur 5")
    expect(phone.locator("textarea")).to_have_value("")


def test_a_press_spins_until_the_bot_answers_and_the_message_changes_in_place(
    phone: Page, town: Town
) -> None:
    number = town.says(
        CAMILLE, "Enregistrer ?", [key("Oui", "yes", "success"), key("Non", "no", "danger")]
    )
    _open(phone, town, f"#{CAMILLE}")
    button = _message(phone, number).get_by_role("button", name="Oui")
    button.click()
    query = town.next_update("callback_query")
    assert query["data"] == "yes"
    expect(button).to_have_attribute("aria-busy", "true")
    town.bot("answerCallbackQuery", callback_query_id=query["id"], text="C’est noté")
    expect(button).not_to_have_attribute("aria-busy", "true")
    expect(phone.locator(".toast")).to_have_text("C’est noté")
    town.bot("editMessageText", chat_id=CAMILLE, message_id=number, text="Promesse enregistrée")
    expect(_message(phone, number).locator(".text")).to_contain_text("Promesse enregistrée")
    expect(_message(phone, number).locator(".edited")).to_have_text("modifié")
    expect(_message(phone, number).locator(".key")).to_have_count(0)
    expect(phone.locator(".msg")).to_have_count(1)


def test_an_answer_that_asks_for_attention_is_shown_until_acknowledged(
    phone: Page, town: Town
) -> None:
    town.says(CAMILLE, "Choisissez", [key("Aller", "go")])
    _open(phone, town, f"#{CAMILLE}")
    phone.get_by_role("button", name="Aller").click()
    query = town.next_update("callback_query")
    town.bot(
        "answerCallbackQuery", callback_query_id=query["id"], text="Étape dépassée", show_alert=True
    )
    expect(phone.get_by_role("alertdialog")).to_contain_text("Étape dépassée")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alertdialog")).to_have_count(0)


def test_a_deleted_message_vanishes(phone: Page, town: Town) -> None:
    town.says(CAMILLE, "Reste")
    number = town.says(CAMILLE, "Disparaît")
    _open(phone, town, f"#{CAMILLE}")
    expect(_message(phone, number)).to_be_visible()
    town.bot("deleteMessage", chat_id=CAMILLE, message_id=number)
    expect(_message(phone, number)).to_have_count(0)
    expect(phone.locator(".msg")).to_have_count(1)


def test_unread_messages_are_counted_in_the_list_and_marked_when_opened(
    phone: Page, town: Town
) -> None:
    _open(phone, town)
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
    _open(phone, town, f"#{CAMILLE}")
    expect(phone.locator(".msg")).to_have_count(30)
    phone.wait_for_timeout(300)
    phone.locator(".history").evaluate("box => { box.scrollTop = 0; }")
    expect(phone.locator(".jump")).to_be_visible()
    town.says(CAMILLE, "Nouvelle")
    expect(phone.locator(".jump .badge")).to_have_text("1")
    assert phone.locator(".history").evaluate("box => box.scrollTop") < 50
    phone.locator(".jump").click()
    expect(phone.locator(".jump")).to_be_hidden()
    expect(phone.locator(".msg").last).to_be_in_viewport()


def test_two_people_stand_side_by_side_and_each_sees_only_his_own(desk: Page, town: Town) -> None:
    _open(desk, town, f"#{CAMILLE}+{HELENE}")
    town.says(CAMILLE, "Pour Camille")
    town.says(HELENE, "Pour Hélène")
    expect(_of(desk, CAMILLE).locator(".msg")).to_have_text([_starts("Pour Camille")])
    expect(_of(desk, HELENE).locator(".msg")).to_have_text([_starts("Pour Hélène")])
    _of(desk, HELENE).get_by_role("button", name="Fermer").click()
    expect(desk.locator(".phone-slot")).to_have_count(1)
    assert desk.url.endswith(f"#{CAMILLE}")


def test_the_second_phone_opens_from_the_list(desk: Page, town: Town) -> None:
    _open(desk, town, f"#{CAMILLE}")
    desk.locator(".ghost-phone").get_by_role("button", name="Hélène Vasseur").click()
    expect(desk.locator(".phone-slot")).to_have_count(2)
    assert desk.url.endswith(f"#{CAMILLE}+{HELENE}")


def test_theme_and_language_can_be_chosen_and_are_remembered(desk: Page, town: Town) -> None:
    _open(desk, town)
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
    _open(phone, town, "?theme=dark&lang=en")
    expect(phone.locator("html")).to_have_attribute("data-theme", "dark")
    expect(phone.locator(".banner h2")).to_have_text("Try this first")


def test_a_photo_is_looked_at_captioned_sent_and_enlarged(
    phone: Page, town: Town, tmp_path: Path
) -> None:
    town.says(CAMILLE, "Envoyez une photo")
    picture = tmp_path / "palette.png"
    picture.write_bytes(_png())
    _open(phone, town, f"#{CAMILLE}")
    phone.get_by_role("button", name="Joindre").click()
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("menuitem", name="Photo").click()
    chooser.value.set_files(picture)
    phone.get_by_label("Légende…").fill("Palette abîmée")
    phone.get_by_role("button", name="Envoyer", exact=True).last.click()
    sent = town.next_update("message")
    assert sent["caption"] == "Palette abîmée"
    assert (sent["photo"][-1]["width"], sent["photo"][-1]["height"]) == (60, 40)
    shown = phone.locator(".msg.out .photo img")
    expect(shown).to_be_visible()
    assert (
        shown.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 60
    )
    phone.locator(".msg.out .photo").click()
    expect(phone.locator("dialog.lightbox img")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.locator("dialog.lightbox")).to_have_count(0)


def test_a_pasted_picture_and_a_dropped_document_are_offered_for_sending(
    phone: Page, town: Town
) -> None:
    town.says(CAMILLE, "Bonjour")
    _open(phone, town, f"#{CAMILLE}")
    expect(phone.locator(".msg")).to_have_count(1)
    phone.evaluate(DROP_A_FILE)
    expect(phone.locator(".sheet-box")).to_contain_text("export.csv")
    phone.get_by_role("button", name="Envoyer", exact=True).last.click()
    assert town.next_update("message")["document"]["file_name"] == "export.csv"
    expect(phone.locator(".msg.out .doc")).to_have_attribute("download", "export.csv")
    phone.evaluate(PASTE_A_PICTURE)
    expect(phone.locator(".sheet-box canvas")).to_have_attribute("width", "30")
    phone.get_by_role("button", name="Envoyer", exact=True).last.click()
    assert town.next_update("message")["photo"][-1]["width"] == 30


def test_a_lost_connection_is_told_and_what_was_missed_is_caught_up(
    phone: Page, town: Town
) -> None:
    number = town.says(CAMILLE, "Avant")
    _open(phone, town, f"#{CAMILLE}")
    expect(phone.locator(".msg")).to_have_count(1)
    town.cut_streams()
    town.says(CAMILLE, "Pendant")
    town.bot("editMessageText", chat_id=CAMILLE, message_id=number, text="Avant, corrigé")
    expect(phone.locator(".msg")).to_have_count(2)
    expect(_message(phone, number)).to_contain_text("Avant, corrigé")
    expect(phone.locator(".wire")).to_be_hidden()


def test_the_page_survives_a_restart_of_the_simulator(phone: Page, town: Town) -> None:
    for number in range(3):
        town.says(CAMILLE, f"Avant {number}")
    _open(phone, town, f"#{CAMILLE}")
    expect(phone.locator(".msg")).to_have_count(3)
    town.stop()
    expect(phone.locator(".wire")).to_have_text("Connexion perdue, nouvel essai…")
    town.restart()
    town.says(CAMILLE, "Après")
    expect(phone.locator(".wire")).to_be_hidden(timeout=12_000)
    expect(phone.locator(".msg")).to_have_text([_starts("Après")])


def test_hostile_names_and_texts_are_shown_as_text(phone: Page, town: Town) -> None:
    town.add_person(1666, HOSTILE, role="<script>x</script>", started=True)
    _open(phone, town)
    row = phone.locator('.person[data-user="1666"]')
    expect(row.locator("b")).to_have_text(HOSTILE)
    row.click()
    town.says(1666, "&lt;script&gt;document.title=1&lt;/script&gt; <b>gras</b>")
    expect(phone.locator(".msg .text")).to_contain_text("<script>document.title=1</script> gras")
    assert phone.locator(".msg script, .msg img, .person img, .who b b").count() == 0
    expect(phone).to_have_title("Relance")


def test_the_page_itself_rebuilds_markup_from_an_allow_list(phone: Page, town: Town) -> None:
    _open(phone, town)
    html = phone.evaluate(REBUILD, UNSAFE)
    assert (
        html == '<b>a</b>l<a href="https://e.org/" target="_blank" rel="noopener noreferrer">k</a>'
    )


def test_start_carries_the_invitation_and_is_offered_in_the_owners_language(
    phone: Page, town: Town
) -> None:
    _open(phone, town, f"#{JAMES}")
    phone.get_by_role("button", name="Start", exact=True).click()
    assert town.next_update("message")["text"] == "/start invitation-42"
    expect(phone.locator("textarea")).to_have_attribute("placeholder", "Message")


def test_the_commands_are_filtered_while_typing_and_sent_with_enter(
    phone: Page, town: Town
) -> None:
    names = [("priorites", "Mes priorités"), ("promesses", "Mes promesses"), ("aide", "Aide")]
    town.bot("setMyCommands", commands=[{"command": c, "description": d} for c, d in names])
    town.says(CAMILLE, "Bonjour")
    _open(phone, town, f"#{CAMILLE}")
    phone.get_by_role("button", name="Commandes").click()
    expect(phone.get_by_role("option")).to_have_count(3)
    phone.locator("textarea").fill("/pr")
    expect(phone.get_by_role("option")).to_have_count(2)
    phone.locator("textarea").press("ArrowDown")
    phone.locator("textarea").press("Enter")
    assert town.next_update("message")["text"] == "/promesses"


def test_a_blocked_bot_can_be_unblocked(phone: Page, town: Town) -> None:
    town.says(CAMILLE, "Bonjour")
    _open(phone, town, f"#{CAMILLE}")
    phone.get_by_role("button", name="Plus d’actions").click()
    phone.get_by_role("menuitem", name="Bloquer le bot").click()
    assert town.next_update("my_chat_member")["new_chat_member"]["status"] == "kicked"
    phone.get_by_role("button", name="Débloquer le bot").click()
    assert town.next_update("my_chat_member")["new_chat_member"]["status"] == "member"
    expect(phone.locator("textarea")).to_be_visible()


def test_the_person_replies_and_corrects_his_own_message(phone: Page, town: Town) -> None:
    number = town.says(CAMILLE, "Quel montant ?")
    _open(phone, town, f"#{CAMILLE}")
    _message(phone, number).locator(".bubble").click(button="right")
    phone.get_by_role("menuitem", name="Répondre").click()
    _write(phone, "120")
    assert town.next_update("message")["reply_to_message"]["message_id"] == number
    expect(phone.locator(".msg.out .quote")).to_contain_text("Quel montant ?")
    phone.locator(".msg.out .text").click(button="right")
    phone.get_by_role("menuitem", name="Modifier").click()
    _write(phone, "1200")
    assert town.next_update("edited_message")["text"] == "1200"
    expect(phone.locator(".msg.out .text")).to_contain_text("1200")


def test_nothing_is_wider_than_the_smallest_phone(phone: Page, town: Town) -> None:
    phone.set_viewport_size({"width": 375, "height": 667})
    town.add_person(1700, "Très long nom " * 21, role="Rôle " * 60, started=True)
    town.says(1700, "mot" * 900)
    eight = [key(str(day), f"d{day}") for day in range(8)]
    number = town.says(1700, "Calendrier", *[eight] * 12, [key("Bouton très long " * 9, "x")])
    _open(phone, town)
    expect(phone.locator(".person")).to_have_count(4)
    assert _overflow(phone) == 0
    phone.locator('.person[data-user="1700"]').click()
    expect(_message(phone, number).locator(".key")).to_have_count(97)
    assert _overflow(phone) == 0
    assert phone.locator(".history").evaluate("box => box.scrollWidth - box.clientWidth") == 0
    heights = (
        _message(phone, number)
        .locator(".key")
        .evaluate_all("all => all.map(key => key.offsetHeight)")
    )
    assert min(heights) >= 40


@pytest.mark.slow
def test_two_thousand_messages_keep_the_page_light(phone: Page, town: Town) -> None:
    town.says(CAMILLE, "Premier")
    _open(phone, town, f"#{CAMILLE}")
    expect(phone.locator(".msg")).to_have_count(1)
    for number in range(2000):
        town.says(CAMILLE, f"Ligne {number}")
    expect(phone.locator(".msg").last).to_contain_text("Ligne 1999", timeout=20_000)
    expect(phone.locator(".msg").last).to_be_in_viewport()
    assert phone.locator(".msg").count() <= 330
    phone.locator(".history").evaluate("box => { box.scrollTop = 0; }")
    expect(phone.locator(".msg", has_text="Ligne 1750")).to_be_attached()


def test_every_sentence_of_the_page_exists_in_both_languages(phone: Page, town: Town) -> None:
    _open(phone, town)
    missing = phone.evaluate('async () => (await import("/static/words.js")).missingWords()')
    assert missing == []


def _overflow(page: Page) -> int:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert isinstance(wide, int)
    return wide
