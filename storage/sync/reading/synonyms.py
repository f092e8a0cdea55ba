"""The words by which exports name their columns, in French, in English and in SAP's codes.

Three tiers: a name that says one thing, a usual name, and a name that only the data
can make clear. Sources: the vocabulary of Sage, Cegid, EBP, Ciel, SAP, Odoo, QuickBooks.
"""

from __future__ import annotations

import re
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple

from storage.sync.reading.currencies import currency_named
from storage.sync.reading.fields import Field
from storage.sync.reading.texts import header_words


class Tier(IntEnum):
    """How clearly a header names a field."""

    CLEAR = 1
    USUAL = 2
    WEAK = 3


class Tongue(StrEnum):
    """The language of a header; codes of products have none."""

    FRENCH = "fr"
    ENGLISH = "en"
    NONE = ""


class Guess(NamedTuple):
    """A field that a header may name."""

    field: Field
    tier: Tier
    tongue: Tongue


_F = Field
_FR, _EN, _NO = Tongue.FRENCH, Tongue.ENGLISH, Tongue.NONE
_CLEAR, _USUAL, _WEAK = Tier.CLEAR, Tier.USUAL, Tier.WEAK
_TABLE: Final[tuple[tuple[Field, Tier, Tongue, str], ...]] = (
    (_F.CUSTOMER_CODE, _CLEAR, _FR, "code client|n client|reference client|ref client|numero de client|identifiant client|id client"),
    (_F.CUSTOMER_CODE, _CLEAR, _EN, "customer id|customer code|customer n|customer number|client id|client code|client number|account number|account code|customer account|debtor code|debtor id"),
    (_F.CUSTOMER_CODE, _USUAL, _FR, "code tiers|n tiers|compte tiers|compte auxiliaire|code auxiliaire|auxiliaire|n compte|compte client|n compte client|code compte|code debiteur"),
    (_F.CUSTOMER_CODE, _USUAL, _NO, "comp aux n|compauxnum|ct n|ct num|kunnr|customer key"),
    (_F.CUSTOMER_CODE, _WEAK, _FR, "client|tiers|debiteur|compte|code"),
    (_F.CUSTOMER_CODE, _WEAK, _EN, "customer|account|debtor|sold to|id"),
    (_F.CUSTOMER_NAME, _CLEAR, _FR, "raison sociale|nom client|nom tiers|intitule tiers|libelle tiers|libelle auxiliaire|denomination|denomination sociale|intitule client|raison sociale client|libelle client|nom debiteur"),
    (_F.CUSTOMER_NAME, _CLEAR, _EN, "customer name|client name|company name|account name|debtor name"),
    (_F.CUSTOMER_NAME, _USUAL, _FR, "intitule|intitule compte|intitule du compte|nom|partenaire|societe|nom 1"),
    (_F.CUSTOMER_NAME, _USUAL, _NO, "name 1|comp aux lib|ct intitule|name|partner|company"),
    (_F.CUSTOMER_NAME, _WEAK, _FR, "client|tiers|debiteur|auxiliaire"),
    (_F.CUSTOMER_NAME, _WEAK, _EN, "customer|account|debtor|client"),
    (_F.SIREN, _CLEAR, _NO, "siren|n siren|code siren|siren client"),
    (_F.SIRET, _CLEAR, _NO, "siret|n siret|code siret|siret client"),
    (_F.VAT, _CLEAR, _FR, "n tva|tva intracommunautaire|n tva intracommunautaire|n identification tva|tva intra|n tva intra|identifiant tva"),
    (_F.VAT, _CLEAR, _EN, "vat|vat number|vat n|vat id|tax id|vat registration number"),
    (_F.NUMBER, _CLEAR, _FR, "n facture|numero facture|ref facture|reference facture|facture n"),
    (_F.NUMBER, _CLEAR, _EN, "invoice number|invoice n|invoice id|invoice ref|invoice reference"),
    (_F.NUMBER, _USUAL, _FR, "facture|n piece|piece|n document|ref piece|reference piece|document|piece n"),
    (_F.NUMBER, _USUAL, _EN, "invoice|document number|document n|doc n|doc number"),
    (_F.NUMBER, _USUAL, _NO, "ec piece|ec refpiece|ec ref piece|piece ref|belnr|do piece"),
    (_F.NUMBER, _WEAK, _FR, "reference|numero|num|ref"),
    (_F.NUMBER, _WEAK, _EN, "number|reference|ref|transaction number"),
    (_F.NUMBER, _WEAK, _NO, "xblnr"),
    (_F.ISSUED_ON, _CLEAR, _FR, "date facture|date de facturation|date facturation|date emission|date emission facture|facture le"),
    (_F.ISSUED_ON, _CLEAR, _EN, "invoice date|issue date|billing date|invoiced on|issued on|bill date"),
    (_F.ISSUED_ON, _USUAL, _FR, "date piece|date document|date doc"),
    (_F.ISSUED_ON, _USUAL, _EN, "document date|doc date|transaction date"),
    (_F.ISSUED_ON, _USUAL, _NO, "piece date|bldat|ec date"),
    (_F.ISSUED_ON, _WEAK, _FR, "date|date comptable|date ecriture|date operation"),
    (_F.ISSUED_ON, _WEAK, _EN, "posting date|date"),
    (_F.ISSUED_ON, _WEAK, _NO, "budat|ecriture date"),
    (_F.DUE_ON, _CLEAR, _FR, "date echeance|date d echeance|date ech|dt ech|dt echeance|date limite de paiement|date limite paiement|echeance nette|a payer avant le|a payer avant|date echeance nette|echeance le"),
    (_F.DUE_ON, _CLEAR, _EN, "due date|date due|maturity date|date maturity|payment due date|due on|invoice due date|net due date"),
    (_F.DUE_ON, _CLEAR, _NO, "ec echeance"),
    (_F.DUE_ON, _USUAL, _FR, "echeance|ech"),
    (_F.DUE_ON, _USUAL, _EN, "due|maturity"),
    (_F.AMOUNT, _CLEAR, _FR, "montant ttc|total ttc|montant facture|montant facture ttc|montant initial|montant origine|montant d origine|montant total|montant total ttc|ttc|total facture"),
    (_F.AMOUNT, _CLEAR, _EN, "invoice amount|invoice total|total amount|original amount|gross amount|amount incl vat|amount total|amount including vat"),
    (_F.AMOUNT, _USUAL, _FR, "montant|montant en devise interne|montant devise|montant paiement|montant reglement|montant encaisse|montant regle|montant paye|montant recu|montant du reglement|montant du paiement|somme"),
    (_F.AMOUNT, _USUAL, _EN, "amount|payment amount|amount paid|amount received|paid amount|value"),
    (_F.AMOUNT, _USUAL, _NO, "dmbtr|wrbtr|ec montant"),
    (_F.AMOUNT, _WEAK, _FR, "total|reglement|encaissement"),
    (_F.AMOUNT, _WEAK, _EN, "total|payment"),
    (_F.NET, _CLEAR, _FR, "montant ht|total ht|ht|net ht"),
    (_F.NET, _CLEAR, _EN, "net amount|amount excl vat|amount excluding vat|untaxed amount"),
    (_F.OPEN, _CLEAR, _FR, "solde du|solde ouvert|reste du|reste a payer|reste a regler|restant du|montant restant du|montant restant|montant ouvert|montant du|solde a payer|solde restant|solde restant du|solde piece|solde facture|reste a encaisser|restant a payer|montant du ttc|reste du ttc|solde piece ttc"),
    (_F.OPEN, _CLEAR, _EN, "open amount|amount open|open balance|balance due|amount due|outstanding|outstanding amount|outstanding balance|remaining amount|amount residual|residual amount|open amt|remaining balance|unpaid amount|amount outstanding|amount remaining"),
    (_F.OPEN, _USUAL, _FR, "a payer|impaye|net a payer|montant impaye|encours"),
    (_F.OPEN, _USUAL, _EN, "unpaid|remaining"),
    (_F.OPEN, _WEAK, _FR, "solde|total du"),
    (_F.OPEN, _WEAK, _EN, "balance|total due"),
    (_F.PAID, _CLEAR, _FR, "deja regle|montant regle|montant encaisse|deja paye|montant paye|total regle"),
    (_F.PAID, _CLEAR, _EN, "amount paid|paid amount|paid to date"),
    (_F.PAID, _USUAL, _FR, "regle|encaisse|paye|acompte|acomptes"),
    (_F.PAID, _USUAL, _EN, "paid|payments"),
    (_F.PAID, _WEAK, _FR, "reglement|reglements|credit"),
    (_F.DEBIT, _CLEAR, _FR, "debit|montant debit|debit eur"),
    (_F.DEBIT, _CLEAR, _EN, "debit|debit amount|debits"),
    (_F.CREDIT, _CLEAR, _FR, "credit|montant credit"),
    (_F.CREDIT, _CLEAR, _EN, "credit|credit amount|credits"),
    (_F.SIGN, _CLEAR, _FR, "sens|d c|d ou c|debit credit|c d|sens d c|ec sens"),
    (_F.SIGN, _CLEAR, _NO, "shkzg|dr cr|dc|debit credit indicator"),
    (_F.LETTRAGE, _CLEAR, _FR, "lettrage|code lettrage|ecriture let|lettre|ec lettrage"),
    (_F.LETTRAGE, _USUAL, _FR, "let|l|rapprochement|piece de rapprochement"),
    (_F.LETTRAGE, _CLEAR, _NO, "augbl|matching|matching number|clearing document"),
    (_F.DOC_TYPE, _CLEAR, _FR, "type piece|type de piece|type document|type de document|type de transaction|type facture|type ecriture"),
    (_F.DOC_TYPE, _CLEAR, _EN, "document type|doc type|transaction type|invoice type|blart"),
    (_F.DOC_TYPE, _USUAL, _FR, "type|nature|nature piece"),
    (_F.DOC_TYPE, _WEAK, _FR, "journal|code journal|jnl"),
    (_F.TERMS, _CLEAR, _FR, "conditions de paiement|condition de paiement|conditions paiement|conditions de reglement|condition reglement|conditions reglement|delai de paiement|delai paiement|delai de reglement|delai reglement|modalites de paiement|modalite de reglement"),
    (_F.TERMS, _CLEAR, _EN, "payment terms|payment term|terms|zterm|terms of payment"),
    (_F.TERMS, _USUAL, _FR, "delai|mode de reglement|mode reglement"),
    (_F.REP_CODE, _CLEAR, _FR, "code representant|code commercial|code vendeur|n representant|code collaborateur|n commercial|matricule commercial"),
    (_F.REP_CODE, _CLEAR, _EN, "rep code|sales rep code|salesperson code|sales rep id|rep id|vkgrp|salesman code|sales person code"),
    (_F.REP_CODE, _USUAL, _FR, "representant|commercial|vendeur|collaborateur|charge d affaires"),
    (_F.REP_CODE, _USUAL, _EN, "rep|sales rep|salesperson|salesman|sales representative|account manager"),
    (_F.REP_CODE, _WEAK, _EN, "user"),
    (_F.REP_NAME, _CLEAR, _FR, "nom representant|nom commercial|nom vendeur|nom collaborateur|nom du representant"),
    (_F.REP_NAME, _CLEAR, _EN, "rep name|sales rep name|salesperson name"),
    (_F.REP_NAME, _WEAK, _FR, "representant|commercial|vendeur|collaborateur|charge d affaires"),
    (_F.TEAM, _CLEAR, _FR, "equipe|agence|region commerciale|secteur|equipe commerciale"),
    (_F.TEAM, _CLEAR, _EN, "team|sales team|branch|region"),
    (_F.CREDIT_LIMIT, _CLEAR, _FR, "encours autorise|plafond|plafond d encours|plafond encours|limite de credit|encours maximum|encours max|plafond credit|plafond de credit|limite credit|encours maxi"),
    (_F.CREDIT_LIMIT, _CLEAR, _EN, "credit limit|klimk|credit limit amount"),
    (_F.CREDIT_LIMIT, _USUAL, _FR, "assurance|montant garanti|encours garanti"),
    (_F.CURRENCY, _CLEAR, _FR, "devise|code devise|monnaie"),
    (_F.CURRENCY, _CLEAR, _EN, "currency|currency code|ccy|waers|idevise"),
    (_F.DISPUTED, _CLEAR, _FR, "litige|code litige|en litige|conteste|facture en litige"),
    (_F.DISPUTED, _CLEAR, _EN, "disputed|dispute|in dispute|is disputed"),
    (_F.REFERENCE, _USUAL, _FR, "libelle|libelle ecriture|reference|ref|votre reference|designation|reference paiement|reference reglement|n cheque|objet|commentaire"),
    (_F.REFERENCE, _USUAL, _EN, "reference|ref|description|payment reference|your reference|memo|label|payment id|transaction id"),
    (_F.REFERENCE, _USUAL, _NO, "xblnr|ecriture lib|sgtxt"),
    (_F.ORDER_NUMBER, _CLEAR, _FR, "n commande|numero commande|commande|bon de commande|ref commande|reference commande|n de commande client|n bon de commande"),
    (_F.ORDER_NUMBER, _CLEAR, _EN, "order number|order n|purchase order|po number|po|sales order|order id|order"),
    (_F.SETTLED_ON, _CLEAR, _FR, "date de reglement|date reglement|date de paiement|date paiement|regle le|paye le|date encaissement|date d encaissement|date solde|date lettrage"),
    (_F.SETTLED_ON, _CLEAR, _EN, "settled date|settlement date|settled on|payment date|paid date|paid on|date paid|clear date|clearing date|date settled|augdt"),
    (_F.RECEIVED_ON, _CLEAR, _FR, "date de reglement|date reglement|date de paiement|date paiement|regle le|paye le|date encaissement|date d encaissement|date de valeur|date valeur|recu le|date reception|date du reglement|date du paiement"),
    (_F.RECEIVED_ON, _CLEAR, _EN, "payment date|paid date|paid on|received on|receipt date|date received|value date|date paid|settled date|settlement date"),
    (_F.RECEIVED_ON, _WEAK, _FR, "date|date comptable|date ecriture|date operation|date piece"),
    (_F.RECEIVED_ON, _WEAK, _EN, "date|posting date|transaction date"),
    (_F.MEANS, _CLEAR, _FR, "mode de reglement|mode reglement|mode de paiement|mode paiement|moyen de paiement|moyen paiement|moyen de reglement|type reglement|type de reglement|mode rglt"),
    (_F.MEANS, _CLEAR, _EN, "payment method|payment means|means|method|payment type|means of payment"),
    (_F.PHONE, _CLEAR, _FR, "telephone|tel|portable|mobile|n telephone|telephone portable|tel portable|telephone 1|telephone 2|telephone fixe"),
    (_F.PHONE, _CLEAR, _EN, "phone|phone number|mobile phone|telephone number|contact phone"),
    (_F.PHONE, _WEAK, _FR, "contact"),
    (_F.EMAIL, _CLEAR, _FR, "mail|email|e mail|courriel|adresse mail|adresse email|adresse e mail|mail contact|email contact"),
    (_F.EMAIL, _CLEAR, _EN, "email address|contact email|mail address"),
    (_F.EMAIL, _WEAK, _FR, "contact"),
    (_F.CONTACT_NAME, _CLEAR, _FR, "interlocuteur|nom contact|nom du contact|contact comptabilite|nom interlocuteur|contact principal"),
    (_F.CONTACT_NAME, _CLEAR, _EN, "contact name|contact person"),
    (_F.CONTACT_NAME, _USUAL, _FR, "contact"),
    (_F.CONTACT_ROLE, _CLEAR, _FR, "fonction|fonction contact|role|qualite|fonction interlocuteur"),
    (_F.CONTACT_ROLE, _CLEAR, _EN, "contact role|job title|contact title|position"),
    (_F.ADDRESS, _CLEAR, _FR, "adresse|adresse 1|adresse 2|adresse 3|rue|code postal|cp|ville|pays|complement|complement adresse|adresse complement"),
    (_F.ADDRESS, _CLEAR, _EN, "address|address 1|address 2|street|zip|zip code|postcode|postal code|city|town|country|address line 1|address line 2"),
    (_F.GROUP_CODE, _CLEAR, _FR, "groupe|code groupe|maison mere|centrale|code centrale|client groupe|code maison mere"),
    (_F.GROUP_CODE, _CLEAR, _EN, "group|group code|parent|parent code|parent account"),
)  # fmt: skip

_LITTLE_WORDS: Final = frozenset({"de", "d", "la", "le", "des", "les", "the", "of"})
_BUCKET: Final = re.compile(
    r"(non echu|a echoir|echu|total echu|not due|current|overdue|"
    r"(de )?\d{1,3} (a )?\d{1,3}( j(ours?)?| days?)?( echus?)?|"
    r"(plus( de)?|sup(erieur)?( a)?|over|moins( de)?|inf(erieur)?( a)?|retard) \d{1,3}.*|"
    r"\d{1,3} (j|jours|days|et plus|plus)( et plus)?)"
)
_RAW_BUCKET: Final = re.compile(r"\s*(?:[<>+]\s*\d{2,3}|\d{2,3}\s*\+)\s*(?:j\w*|days?)?\s*", re.I)


def _compact(words: tuple[str, ...]) -> str:
    return "".join(words)


def _forms(words: tuple[str, ...]) -> list[str]:
    plain = tuple(word for word in words if word not in _LITTLE_WORDS) or words
    bare = tuple(word for word in plain if not currency_named(word) and word != "en") or plain
    no_tax = tuple(word for word in bare if word != "ttc") or bare
    no_du = tuple(word for word in bare if word != "du") or bare
    return list(dict.fromkeys(_compact(form) for form in (words, plain, bare, no_tax, no_du)))


def _catalogue() -> dict[str, tuple[Guess, ...]]:
    found: dict[str, dict[Field, Guess]] = {}
    for field, tier, tongue, names in _TABLE:
        for name in names.split("|"):
            words = header_words(name)
            plain = tuple(word for word in words if word not in _LITTLE_WORDS) or words
            for key in {_compact(words), _compact(plain)}:
                guesses = found.setdefault(key, {})
                if field not in guesses or tier < guesses[field].tier:
                    guesses[field] = Guess(field, tier, tongue)
    return {key: tuple(guesses.values()) for key, guesses in found.items()}


_CATALOGUE: Final = _catalogue()


def guesses(header: str) -> tuple[Guess, ...]:
    """Return the fields that a header may name, none when it is unknown."""
    words = header_words(header)
    if not words or len(words) > 8:  # noqa: PLR2004 - a sentence is not a header
        return ()
    for form in _forms(words):
        if form in _CATALOGUE:
            return _CATALOGUE[form]
    if _BUCKET.fullmatch(" ".join(words)) or _RAW_BUCKET.fullmatch(header):
        return (Guess(Field.BUCKET, Tier.CLEAR, Tongue.NONE),)
    return ()
