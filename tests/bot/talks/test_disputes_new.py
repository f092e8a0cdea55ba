"""A new dispute rings the credit manager in working hours, once, and its undoing reaches him."""

from __future__ import annotations

from datetime import timedelta

from bot.screens.dispute import StartDispute, WithdrawDispute
from bot.screens.dispute_file import FULL, AskAboutDispute
from storage import tables
from tests.bot.talks.dispute_desk import decided, left, news, opened, said, worded
from tests.bot.talks.stage import CLAIRE, JULIE, Chat, account, chat, invoice, keyboard


def test_who_decides_hears_of_a_new_dispute_at_once(database_url: str) -> None:
    with chat(database_url) as told:
        opened(told)
        [body] = worded(told, CLAIRE)
        assert said(body).startswith("🆕 <b>Nouveau litige</b>\n✋ <b>")
        assert "Contesté : <b>300,00 €</b>" in said(body)
        assert "Trois palettes cassées" in said(body)
        assert "0 jour" not in said(body)
        assert "✅ Fondé" in [key["text"] for row in keyboard(body) for key in row]
        assert not news(told, JULIE)


def test_the_form_of_the_rep_rings_the_credit_manager_too(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        filled_in(told)
        assert "Nouveau litige" in news(told, CLAIRE)[0]


def until_the_photo(told: Chat) -> None:
    """Contest a whole invoice, up to the question of a photo."""
    customer = account(told.work)
    invoice(told.work, customer, "F-1042", 180_000, 34)
    told.tap(StartDispute(customer))
    told.type("casse")
    told.press("F-1042")
    told.press("Toute la facture")
    told.type("Trois palettes cassées")


def filled_in(told: Chat) -> str:
    until_the_photo(told)
    told.press("Passer")
    return told.press("Ouvrir le litige")


def test_a_whole_invoice_disputed_is_said_with_its_amount_at_the_end(database_url: str) -> None:
    with chat(database_url) as told:
        end = filled_in(told).replace("\u202f", " ").replace("\u00a0", " ")
        assert "1 800,00 €" in end
        assert "à préciser" not in end


def test_words_typed_where_a_photo_is_asked_for_are_told_so(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        until_the_photo(told)
        assert "J’attends ici une photo" in told.type("la photo suit")


def test_one_who_decides_is_not_told_of_his_own_dispute(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1042", 180_000, 34)
        told.tap(StartDispute(customer), CLAIRE)
        told.type("casse", CLAIRE)
        told.press("F-1042", CLAIRE)
        told.press("Toute la facture", CLAIRE)
        told.type("Trois palettes cassées", CLAIRE)
        told.press("Passer", CLAIRE)
        told.press("Ouvrir le litige", CLAIRE)
        assert told.all(tables.dispute)[0].state == "open"
        assert not news(told, CLAIRE)


def test_a_dispute_of_the_evening_is_left_to_the_digest(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        told.at = told.now.local.replace(hour=19, minute=30).astimezone(told.at.tzinfo)
        opened(told)
        assert not news(told, CLAIRE)
        told.wait(hours=12)
        assert "Litiges à trancher : 1" in told.command("resume_du_jour", CLAIRE)


def test_news_that_waited_for_a_digest_does_not_leave_any_more(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        opened(told)
        told.at += timedelta(days=1)
        assert not news(told, CLAIRE)


def test_a_dispute_taken_back_before_the_news_left_rings_nobody(database_url: str) -> None:
    with chat(database_url) as told:
        filled_in(told)
        told.wait(seconds=3)
        told.press("Annuler")
        assert told.all(tables.dispute)[0].state == "withdrawn"
        assert not news(told, CLAIRE)


def test_news_that_left_is_brought_up_to_date_when_the_dispute_is_taken_back(
    database_url: str,
) -> None:
    with chat(database_url) as told:
        _, _, key = opened(told)
        left(told, CLAIRE, 77)
        told.tap(WithdrawDispute(key))
        [body] = worded(told, CLAIRE)
        assert (body["method"], body["params"]["message_id"]) == ("editMessageText", 77)
        assert "Retiré" in said(body)
        assert "Nouveau litige" not in said(body)
        assert "✅ Fondé" not in [key["text"] for row in keyboard(body) for key in row]


def test_what_was_decided_before_the_news_left_is_no_news(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told)
        told.tap(AskAboutDispute(key), CLAIRE)
        told.type("Le bon est-il signé ?", CLAIRE)
        assert not news(told, CLAIRE)
        decided(told, key, FULL, "Passer")
        assert not news(told, CLAIRE)
