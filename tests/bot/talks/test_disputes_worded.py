"""A decision says what puts the dispute right, by its reason: credit note, new invoice, posting."""

from __future__ import annotations

import re

import pytest

from bot.screens.dispute import ShowDispute
from bot.screens.dispute_file import FULL, NONE, PART, CloseDispute, DecideDispute
from credit.dispute import DisputeReason, Remedy, remedy
from tests.bot.talks.dispute_desk import SPACES, claimed, labels, news, opened
from tests.bot.talks.stage import CLAIRE, JULIE, Chat, chat

DUE = "1 680,00 € redeviennent exigibles. Reprise des relances le mercredi 25 novembre."
SOME_DUE = "180,00 € redeviennent exigibles. Reprise des relances le mercredi 25 novembre."
ALL_DUE = "1 800,00 € redeviennent exigibles. Reprise des relances le mercredi 25 novembre."
L05 = DisputeReason.ADMINISTRATIVE
L06 = DisputeReason.INVOICING_ERROR
L08 = DisputeReason.PAYMENT_NOT_POSTED
L11 = DisputeReason.CONTRACT
L12 = DisputeReason.CLAIM_DENIED
REST = "Le reste, 1 680,00 €, reste dû : pouvez-vous le régler avant le mercredi 25 novembre ?"
WORDED = {
    (L05, FULL): (
        "Facture à corriger, pour 300,00 €. Toute la facture reste suspendue jusqu’à sa correction",
        "Clôturez le litige quand la facture corrigée sera partie.",
        "Fondé : facture corrigée à venir, pour 300,00 €",
        "Votre réclamation sur la facture F-1042 est acceptée : une facture corrigée suit.",
    ),
    (L06, FULL): (
        "Avoir à établir : 300,00 €. Toute la facture reste suspendue jusqu’à l’avoir.",
        "L’avoir, une fois lettré, clora le litige.",
        "Fondé : avoir de 300,00 € à venir",
        "Votre réclamation sur la facture F-1042 est acceptée : un avoir de 300,00 € suit.",
    ),
    (L08, FULL): (
        "Règlement à imputer : 300,00 €. Toute la facture reste suspendue jusqu’à l’imputation.",
        "Le règlement, une fois imputé, clora le litige.",
        "Fondé : règlement de 300,00 € à imputer",
        "est acceptée : nous imputons votre règlement de 300,00 €.",
    ),
    (L11, FULL): (
        "À isoler ou à déduire selon le contrat : 300,00 €, suspendus jusque-là.",
        "Clôturez le litige quand le montant sera isolé ou déduit.",
        "Fondé : 300,00 € à isoler ou à déduire selon le contrat",
        "la facture F-1042, nous vous donnons raison pour 300,00 € : nous appliquons le contrat.",
    ),
    (L12, FULL): (
        "Avoir à établir : 300,00 €, suspendus jusqu’à l’avoir.",
        "L’avoir, une fois lettré, clora le litige.",
        "Fondé : avoir de 300,00 € à venir",
        "Le reste, 1 500,00 €, est échu : quel jour le réglez-vous ?",
    ),
    (L05, PART): (
        f"Facture à corriger, pour 120,00 €, suspendus jusqu’à sa correction.\n{DUE}",
        "le mercredi 25 novembre ; clôturez le litige quand la facture corrigée sera partie.",
        "Fondé en partie : facture corrigée à venir, pour 120,00 €",
        f"nous vous donnons raison pour 120,00 € : la facture corrigée suit. {REST}",
    ),
    (L06, PART): (
        f"Avoir à établir : 120,00 €, suspendus jusqu’à l’avoir.\n{DUE}",
        "le mercredi 25 novembre ; l’avoir clora le litige.",
        "Fondé en partie : avoir de 120,00 € à venir",
        f"nous vous donnons raison pour 120,00 € : l’avoir suit. {REST}",
    ),
    (L08, PART): (
        f"Règlement à imputer : 120,00 €, suspendus jusqu’à l’imputation.\n{DUE}",
        "le mercredi 25 novembre ; le règlement, une fois imputé, clora le litige.",
        "Fondé en partie : règlement de 120,00 € à imputer",
        f"nous avons retrouvé un règlement de 120,00 € : nous l’imputons. {REST}",
    ),
    (L11, PART): (
        f"À isoler ou à déduire selon le contrat : 120,00 €, suspendus jusque-là.\n{SOME_DUE}",
        "le mercredi 25 novembre ; clôturez le litige quand le montant sera isolé ou déduit.",
        "Fondé en partie : 120,00 € à isoler ou à déduire selon le contrat",
        "nous vous donnons raison pour 120,00 € : nous appliquons le contrat.",
    ),
    (L12, PART): (
        "suspendus jusqu’à l’avoir.\nLa relance n’a jamais cessé : elle continue pour 180,00 €.",
        "La relance continue sur le reste ; l’avoir clora le litige.",
        "Fondé en partie : avoir de 120,00 € à venir",
        "Le reste, 1 680,00 €, est échu : quel jour le réglez-vous ?",
    ),
    **{
        (reason, NONE): (
            ALL_DUE,
            "Reprise des relances le mercredi 25 novembre.",
            "Non fondé : 1 800,00 € restent dus",
            "1 800,00 € restent dus. Pouvez-vous les régler avant le mercredi 25 novembre ?",
        )
        for reason in (L05, L06, L08)
    },
    (L12, NONE): (
        "La relance n’a jamais cessé.",
        "La relance continue.",
        "Non fondé : 300,00 € restent dus",
        "300,00 € restent dus. Quel jour les réglez-vous ?",
    ),
}
CLAIMED = {
    **{(reason, ruling): 0 for reason in (L05, L06, L08) for ruling in (FULL, PART, NONE)},
    (L11, FULL): 150_000,
    (L11, PART): 150_000,
    (L12, FULL): 150_000,
    (L12, PART): 168_000,
    (L12, NONE): 180_000,
}
"""What may be claimed at once; what was refused rests two worked days."""


def plain(text: str) -> str:
    return re.sub("<[^>]+>", "", text).translate(SPACES)


def ruled(told: Chat, key: int, ruling: str) -> tuple[str, str]:
    """Decide; return what is read over and what is said at the end."""
    told.tap(DecideDispute(key, ruling), CLAIRE)
    if ruling == PART:
        told.type("120", CLAIRE)
    read = told.type("Vu avec l'ADV", CLAIRE)
    return plain(read), plain(told.press("Valider la décision", CLAIRE))


@pytest.mark.parametrize(("reason", "ruling"), [key for key in WORDED if key[1] != NONE])
def test_a_decision_without_a_word_for_the_rep_is_worded_by_its_reason_too(
    sqlite_url: str, reason: DisputeReason, ruling: str
) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told, reason=reason)
        read = told.tap(DecideDispute(key, ruling), CLAIRE)
        if ruling == PART:
            told.type("120", CLAIRE)
        read = plain(told.press("Passer", CLAIRE))
        assert WORDED[reason, ruling][0] in read
        assert "prévenu aussitôt : sans commentaire" in read


@pytest.mark.parametrize(("reason", "ruling"), WORDED)
def test_a_decision_is_worded_by_its_reason(
    sqlite_url: str, reason: DisputeReason, ruling: str
) -> None:
    over, end, headline, sentence = WORDED[reason, ruling]
    with chat(sqlite_url) as told:
        customer, _, key = opened(told, reason=reason)
        read, done = ruled(told, key, ruling)
        assert over in read
        assert end in done
        [said] = news(told, JULIE)
        assert headline in said
        assert sentence in plain(said)
        assert claimed(told, customer) == CLAIMED[reason, ruling]
        told.wait(days=2)
        withheld = 150_000 if reason in {L11, L12} else 0
        left = {FULL: withheld, PART: 168_000, NONE: 180_000}[ruling]
        assert claimed(told, customer) == left


@pytest.mark.parametrize("reason", list(DisputeReason))
def test_a_reference_money_not_posted_and_a_contract_call_for_no_credit_note(
    sqlite_url: str, reason: DisputeReason
) -> None:
    called_for = {
        L05: Remedy.CORRECTED_INVOICE,
        L08: Remedy.POSTING,
        L11: Remedy.BY_CONTRACT,
    }
    assert remedy(reason) is called_for.get(reason, Remedy.CREDIT_NOTE)
    with chat(sqlite_url) as told:
        _, _, key = opened(told, reason=reason)
        read, done = ruled(told, key, FULL)
        [said] = news(told, JULIE)
        card = plain(told.type("Dupont"))
        for text in (read, done, said, card):
            assert ("avoir de" in text or "Avoir" in text or "’avoir" in text) == (
                remedy(reason) is Remedy.CREDIT_NOTE
            )


@pytest.mark.parametrize(
    ("reason", "button", "asked", "awaited"),
    [
        (L05, "Facture corrigée envoyée : clore", "reçu la facture corrigée ?", "ADV : facture à"),
        (L06, "Avoir passé : clore", "300,00 € est-il passé et lettré ?", "avoir à passer"),
        (L11, "Isolé ou déduit : clore", "à son échéance, ou déduit ?", "comptabilité : à isoler"),
        (L08, "Règlement imputé : clore", "300,00 € est-il imputé", "règlement à imputer"),
    ],
)
def test_what_is_awaited_and_closes_an_accepted_dispute_goes_by_its_reason(
    database_url: str, reason: DisputeReason, button: str, asked: str, awaited: str
) -> None:
    with chat(database_url) as told:
        customer, _, key = opened(told, reason=reason)
        ruled(told, key, FULL)
        assert awaited in plain(told.command("litiges", CLAIRE))
        told.tap(ShowDispute(key), CLAIRE)
        assert any(button in label for label in labels(told))
        assert asked in plain(told.tap(CloseDispute(key, 0), CLAIRE))
        told.tap(CloseDispute(key, 1), CLAIRE)
        assert claimed(told, customer) == 180_000
