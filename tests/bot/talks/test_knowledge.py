"""The cards in the chat: themes, search, and the card offered when it is needed."""

from __future__ import annotations

from bot.screens.knowledge import OfferCard, ShowCard, ShowTheme
from bot.screens.promise import StartPromise
from tests.bot.talks.stage import JULIE, Chat, account, chat, invoice, keyboard


def labels(told: Chat) -> list[str]:
    return [key["text"] for row in keyboard(told.bodies[-1]) for key in row]


def fiche(told: Chat, word: str = "") -> str:
    return told.send(JULIE, command="fiche", arguments=word)


def test_the_command_alone_shows_the_themes(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        assert "49 fiches" in fiche(told)
        assert labels(told)[0] == "Moyens de paiement"


def test_a_theme_lists_its_cards_with_their_figures_and_a_way_back(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        told.tap(ShowTheme("means"))
        plain = [" ".join(label.split()) for label in labels(told)]
        assert any(label.startswith("Espèces : interdites au-delà de 1 000 €") for label in plain)
        assert plain[-1] == "← Thèmes"


def test_a_card_tells_its_figures_its_source_and_its_date(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        said = told.tap(ShowCard("penalites"))
        assert "12,15 % (valeur à vérifier)" in said
        assert "Art. L441-10 II et D441-5 C. com." in said
        assert "Vérifié le 21/11/2026" in said
        assert "{" not in said
        assert labels(told) == ["← Retour"]


def test_what_was_not_read_in_a_source_says_so(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        assert "Valeur à vérifier en partie" in told.tap(ShowCard("gapd"))
        assert "à vérifier en partie" not in told.tap(ShowCard("cheque"))


def test_a_typed_word_finds_cards_and_a_single_one_opens_at_once(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        assert "fiches pour « cheque »" in fiche(told, "cheque")
        assert "Les deux sont licites" in fiche(told, "45 jours fin de mois deux lectures")
        assert "Aucune fiche" in fiche(told, "<b>zzzz</b>")


def test_what_has_moved_on_leads_back_to_the_themes(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        assert "49 fiches" in told.tap(ShowCard("no-such-card"))
        assert "49 fiches" in told.tap(ShowTheme("no-such-theme"))
        told.tap(OfferCard("no-such-card"))
        assert told.toast


def test_choosing_a_cheque_offers_the_points_to_check(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 40_000)
        told.tap(StartPromise(customer))
        told.press("Tout")
        told.type("demain")
        assert not any("📖" in label for label in told.labels())
        told.press("Chèque")
        assert any("3 points à vérifier" in label for label in told.labels())
        step = told.shown[JULIE]
        said = told.press("3 points")
        assert "Présentation sous 8 jours" in said
        assert told.shown[JULIE] is step
        told.type("123456")
        assert not any("📖" in label for label in told.labels())
