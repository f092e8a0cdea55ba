"""The guided call as its words read: small means, a broken word told first, a receiver's name."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, update

from bot.screens.account import PrepareCall
from bot.screens.calculation_taps import ShowFigures
from bot.screens.promise import StartPromise
from storage import tables
from tests.bot.talks.stage import CLAIRE, JULIE, account, chat, invoice
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
    return re.sub("</?b>", "", said.replace("\u00a0", " "))


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
