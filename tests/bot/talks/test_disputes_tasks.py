"""What a dispute leaves to do: named in words, leading to its file, never a bare identifier."""

from __future__ import annotations

from bot.screens.account import OpenAccount, ShowHistory
from bot.screens.dispute import ShowDispute, StartDispute
from bot.screens.dispute_file import NONE, AskAboutDispute, ShowEvidence
from bot.screens.tap import decode
from bot.use_cases import worklist
from storage import people, tables
from tests.bot.talks.dispute_desk import decided, labels, opened
from tests.bot.talks.stage import (
    CLAIRE,
    JULIE,
    Chat,
    account,
    button,
    chat,
    invoice,
    keyboard,
)


def asked(told: Chat, key: int) -> None:
    told.tap(AskAboutDispute(key), CLAIRE)
    told.type("Le bon est-il signé ?", CLAIRE)


def test_a_question_leads_from_the_day_to_the_dispute(database_url: str) -> None:
    with chat(database_url) as told:
        _, _, key = opened(told)
        asked(told, key)
        assert "☐ litige : répondre à la question du crédit · Dupont" in told.command("aujourdhui")
        assert not [one for one in labels(told) if one.startswith("✔ Fait")]
        file = told.press_of(told.bodies[-1], "✍️ Répondre\N{NO-BREAK SPACE}: Dupont")
        assert "❓ votre réponse est attendue" in file
        assert "« Le bon est-il signé ? »" in file
        assert "✍️ Répondre" in labels(told)
        assert "❓ votre réponse est attendue" in told.command("litiges")
        assert "❓ réponse de Julie Martin attendue" in told.command("litiges", CLAIRE)


def test_a_decision_to_announce_leads_to_the_dispute_and_can_be_done(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _, key = opened(told)
        decided(told, key, NONE, "Livré conforme")
        said = told.command("aujourdhui")
        assert "☐ litige : annoncer la décision du crédit · Dupont" in said
        assert decode(str(button(told.bodies[-1], "Ouvrir")["callback_data"])) == ShowDispute(key)
        told.press_of(told.bodies[-1], "✔ Fait")
        assert "annoncer la décision" not in told.command("aujourdhui")
        assert "reprise des relances" in told.tap(OpenAccount(customer))


def test_the_line_of_a_digest_leads_to_the_dispute(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told)
        asked(told, key)
        assert "répondre à la question du crédit" in told.command("resume_du_jour")
        keys = [one["callback_data"] for row in keyboard(told.bodies[-1]) for one in row]
        assert ShowDispute(key) in [decode(str(one)) for one in keys]


def test_nobody_reads_the_identifier_that_a_task_keeps(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _, key = opened(told)
        asked(told, key)
        [task] = told.all(tables.task)
        julie = people.by_telegram(told.work, JULIE)
        assert julie is not None
        [found] = worklist.tasks(told.work, julie, told.now.today)
        assert (found.dispute, task.note) == (key, told.all(tables.dispute)[0].uid)
        screens = [told.command(one) for one in ("aujourdhui", "resume_du_jour", "litiges")]
        screens += [told.tap(one) for one in (OpenAccount(customer), ShowHistory(customer, 0))]
        assert not [one for one in screens if task.note in one]


def test_pictures_are_numbered_and_the_last_leads_back_to_the_dispute(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        begun(told, "casse")
        for name in ("photo-1", "photo-2"):
            told.photo(name)
        told.press("Terminé")
        told.press("Ouvrir le litige")
        [dispute] = told.all(tables.dispute)
        said = told.tap(ShowEvidence(dispute.id), CLAIRE)
        assert "📷 1/2 · <b>Dupont SARL</b>" in said
        assert "📷 2/2 · <b>Dupont SARL</b>" in said
        first, second = (body for body in told.bodies if "photo" in body["params"])
        assert not keyboard(first)
        back = button(second, "‹ Le litige")["callback_data"]
        assert decode(str(back)) == ShowDispute(dispute.id)


def test_each_picture_that_came_is_counted(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        begun(told, "casse")
        assert "Photos reçues : 1." in told.photo("photo-1")
        assert "Photos reçues : 2." in told.photo("photo-2")


def test_words_under_a_picture_are_said_not_to_be_kept(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        begun(told, "casse")
        said = told.photo("photo-1", caption="Palette du quai 3")
        assert "Photos reçues : 1." in said
        assert "La légende n’est pas gardée." in said
        assert "Palette" not in said
        assert "légende" not in told.photo("photo-2")
        told.press("Terminé")
        told.press("Ouvrir le litige")
        assert [row.file_id for row in told.all(tables.attachment)] == ["photo-1", "photo-2"]


def test_words_under_a_picture_that_a_step_of_words_refuses_are_asked_for(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        begun(told, "casse")
        told.press("Retour")
        said = told.photo("photo-1", caption="Trois palettes au quai 3")
        assert "J’attends ici une réponse écrite : envoyez la légende dans un message." in said
        assert "Je n’ai pas compris" not in said
        told.type("Trois palettes au quai 3")
        told.press("Passer")
        told.press("Ouvrir le litige")
        assert [row.text for row in told.all(tables.dispute)] == ["Trois palettes au quai 3"]


def begun(told: Chat, reason: str) -> None:
    customer = account(told.work)
    invoice(told.work, customer, "F-1042", 180_000, 34)
    told.tap(StartDispute(customer))
    told.type(reason)
    told.press("F-1042")
    told.press("Toute la facture")
    told.type("Trois palettes")


def test_who_denies_the_debt_is_told_to_pause_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        begun(told, "principe")
        assert "Rien n’est suspendu : tout reste à réclamer." in told.press("Passer")
        assert "Tout le compte demeure exigible." in told.press("Ouvrir le litige")
