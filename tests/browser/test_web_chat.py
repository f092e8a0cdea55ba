"""What a visitor does on the web chat, against the real simulator."""

from __future__ import annotations

import struct
import wave
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import message, open_page
from tests.browser.town import CAMILLE, JAMES, Town, key

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


def _write(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.locator("textarea").press("Enter")


def test_what_the_person_writes_reaches_the_bot_and_its_answer_appears(
    phone: Page, town: Town
) -> None:
    town.says(CAMILLE, "Bonjour")
    open_page(phone, town, f"#{CAMILLE}")
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
    open_page(phone, town, f"#{CAMILLE}")
    button = message(phone, number).get_by_role("button", name="Oui")
    button.click()
    query = town.next_update("callback_query")
    assert query["data"] == "yes"
    expect(button).to_have_attribute("aria-busy", "true")
    town.bot("answerCallbackQuery", callback_query_id=query["id"], text="C’est noté")
    expect(button).not_to_have_attribute("aria-busy", "true")
    expect(phone.locator(".toast")).to_have_text("C’est noté")
    town.bot("editMessageText", chat_id=CAMILLE, message_id=number, text="Promesse enregistrée")
    expect(message(phone, number).locator(".text")).to_contain_text("Promesse enregistrée")
    expect(message(phone, number).locator(".edited")).to_have_text("modifié")
    expect(message(phone, number).locator(".key")).to_have_count(0)
    expect(phone.locator(".msg")).to_have_count(1)


def test_an_answer_that_asks_for_attention_is_shown_until_acknowledged(
    phone: Page, town: Town
) -> None:
    town.says(CAMILLE, "Choisissez", [key("Aller", "go")])
    open_page(phone, town, f"#{CAMILLE}")
    phone.get_by_role("button", name="Aller").click()
    query = town.next_update("callback_query")
    town.bot(
        "answerCallbackQuery", callback_query_id=query["id"], text="Étape dépassée", show_alert=True
    )
    expect(phone.get_by_role("alertdialog")).to_contain_text("Étape dépassée")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alertdialog")).to_have_count(0)


def test_a_photo_is_looked_at_captioned_sent_and_enlarged(
    phone: Page, town: Town, tmp_path: Path
) -> None:
    town.says(CAMILLE, "Envoyez une photo")
    picture = tmp_path / "palette.png"
    picture.write_bytes(_png())
    open_page(phone, town, f"#{CAMILLE}")
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


def test_a_recording_is_sent_as_a_voice_message_of_its_length(
    phone: Page, town: Town, tmp_path: Path
) -> None:
    town.says(CAMILLE, "Dites ce que vous avez vu")
    recording = tmp_path / "note.wav"
    with wave.open(str(recording), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(2 * 8000 * 3))
    open_page(phone, town, f"#{CAMILLE}")
    phone.get_by_role("button", name="Joindre").click()
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("menuitem", name="Message vocal").click()
    chooser.value.set_files(recording)
    expect(phone.locator(".sheet-box")).to_contain_text("Envoyer le message vocal")
    phone.get_by_role("button", name="Envoyer", exact=True).last.click()
    voice = town.next_update("message")["voice"]
    assert (voice["duration"], voice["mime_type"].partition("/")[0]) == (3, "audio")
    expect(phone.locator(".msg.out .voice")).to_be_visible()


def test_a_pasted_picture_and_a_dropped_document_are_offered_for_sending(
    phone: Page, town: Town
) -> None:
    town.says(CAMILLE, "Bonjour")
    open_page(phone, town, f"#{CAMILLE}")
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


def test_hostile_names_and_texts_are_shown_as_text(phone: Page, town: Town) -> None:
    town.add_person(1666, HOSTILE, role="<script>x</script>", started=True)
    open_page(phone, town)
    row = phone.locator('.person[data-user="1666"]')
    expect(row.locator("b")).to_have_text(HOSTILE)
    row.click()
    town.says(1666, "&lt;script&gt;document.title=1&lt;/script&gt; <b>gras</b>")
    expect(phone.locator(".msg .text")).to_contain_text("<script>document.title=1</script> gras")
    assert phone.locator(".msg script, .msg img, .person img, .who b b").count() == 0
    expect(phone).to_have_title("Relance")


def test_the_page_itself_rebuilds_markup_from_an_allow_list(phone: Page, town: Town) -> None:
    open_page(phone, town)
    html = phone.evaluate(REBUILD, UNSAFE)
    assert (
        html == '<b>a</b>l<a href="https://e.org/" target="_blank" rel="noopener noreferrer">k</a>'
    )


def test_start_carries_the_invitation_and_is_offered_in_the_owners_language(
    phone: Page, town: Town
) -> None:
    open_page(phone, town, f"#{JAMES}")
    phone.get_by_role("button", name="Start", exact=True).click()
    assert town.next_update("message")["text"] == "/start invitation-42"
    expect(phone.locator("textarea")).to_have_attribute("placeholder", "Message")


def test_the_commands_are_filtered_while_typing_and_sent_with_enter(
    phone: Page, town: Town
) -> None:
    names = [("priorites", "Mes priorités"), ("promesses", "Mes promesses"), ("aide", "Aide")]
    town.bot("setMyCommands", commands=[{"command": c, "description": d} for c, d in names])
    town.says(CAMILLE, "Bonjour")
    open_page(phone, town, f"#{CAMILLE}")
    phone.get_by_role("button", name="Commandes").click()
    expect(phone.get_by_role("option")).to_have_count(3)
    phone.locator("textarea").fill("/pr")
    expect(phone.get_by_role("option")).to_have_count(2)
    phone.locator("textarea").press("ArrowDown")
    phone.locator("textarea").press("Enter")
    assert town.next_update("message")["text"] == "/promesses"


def test_a_blocked_bot_can_be_unblocked(phone: Page, town: Town) -> None:
    town.says(CAMILLE, "Bonjour")
    open_page(phone, town, f"#{CAMILLE}")
    phone.get_by_role("button", name="Plus d’actions").click()
    phone.get_by_role("menuitem", name="Bloquer le bot").click()
    assert town.next_update("my_chat_member")["new_chat_member"]["status"] == "kicked"
    phone.get_by_role("button", name="Débloquer le bot").click()
    assert town.next_update("my_chat_member")["new_chat_member"]["status"] == "member"
    expect(phone.locator("textarea")).to_be_visible()


def test_the_person_replies_and_corrects_his_ownmessage(phone: Page, town: Town) -> None:
    number = town.says(CAMILLE, "Quel montant ?")
    open_page(phone, town, f"#{CAMILLE}")
    message(phone, number).locator(".bubble").click(button="right")
    phone.get_by_role("menuitem", name="Répondre").click()
    _write(phone, "120")
    assert town.next_update("message")["reply_to_message"]["message_id"] == number
    expect(phone.locator(".msg.out .quote")).to_contain_text("Quel montant ?")
    phone.locator(".msg.out .text").click(button="right")
    phone.get_by_role("menuitem", name="Modifier").click()
    _write(phone, "1200")
    assert town.next_update("edited_message")["text"] == "1200"
    expect(phone.locator(".msg.out .text")).to_contain_text("1200")


def test_a_document_of_the_bot_is_downloaded_as_it_was_sent(phone: Page, town: Town) -> None:
    content = b"client;montant\n0411007;7821,60\n"
    town.sends_document(CAMILLE, "balance.csv", content)
    open_page(phone, town, f"#{CAMILLE}")
    with phone.expect_download() as download:
        phone.locator(".msg.in .doc").click()
    assert download.value.suggested_filename == "balance.csv"
    assert Path(download.value.path()).read_bytes() == content
