"""Account files as a rep and a credit manager go through them in the chat."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from bot.screens.opening import DecideOpening, FillOpening, ListOpenings, SendOpening
from storage import tables
from tests.bot.talks.stage import CLAIRE, JULIE, Chat, account, keyboard

SIREN, SIRET, VAT = "732829320", "73282932000074", "FR44732829320"
IBAN = "FR7630006000011234567890189"
NAME = "Menuiserie Dupont SARL"


def begun(told: Chat, typed: str = "732 829 320", who: int = JULIE) -> Any:
    told.send(who, command="ouverture", arguments=typed)
    return told.all(tables.opening_file)[-1]


def new(told: Chat, who: int = JULIE) -> None:
    told.tap(ListOpenings(), who)
    told.press_of(told.bodies[-1], "Nouveau dossier", who)


def essentials(told: Chat) -> int:
    row = begun(told)
    for typed in (NAME, IBAN, "MENUISERIE DUPONT", "12 000"):
        told.type(typed)
    told.press("30 jours net")
    return int(row.id)


def answers(told: Chat) -> dict[str, Any]:
    return {row.point: row.value for row in told.all(tables.opening_answer)}


def file(told: Chat) -> Any:
    return told.all(tables.opening_file)[-1]


def news(told: Chat, who: int) -> list[dict[str, object]]:
    rows = told.all(tables.outbox)
    return [row.body for row in rows if row.kind == "opening" and row.chat_id == who]


def labels(told: Chat) -> list[str]:
    return [key["text"] for row in keyboard(told.bodies[-1]) for key in row]


def completed(told: Chat, key: int) -> None:
    """Fill in every point that is left, as a rep would: a tap, a text or a picture."""
    for block in ("identity", "bank", "needs", "working", "law", "risk"):
        said = told.tap(FillOpening(key, block))
        for _ in range(20):
            held = told.all(tables.conversation)[-1]
            if held.state != "active":
                break
            said = _answered(told, said)


def _answered(told: Chat, said: str) -> str:
    if "Envoyez la photo" in said:
        told.photo(f"p{len(answers(told))}")
        return told.press("Terminé")
    if "SIRET de facturation" in said:
        return told.type(SIRET)
    if "TVA" in said:
        return told.press(VAT)
    if "Date du Kbis" in said:
        return told.type("15/10/2026")
    if "CA annuel" in said:
        return told.type("150 000")
    first = told.labels()[0]
    pressed = first not in {"Plus tard ›", "Sans objet"}
    return told.press(first) if pressed else told.type("Mme Roche, 02 99 00 00 00")


def accepted(told: Chat, key: int) -> None:
    told.tap(SendOpening(key))
    told.tap(DecideOpening(key, "accept"), CLAIRE)
    for label in (
        "C · à",
        "12\u202f000",
        "3 mois",
        "30 jours net",
        "Passer",
        "Comptant",
        "Ouvrir le",
    ):
        told.press(label, CLAIRE)


def in_the_ledger(told: Chat, **values: Any) -> int:
    customer = account(told.work, code="N1", name="Menuiserie Dupont", **values)
    rows = tables.customer_row
    told.work.execute(
        update(rows).where(rows.c.id == customer).values(siren=SIREN, risk_class=None)
    )
    return customer


def ordered(told: Chat, amount: str = "1000") -> str:
    return told.send(JULIE, command="commande", arguments=f"Menuiserie {amount}")
