"""The guided call as its words read: small means, a broken word told first, a receiver's name."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, update

from bot.screens.account import PrepareCall
from bot.screens.calculation_taps import ShowFigures
from bot.screens.dispute import StartDispute
from bot.screens.promise import StartPromise
from storage import tables
from tests.bot.talks.stage import CLAIRE, JULIE, Chat, account, button, chat, invoice, texts
from tests.bot.talks.test_call import TO_OBJECTION, as_far_as_the_objection, dupont


def test_a_means_is_written_small_inside_the_spoken_sentence(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        for label in ("Il s’engage à payer", "Tout"):
            told.press(label)
        told.type("vendredi")
        for label in ("Virement instantané", "Valider"):
            told.press(label)
        said = told.press("d’accord")
        assert "par virement instantané le" in said


def test_the_broken_word_is_told_before_a_call_though_nobody_called_before(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        customer = dupont(told)
        told.tap(StartPromise(customer))
        for label in ("Tout", "27/11", "Virement", "Mme Roche", "Valider"):
            told.press(label)
        told.work.execute(update(tables.promise).values(state="broken"))
        told.work.execute(update(tables.promise_line).values(state="broken"))
        told.work.execute(delete(tables.contact_record))
        told.tap(PrepareCall(customer))
        said = told.press("Commencer")
        assert "non tenue. Commencez par elle" in said
        assert "Derniers échanges : aucun" in said.replace("\u00a0", " ")


def plain(said: str) -> str:
    return re.sub("</?b>", "", said.replace("\u00a0", " ").replace("\u202f", " "))


def test_the_flat_fee_is_no_penalty_where_a_call_tells_what_lateness_costs(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        customer = dupont(told)
        figures = plain(told.tap(ShowFigures(customer)))
        alone = figures.split("Pénalités : ")[1].split(" +")[0]
        told.tap(PrepareCall(customer))
        said = plain(told.press("Commencer"))
        assert f"Pénalités à ce jour : environ {alone} + 80,00 € d’indemnité forfaitaire." in said
        for label in TO_OBJECTION[1:]:
            told.press(label)
        cents = int("".join(filter(str.isdigit, alone))) + 8_000
        whole = f"{cents // 100},{cents % 100:02}"
        assert f"ce retard coûte environ {whole} € à ce jour" in plain(told.type("m19"))


def test_penalties_in_another_currency_are_never_added_to_the_fee_of_the_law(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-7", 150_000, 34, currency="CHF")
        told.tap(PrepareCall(customer))
        said = plain(told.press("Commencer"))
        assert re.search(r"Pénalités à ce jour : environ 1\d,\d\d CHF \+ 40,00 € d’indem", said)
        for label in TO_OBJECTION[1:]:
            told.press(label)
        said = plain(told.type("m19"))
        assert re.search(r"ce retard coûte environ 1\d,\d\d CHF \+ 40,00 € à ce jour", said)


@pytest.mark.parametrize("who", [JULIE, CLAIRE])
def test_a_receiver_named_in_a_call_is_no_day_of_the_digest_nor_of_the_dashboard(
    database_url: str, who: int
) -> None:
    with chat(database_url) as told:
        as_far_as_the_objection(told)
        told.type("redressement")
        told.press("Oui, il le confirme")
        for typed in ("Lyon", "18/11", "Me Dupuis"):
            told.type(typed)
        assert ("claim_declaration", "Me Dupuis") in {
            (row.kind, row.note) for row in told.all(tables.task)
        }
        assert "lundi 23 novembre" in told.command("resume_du_jour", who)
        assert "Tableau de bord" in told.command("tableau", who)
        assert "Dupuis" not in told.press("Juridique", who)


def disputed(told: Chat, *choices: str) -> str:
    """Dispute all of the oldest invoice in the middle of a call, for its quality."""
    for label in TO_OBJECTION:
        told.press(label)
    for label in ("Il conteste", "La qualité", "bonne foi", *choices, "F-1", "Toute"):
        told.press(label)
    told.type("Palettes cassées")
    told.press("Passer")
    return plain(told.press("Ouvrir"))


def test_a_call_asks_for_no_rest_where_all_that_is_overdue_is_contested(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 150_000, 34)
        told.tap(PrepareCall(customer))
        said = disputed(told)
        assert "Le reste" not in said
        assert "Rien d’autre n’est échu sur ce compte." in said
        assert told.labels() == ["Terminer l’appel", "Mettre de côté"]
        assert "Litige ouvert" in told.press("Terminer")


def test_a_call_asks_for_the_rest_where_some_is_left(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 150_000, 34)
        invoice(told.work, customer, "F-2", 90_000, 12)
        told.tap(PrepareCall(customer))
        assert "Le reste, 900,00 €, n’est pas contesté" in disputed(told)
        assert not [label for label in told.labels() if "Terminer" in label]


def test_terms_that_nobody_knows_are_not_quoted(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        said = plain(told.type("m11"))
        assert "45 jours fin de mois. La facture F-1042 était à régler le" in said
        assert "conditions signées : les conditions" not in said
        told.press("Retour")
        told.work.execute(update(tables.customer_row).values(terms="45 jours fin de mois"))
        assert "Nos conditions signées : 45 jours fin de mois. La" in plain(told.type("m11"))


def too_late(told: Chat) -> None:
    """Promise all of it for a day that is not for a rep to grant."""
    told.press("Tout")
    told.type("25/12")
    told.press("Garder")
    told.press("Virement")


def test_what_credit_must_approve_is_no_agreement_for_the_customer(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        told.tap(StartPromise(dupont(told)))
        too_late(told)
        told.press("Mme Roche")
        told.press("Valider")
        said = [plain(text) for text in texts(told.bodies)]
        assert "Proposition transmise au credit manager : 2 400,50 €" in said[0]
        forwarded = said[-1]
        assert "J’ai noté la proposition de Mme Roche :" in forwarded
        assert "Elle reste soumise à l’accord de notre service crédit" in forwarded
        assert "confirme" not in forwarded
        copied = plain(button(told.bodies[-1], "Copier")["copy_text"]["text"])
        assert copied.startswith("Vous proposez : 2 400,50 € le 25/12/2026 par virement. Notre")


def test_a_call_locks_no_agreement_that_credit_must_give(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        told.press("Il s’engage à payer")
        too_late(told)
        assert "Sans son accord, tout reste à régler" in plain(told.press("Valider"))
        for label in ("d’accord", "Confirmé", "terminé"):
            told.press(label)
        assert "Proposition transmise au credit manager" in plain(told.press("e-mail"))


def test_one_payment_is_no_first_payment(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        told.tap(StartPromise(dupont(told)))
        for label in ("Tout", "27/11", "Virement", "Mme Roche"):
            told.press(label)
        said = plain(told.press("Valider"))
        assert "Promesse enregistrée : 2 400,50 € pour le vendredi 27 novembre." in said


def test_a_date_too_late_is_mended_by_typing_an_earlier_one(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        told.tap(StartPromise(dupont(told)))
        told.press("Tout")
        assert "est trop loin" in told.type("25/12")
        assert "est trop loin" in told.type("24/12")
        assert "Par quel moyen" in told.type("vendredi")


def test_more_than_an_invoice_owes_is_mended_by_typing_less(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        told.tap(StartDispute(dupont(told)))
        told.type("L02")
        for label in ("F-1042", "Une partie"):
            told.press(label)
        assert "dépasse ce qui est ouvert : 1 500,00 €" in plain(told.type("9999"))
        assert "Que dit le client" in told.type("300")
