"""Messages that the bot sends, by the real python-telegram-bot."""

from __future__ import annotations

import json

import pytest
from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden

from tests.simulator.stage import LEA, MARC, Stage, a_png, on_stage


def test_a_text_arrives_with_its_styles_and_buttons() -> None:
    async def play(stage: Stage) -> None:
        keyboard = InlineKeyboardMarkup(
            [
                [InlineKeyboardButton("Oui", callback_data="y", style="success")],
                [InlineKeyboardButton("IBAN", copy_text=CopyTextButton("FR76"))],
                [InlineKeyboardButton("Site", url="https://example.org")],
            ]
        )
        sent = await stage.bot.send_message(
            LEA,
            "<b>Dû</b> &amp; 😀",
            parse_mode="HTML",
            reply_markup=keyboard,
            protect_content=True,
        )
        assert sent.text == "Dû & 😀"
        assert sent.text_html == "<b>Dû</b> &amp; 😀"
        assert sent.has_protected_content
        [shown] = (await stage.http.get(f"{stage.simulator.url}/chat/{LEA}/messages")).json()[
            "messages"
        ]
        assert shown["html"] == "<b>Dû</b> &amp; 😀"
        assert [button["kind"] for row in shown["buttons"] for button in row] == [
            "callback",
            "copy",
            "url",
        ]
        assert shown["buttons"][0][0]["style"] == "success"
        assert shown["buttons"][1][0]["copy"] == "FR76"

    on_stage(play)


def test_message_numbers_rise_in_each_chat() -> None:
    async def play(stage: Stage) -> None:
        first = [(await stage.bot.send_message(LEA, str(n))).message_id for n in range(3)]
        other = await stage.bot.send_message(MARC, "x")
        assert first == [1, 2, 3]
        assert other.message_id == 1

    on_stage(play)


def test_lengths_are_counted_in_utf16_units_after_parsing() -> None:
    async def play(stage: Stage) -> None:
        await stage.bot.send_message(LEA, f"<b>{'😀' * 2048}</b>", parse_mode="HTML")
        with pytest.raises(BadRequest, match=r"(?i)Message is too long"):
            await stage.bot.send_message(LEA, "😀" * 2048 + "x")
        with pytest.raises(BadRequest, match=r"(?i)Text is too long"):
            await stage.bot.send_message(LEA, "é" * 16_385)
        await stage.bot.send_photo(LEA, a_png(), caption="😀" * 512)
        with pytest.raises(BadRequest, match=r"(?i)Message caption is too long"):
            await stage.bot.send_photo(LEA, a_png(), caption="😀" * 512 + "x")

    on_stage(play)


def test_nobody_is_written_to_before_they_press_start() -> None:
    async def play(stage: Stage) -> None:
        with pytest.raises(Forbidden, match=r"(?i)can't initiate conversation with a user"):
            await stage.bot.send_message(LEA, "x")
        stage.write("/start abc")
        assert (await stage.bot.send_message(LEA, "x")).text == "x"

    on_stage(play, started=False)


def test_entities_given_as_such_are_kept_and_a_wrong_one_is_refused() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "😀 dû", entities=[MessageEntity("bold", 3, 2)])
        assert sent.text_html == "😀 <b>dû</b>"
        with pytest.raises(
            BadRequest, match=r"(?i)ends after the end of the text at UTF-16 offset 9"
        ):
            await stage.bot.send_message(LEA, "😀 dû", entities=[MessageEntity("bold", 3, 6)])
        with pytest.raises(BadRequest, match=r"(?i)Entity begins in a middle of a UTF-16 symbol"):
            await stage.bot.send_message(LEA, "😀 dû", entities=[MessageEntity("bold", 1, 1)])

    on_stage(play)


def test_the_hundred_and_first_entity_is_ignored() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "<b>x</b> " * 101, parse_mode="HTML")
        assert len(sent.entities) == 100

    on_stage(play)


def test_a_document_can_be_downloaded_and_sent_again_by_its_file_id() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_document(
            LEA, b"%PDF-1", filename="relevé.pdf", caption="<i>c</i>", parse_mode="HTML"
        )
        assert sent.document is not None
        assert (sent.document.file_name, sent.caption) == ("relevé.pdf", "c")
        file = await sent.document.get_file()
        assert bytes(await file.download_as_bytearray()) == b"%PDF-1"
        again = await stage.bot.send_document(MARC, sent.document.file_id)
        assert again.document is not None
        assert again.document.file_unique_id == sent.document.file_unique_id
        with pytest.raises(
            BadRequest, match=r"(?i)Wrong file_id or the file is temporarily unavailable"
        ):
            await stage.bot.send_document(LEA, "A" * 60)
        with pytest.raises(BadRequest, match=r"(?i)Can't use file of type Document as Photo"):
            await stage.bot.send_photo(LEA, sent.document.file_id)

    on_stage(play)


def test_photos_obey_their_rules() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_photo(LEA, a_png(400, 300))
        assert [(size.width, size.height) for size in sent.photo] == [(90, 68), (400, 300)]
        for content, reason in (
            (a_png(2100, 100), "(?i)photo_invalid_dimensions"),
            (a_png(6000, 4001), "(?i)photo_invalid_dimensions"),
            (b"not a picture", "(?i)image_process_failed"),
            (a_png(padding=10 * 1024 * 1024), "too big for a photo"),
            (b"", "(?i)file must be non-empty"),
        ):
            with pytest.raises(BadRequest, match=reason):
                await stage.bot.send_photo(LEA, content)

    on_stage(play)


def test_an_album_has_two_to_ten_parts_of_a_kind() -> None:
    async def play(stage: Stage) -> None:
        photo, document = (
            InputMediaPhoto(a_png(), caption="a"),
            InputMediaDocument(b"d", filename="d.txt"),
        )
        sent = await stage.bot.send_media_group(LEA, [photo, InputMediaPhoto(a_png(50, 50))])
        assert len({message.media_group_id for message in sent}) == 1
        assert sent[0].caption == "a"
        wrong: list[list[InputMediaPhoto | InputMediaDocument]]
        wrong = [[photo], [photo] * 11, [photo, document]]
        for parts in wrong:
            with pytest.raises(BadRequest):
                await stage.bot.send_media_group(LEA, parts)

    on_stage(play)


def test_voice_notes_copies_and_forwards() -> None:
    async def play(stage: Stage) -> None:
        voice = await stage.bot.send_voice(LEA, b"OggS", duration=3)
        assert voice.voice is not None
        assert voice.voice.to_dict()["duration"] == 3
        text = await stage.bot.send_message(LEA, "<b>x</b>", parse_mode="HTML")
        copied = await stage.bot.copy_message(MARC, LEA, text.message_id)
        assert stage.simulator.world.chats[MARC].messages[copied.message_id].text == "x"
        forwarded = await stage.bot.forward_message(MARC, LEA, text.message_id)
        assert forwarded.forward_origin is not None
        secret = await stage.bot.send_message(LEA, "s", protect_content=True)
        with pytest.raises(BadRequest, match=r"(?i)Message can't be copied"):
            await stage.bot.copy_message(MARC, LEA, secret.message_id)
        with pytest.raises(BadRequest, match=r"(?i)Message can't be forwarded"):
            await stage.bot.forward_message(MARC, LEA, secret.message_id)
        with pytest.raises(BadRequest, match=r"(?i)Message to copy not found"):
            await stage.bot.copy_message(MARC, LEA, 99)
        assert len(await stage.bot.copy_messages(MARC, LEA, [text.message_id, 99])) == 1

    on_stage(play)


def test_a_reply_names_its_message_or_is_refused() -> None:
    async def play(stage: Stage) -> None:
        asked = stage.write("combien ?")
        sent = await stage.bot.send_message(LEA, "10", reply_parameters=ReplyParameters(asked))
        assert sent.reply_to_message is not None
        assert sent.reply_to_message.text == "combien ?"
        with pytest.raises(BadRequest, match=r"(?i)Message to be replied not found"):
            await stage.bot.send_message(LEA, "10", reply_parameters=ReplyParameters(99))
        lenient = ReplyParameters(99, allow_sending_without_reply=True)
        assert (
            await stage.bot.send_message(LEA, "10", reply_parameters=lenient)
        ).reply_to_message is None

    on_stage(play)


def test_a_reply_keyboard_is_shown_by_the_page_and_blocks_edits() -> None:
    async def play(stage: Stage) -> None:
        keyboard = ReplyKeyboardMarkup([[KeyboardButton("Mon numéro", request_contact=True)]])
        sent = await stage.bot.send_message(LEA, "x", reply_markup=keyboard)
        [shown] = (await stage.http.get(f"{stage.simulator.url}/chat/{LEA}/messages")).json()[
            "messages"
        ]
        assert shown["reply_keyboard"] == [["Mon numéro"]]
        assert shown["buttons"] == []
        with pytest.raises(BadRequest, match=r"(?i)Message can't be edited"):
            await sent.edit_text("y")

    on_stage(play)


def inline(button: dict[str, object]) -> dict[str, object]:
    return {"inline_keyboard": [[button]]}


NO_ACTION = (
    "Bad Request: can't parse inline keyboard button: "
    "Text buttons are unallowed in the inline keyboard"
)


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (inline({"text": "a", "callback_data": "é" * 33}), "Bad Request: BUTTON_DATA_INVALID"),
        (inline({"text": "a", "callback_data": ""}), NO_ACTION),
        (inline({"text": "a"}), NO_ACTION),
        (
            inline({"callback_data": "a"}),
            "Bad Request: can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            inline({"text": "a", "url": "ftp://a.fr"}),
            (
                "Bad Request: inline keyboard button URL 'ftp://a.fr' is invalid: "
                "Unsupported URL protocol"
            ),
        ),
        (
            inline({"text": "a", "url": "nowhere"}),
            "Bad Request: inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        (inline({"text": "a", "copy_text": {"text": ""}}), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
        (
            inline({"text": "a", "copy_text": {"text": "x" * 257}}),
            "Bad Request: BUTTON_COPY_TEXT_INVALID",
        ),
        (
            inline({"text": "a", "callback_data": "a", "style": "red"}),
            "Bad Request: BUTTON_STYLE_INVALID",
        ),
        (
            {"inline_keyboard": [[{"text": "a", "callback_data": "a"}] * 9]},
            "Bad Request: reply markup is too long",
        ),
        (
            {"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101},
            "Bad Request: reply markup is too long",
        ),
        ("{", "Bad Request: can't parse reply keyboard markup JSON object"),
        ("[]", "Bad Request: object expected as reply markup"),
    ],
)
def test_a_wrong_keyboard_is_refused(markup: object, reason: str) -> None:
    async def play(stage: Stage) -> None:
        assert (
            await stage.refusal("sendMessage", chat_id=LEA, text="x", reply_markup=markup) == reason
        )

    on_stage(play)


def test_a_keyboard_at_its_limits_passes() -> None:
    async def play(stage: Stage) -> None:
        rows = [[{"text": "a", "callback_data": "é" * 32}] * 8] * 12
        answer = await stage.answer(
            "sendMessage", chat_id=LEA, text="x", reply_markup=json.dumps({"inline_keyboard": rows})
        )
        assert answer["ok"]

    on_stage(play)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": 77, "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": LEA}, "Bad Request: message text is empty"),
        ({"chat_id": LEA, "text": " \n "}, "Bad Request: message text is empty"),
        (
            {"chat_id": LEA, "text": "<b> </b>", "parse_mode": "html"},
            "Bad Request: text must be non-empty",
        ),
        (
            {"chat_id": LEA, "text": "a < b", "parse_mode": "HTML"},
            'Bad Request: can\'t parse entities: Unsupported start tag "" at byte offset 2',
        ),
        (
            {"chat_id": LEA, "text": "*x*", "parse_mode": "MarkdownV2"},
            "Bad Request: can't parse entities: this parse_mode is not supported here",
        ),
        ({"chat_id": LEA, "text": "x", "parse_mode": "rtf"}, "Bad Request: unsupported parse_mode"),
        ({"chat_id": LEA, "text": "\ud83d"}, "Bad Request: strings must be encoded in UTF-8"),
    ],
)
def test_a_wrong_text_is_refused(params: dict[str, object], reason: str) -> None:
    async def play(stage: Stage) -> None:
        body = json.dumps(params)
        address = f"{stage.simulator.api_url}{stage.simulator.token}/sendMessage"
        headers = {"Content-Type": "application/json"}
        answer = (await stage.http.post(address, content=body, headers=headers)).json()
        assert answer == {"ok": False, "error_code": 400, "description": reason}

    on_stage(play)


def test_an_unknown_method_and_a_wrong_token_are_refused_as_telegram_does() -> None:
    async def play(stage: Stage) -> None:
        assert await stage.answer("sendNothing") == {
            "ok": False,
            "error_code": 404,
            "description": "Not Found: method not found",
        }
        answer = await stage.http.post(f"{stage.simulator.api_url}1:wrong/getMe")
        assert (answer.status_code, answer.json()["description"]) == (401, "Unauthorized")
        assert (await stage.answer("GETME"))["ok"]

    on_stage(play)
