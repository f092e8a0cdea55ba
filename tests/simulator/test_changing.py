"""Edits, deletions, pins and answers to presses."""

from __future__ import annotations

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, Forbidden

from bot.simulator import gestures
from tests.simulator.stage import LEA, Stage, a_png, on_stage

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Oui", callback_data="y")]])
NO = InlineKeyboardMarkup([[InlineKeyboardButton("Non", callback_data="n")]])
TOO_OLD = "(?i)query is too old and response timeout expired or query id is invalid"


def test_a_text_and_its_keyboard_are_edited() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "un", reply_markup=YES)
        edited = await stage.bot.edit_message_text(
            "<i>deux</i>", LEA, sent.message_id, parse_mode="HTML"
        )
        assert not isinstance(edited, bool)
        assert (edited.text_html, edited.reply_markup) == ("<i>deux</i>", None)
        assert edited.edit_date is not None
        marked = await stage.bot.edit_message_reply_markup(LEA, sent.message_id, reply_markup=NO)
        assert not isinstance(marked, bool)
        assert marked.reply_markup == NO

    on_stage(play)


def test_an_edit_that_changes_nothing_is_refused() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "<b>un</b>", parse_mode="HTML", reply_markup=YES)
        same = {"chat_id": LEA, "message_id": sent.message_id, "reply_markup": YES.to_dict()}
        assert await stage.refusal(
            "editMessageText", text=" <b>un</b> ", parse_mode="HTML", **same
        ) == (
            "Bad Request: message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
        assert (await stage.answer("editMessageText", text="un", **same))["ok"]
        assert "is not modified" in await stage.refusal("editMessageReplyMarkup", **same)

    on_stage(play)


def test_what_cannot_be_edited_is_refused_with_the_right_words() -> None:
    async def play(stage: Stage) -> None:
        text = await stage.bot.send_message(LEA, "x")
        photo = await stage.bot.send_photo(LEA, a_png())
        own = stage.write("de Léa")
        for method, number, reason in (
            ("editMessageText", 99, "message to edit not found"),
            ("editMessageText", 0, "message identifier is not specified"),
            ("editMessageText", own, "message can't be edited"),
            ("editMessageText", photo.message_id, "there is no text in the message to edit"),
            ("editMessageCaption", text.message_id, "there is no caption in the message to edit"),
        ):
            refusal = await stage.refusal(method, chat_id=LEA, message_id=number, text="y")
            assert refusal == f"Bad Request: {reason}"

    on_stage(play)


def test_captions_and_media_are_edited() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_photo(LEA, a_png(), caption="un")
        captioned = await stage.bot.edit_message_caption(LEA, sent.message_id, caption="deux")
        assert not isinstance(captioned, bool)
        assert captioned.caption == "deux"
        media = InputMediaPhoto(a_png(50, 50), caption="trois")
        replaced = await stage.bot.edit_message_media(media, LEA, sent.message_id)
        assert not isinstance(replaced, bool)
        assert (replaced.photo[-1].width, replaced.caption) == (50, "trois")
        with pytest.raises(BadRequest, match="not modified"):
            await stage.bot.edit_message_media(media, LEA, sent.message_id)

    on_stage(play)


def test_messages_are_deleted_within_48_hours() -> None:
    async def play(stage: Stage) -> None:
        old = await stage.bot.send_message(LEA, "a")
        theirs = stage.write("b")
        assert await stage.bot.delete_message(LEA, theirs)
        with pytest.raises(BadRequest, match="Message to delete not found"):
            await stage.bot.delete_message(LEA, theirs)
        stage.clock.now += 48 * 3600 + 1
        with pytest.raises(BadRequest, match="Message can't be deleted"):
            await stage.bot.delete_message(LEA, old.message_id)
        new = await stage.bot.send_message(LEA, "c")
        assert await stage.bot.delete_messages(LEA, [new.message_id, 99])
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await stage.bot.edit_message_text("d", LEA, new.message_id)

    on_stage(play)


def test_a_press_reaches_the_bot_and_is_answered_once() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "?", reply_markup=YES)
        query = stage.press(sent.message_id)
        [update] = await stage.bot.get_updates()
        assert update.callback_query is not None
        assert (update.callback_query.data, update.callback_query.from_user.id) == ("y", LEA)
        with pytest.raises(BadRequest, match="Message_too_long"):
            await stage.bot.answer_callback_query(query, "x" * 201)
        assert await update.callback_query.answer("merci", show_alert=True)
        with pytest.raises(BadRequest, match=TOO_OLD):
            await stage.bot.answer_callback_query(query)
        with pytest.raises(BadRequest, match=TOO_OLD):
            await stage.bot.answer_callback_query("12345")
        answers = stage.simulator.world.people[LEA].answers
        assert answers == [{"query": query, "text": "merci", "alert": True}]

    on_stage(play)


def test_a_press_answered_late_is_too_old() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "?", reply_markup=YES)
        query = stage.press(sent.message_id)
        stage.clock.now += 31
        with pytest.raises(BadRequest, match=TOO_OLD):
            await stage.bot.answer_callback_query(query)

    on_stage(play)


def test_a_forged_press_carries_any_data_even_on_a_deleted_message() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "?", reply_markup=YES)
        await stage.bot.delete_message(LEA, sent.message_id)
        stage.press(sent.message_id, data="admin:grant")
        [update] = await stage.bot.get_updates()
        assert update.callback_query is not None
        assert update.callback_query.data == "admin:grant"
        assert update.callback_query.message is not None
        assert not update.callback_query.message.is_accessible

    on_stage(play)


def test_a_block_reaches_the_bot_and_refuses_its_messages() -> None:
    async def play(stage: Stage) -> None:
        gestures.set_blocked(stage.simulator.world, LEA, blocked=True)
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await stage.bot.send_message(LEA, "x")
        gestures.set_blocked(stage.simulator.world, LEA, blocked=False)
        await stage.bot.send_message(LEA, "x")
        updates = await stage.bot.get_updates()
        standings = [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member]
        assert standings == ["kicked", "member"]

    on_stage(play)


def test_an_edit_by_the_person_is_an_update_of_its_own() -> None:
    async def play(stage: Stage) -> None:
        number = stage.write("100")
        gestures.edit(stage.simulator.world, LEA, number, "1000")
        first, second = await stage.bot.get_updates()
        assert first.message is not None
        assert second.edited_message is not None
        assert (first.message.text, second.edited_message.text) == ("100", "1000")
        assert second.edited_message.edit_date is not None

    on_stage(play)


def test_pins_and_chat_facts() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "à garder")
        assert await stage.bot.pin_chat_message(LEA, sent.message_id)
        chat = await stage.bot.get_chat(LEA)
        assert chat.pinned_message is not None
        assert (chat.first_name, chat.pinned_message.text) == ("Léa", "à garder")
        assert await stage.bot.unpin_chat_message(LEA)
        with pytest.raises(BadRequest, match="Message to unpin not found"):
            await stage.bot.unpin_chat_message(LEA)
        assert (await stage.bot.get_chat_member(LEA, LEA)).status == "member"
        with pytest.raises(BadRequest, match="private chats"):
            await stage.bot.leave_chat(LEA)
        assert await stage.bot.send_chat_action(LEA, "typing")
        assert "wrong parameter action" in await stage.refusal(
            "sendChatAction", chat_id=LEA, action="x"
        )

    on_stage(play)


def test_a_group_that_is_left_gone_or_moved_answers_so() -> None:
    async def play(stage: Stage) -> None:
        group = {"id": -500, "title": "Ventes", "members": [LEA]}
        await stage.chat("groups", group)
        [update] = await stage.bot.get_updates()
        assert update.my_chat_member is not None
        assert update.my_chat_member.chat.type == "group"
        await stage.bot.send_message(-500, "bonjour")
        gestures.write(stage.simulator.world, LEA, "salut", chat_id=-500)
        assert (await stage.bot.get_updates(offset=-1))[0].message.chat.id == -500  # type: ignore[union-attr]
        await stage.bot.leave_chat(-500)
        for change, reason in (
            ({}, None),
            ({"status": "left"}, "Forbidden: bot is not a member of the group chat"),
            ({"status": "kicked"}, "Forbidden: bot was kicked from the group chat"),
            ({"status": "deleted"}, "Forbidden: the group chat was deleted"),
        ):
            await stage.chat("groups", {**group, **change})
            answer = await stage.answer("sendMessage", chat_id=-500, text="x")
            assert answer.get("description") == reason
        await stage.chat("groups", {**group, "migrated_to": -1005})
        answer = await stage.answer("sendMessage", chat_id=-500, text="x")
        assert answer["parameters"] == {"migrate_to_chat_id": -1005}

    on_stage(play)
