"""Words of a cell that stand for a state: document types, sides, means of payment, yes and no."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from credit.receivable import ItemKind
from storage.sync.reading.fields import Means
from storage.sync.reading.reasons import Reason, Refused
from storage.sync.reading.texts import fold


def _words(**names: str) -> dict[str, str]:
    return {word: key for key, words in names.items() for word in words.split()}


_KINDS: Final = _words(
    credit_note="avoir avoirs av avo cn crn credit dg note",
    payment=(
        "reglement reglements rg rgl regl acompte acpt ac dz paiement payment pmt encaissement "
        "virement vir cheque chq bq banque receipt unapplied prepayment bqe rem tropercu"
    ),
    bill="effet effets lcr traite billet bill bo bor boe",
    invoice=(
        "facture factures fac fact fa f invoice inv ft rv dr vte vt ve vente ventes sale sales fc "
        "i standard"
    ),
    other="od ab an ran report nouveau",
)
_PREFIX: Final = re.compile(r"\s*([A-Za-z]{1,12})")
_BY_PREFIX: Final = {word: ItemKind(kind) for word, kind in _KINDS.items()}
_DEBITS: Final = frozenset({"d", "debit", "s", "1", "dr", "soll", "deb"})
_CREDITS: Final = frozenset({"c", "credit", "h", "cr", "haben", "cred"})
_NO: Final = frozenset({"", "non", "no", "n", "0", "false", "faux", "aucun", "none"})
_MEANS: Final = _words(
    instant="instantane instant sctinst inst",
    transfer="virement virements vir virt vrt transfer wire sct ach bacs transfert eft",
    cheque="cheque cheques chq ch check chk",
    bill="lcr traite effet effets billet bor boe bo bill",
    direct_debit="prelevement prelevements prlv prel prv sdd debit direct",
    card="cb carte card cards tpe visa mastercard",
    cash="especes espece esp cash liquide",
)


@lru_cache(maxsize=4096)
def item_kind(doc_type: str) -> ItemKind | None:
    """Return what a document type means, nothing when it says nothing known."""
    words = fold(doc_type).split()
    if "credit" in words and not {"note", "memo"} & set(words):
        words.remove("credit")
    for word in words:
        if word in _KINDS:
            return ItemKind(_KINDS[word])
    return None


def kind_by_number(number: str | None) -> ItemKind | None:
    """Return what the letters before a document's number mean: AV for a credit note."""
    prefix = _PREFIX.match(number) if number else None
    return _BY_PREFIX.get(prefix[1].lower()) if prefix else None


@lru_cache(maxsize=256)
def side(text: str) -> int:
    """Return 1 for a debit, -1 for a credit, 0 for a blank; SAP writes S and H."""
    if text.strip() in {"-1", "-"}:
        return -1
    word = fold(text)
    if text.strip() == "+" or word in _DEBITS:
        return 1
    if word in _CREDITS:
        return -1
    if word:
        raise Refused(Reason.UNKNOWN_SIGN, text)
    return 0


@lru_cache(maxsize=1024)
def is_yes(text: str) -> bool:
    """Tell whether a flag is up; a code (of a dispute's reason) is a yes."""
    return fold(text) not in _NO


@lru_cache(maxsize=1024)
def means_named(text: str) -> Means | None:
    """Return the means of payment that a text names, nothing when it is blank."""
    words = fold(text).split()
    if not words:
        return None
    named = {_MEANS[word] for word in words if word in _MEANS}
    for means in Means:
        if means is not Means.TRANSFER and means.value in named:
            return means
    return Means.TRANSFER if named else Means.OTHER
