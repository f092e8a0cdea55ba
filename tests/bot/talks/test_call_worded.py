"""The guided call as its words read: small means, a broken word told first, a receiver's name."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from bot.screens.account import PrepareCall
from bot.screens.promise import StartPromise
from storage import tables
from tests.bot.talks.stage import CLAIRE, JULIE, chat
from tests.bot.talks.test_call import as_far_as_the_objection, dupont


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
