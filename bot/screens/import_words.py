"""The words for everything that may be said of an imported file, by code."""

from __future__ import annotations

KINDS = {
    "receivables": "open receivables",
    "customers": "customers",
    "payments": "payments",
    "history": "history of invoices",
    "orders": "orders",
    "notices": "public notices",
    "registry": "register of companies",
    "rejects": "bank returns",
    "cover": "credit insurance",
    "privileges": "entries at the court",
    "rating": "ratings",
    "accounts": "annual accounts",
    "bank": "bank accounts",
}
STATES = {
    "open": "running again",
    "kept": "kept",
    "kept_late": "kept late",
    "partly_kept": "partly kept",
    "broken": "not kept",
    "moot": "void (credit note)",
}
RECEIVABLES = "receivables"
COUNTS = {
    True: (
        "new: {new} · changed: {changed} · settled: {settled} · "
        "unchanged: {unchanged} · rejected: {rejected}"
    ),
    False: "new: {new} · changed: {changed} · unchanged: {unchanged} · rejected: {rejected}",
}
MOVES = {"raised": "raised", "worsened": "worse", "eased": "better", "cleared": "cleared"}
NOTICES = {
    "other_sheets": (
        "Only the sheet “{sheet}” was read, not: {others}. Put everything on one sheet, "
        "or send one file per sheet."
    ),
    "repeated": (
        "This very file was imported already, as of {as_of}: nothing changed. "
        "If it holds for a later day, state the day with --as-of."
    ),
    "many_vanished": (
        "Open items that are no longer listed and count as settled: {vanished} of {open}. "
        "If this is not the whole list, import it again with --partial."
    ),
    "unread_items": (
        "Open items that unreadable lines are about, left as they were: {unread}. "
        "Correct these lines and import the file again."
    ),
    "vanished_or_unread": (
        "Lines that could not be read: {n}; items that count as settled: {vanished}. "
        "Check that they are not the same."
    ),
}
COUNTED = {
    "other_accounts": (
        "{n} entry of another account than those of customers (411, 413, 416): left aside.",
        "{n} entries of other accounts than those of customers (411, 413, 416): left aside.",
    ),
    "doubled_lines": (
        (
            "{n} line says exactly what another one says (same customer, number, dates and "
            "amounts): both count. Look at it (line {lines}): if it is one too many, take it out "
            "and import the file again."
        ),
        (
            "{n} lines say exactly what others say (same customer, number, dates and amounts): "
            "all of them count. Look at them (lines {lines}): if they are too many, as when an "
            "export was put together twice, take them out and import the file again."
        ),
    ),
    "doubled_payments": (
        (
            "{n} line says exactly what another one says (same customer, day, amount, invoice and "
            "reference): both count as money received. Look at it (line {lines}): if it is one too "
            "many, the next export of open invoices puts it right."
        ),
        (
            "{n} lines say exactly what others say (same customer, day, amount, invoice and "
            "reference): all of them count as money received. Look at them (lines {lines}): if "
            "they are too many, the next export of open invoices puts it right."
        ),
    ),
    "withdrawn_repeats": (
        (
            "{n} item that repeated another one exactly is no longer listed: it was withdrawn, it "
            "does not count as paid."
        ),
        (
            "{n} items that repeated others exactly are no longer listed: they were withdrawn, "
            "they do not count as paid."
        ),
    ),
    "due_dates_derived": (
        "{n} invoice states no due date: it was derived from the payment terms.",
        "{n} invoices state no due date: it was derived from the payment terms.",
    ),
    "counted_eom_a": (
        (
            "{n} of these due dates counts the days, then the end of that month "
            "(month_end in payment_terms.toml)."
        ),
        (
            "{n} of these due dates count the days, then the end of that month "
            "(month_end in payment_terms.toml)."
        ),
    ),
    "counted_eom_b": (
        (
            "{n} of these due dates counts to the end of the month of issue, then the days "
            "(month_end in payment_terms.toml)."
        ),
        (
            "{n} of these due dates count to the end of the month of issue, then the days "
            "(month_end in payment_terms.toml)."
        ),
    ),
    "terms_unread": (
        "{n} invoice has payment terms that I do not understand (“{words}”).",
        "{n} invoices have payment terms that I do not understand (“{words}”, for one).",
    ),
    "due_dates_unknown": (
        (
            "{n} invoice has no due date, and no payment terms are known for it: it never counts "
            "as late. State the due date, or the customer's terms in the file of customers "
            "(“30 jours fin de mois”); where nothing is agreed, the law says 30 days after receipt."
        ),
        (
            "{n} invoices have no due date, and no payment terms are known for them: they never "
            "count as late. State the due dates, or the customers' terms in the file of customers "
            "(“30 jours fin de mois”); where nothing is agreed, the law says 30 days after receipt."
        ),
    ),
    "older_lines": (
        "{n} line is older than what was imported already: it was left aside.",
        "{n} lines are older than what was imported already: they were left aside.",
    ),
    "foreign": (
        "{n} line is about a company that is no customer: it was left aside.",
        "{n} lines are about companies that are no customers: they were left aside.",
    ),
    "unapplied": (
        "{n} payment matches no invoice: shown as a credit, nobody is called for it.",
        "{n} payments match no invoice: shown as credits, nobody is called for them.",
    ),
}
FILES = {
    "empty": "{file} is empty: export it again.",
    "no_header": (
        "{file}: no line with column titles was found. Its first line must name at least the "
        "customer, the invoice, the due date and what is still open: put these titles in, "
        "then send the file again."
    ),
    "aged_balance": "{file} is an aged balance: I need the list of open invoices, line by line.",
    "too_large": "{file} is too large.",
    "unreadable": "{file} cannot be read: save it again as CSV or XLSX.",
    "unsupported": "{file} is of a kind I do not read: save it as CSV or XLSX.",
    "protected": (
        "{file} is protected by a password: open it, save it without one, then send it again."
    ),
    "total_mismatch": (
        "{file} was not imported: line {line} says {expected} in “{column}”, "
        "its lines add up to {found}. Export it again, or correct the lines or this total."
    ),
    "no_rows": (
        "{file} was not imported: no line of it could be read. Correct them, then send it again."
    ),
    "columns_missing": (
        "{file} cannot be read as “{kind}”: no column holds {missing}. "
        "It has: {headers}. Say which one: {options}"
    ),
    "as_of_in_future": "{file} was not imported: its date, {as_of}, is still to come.",
}
COLUMNS = {
    "customer": "the customer's code",
    "siren": "the SIREN number",
    "siret": "the SIRET number",
    "on": "the date",
    "amount": "the amount",
    "order": "the number of the order",
    "code": "the reason of the return",
    "decision": "the insurer's decision",
    "entry": "what was entered",
    "closing": "the end of the year",
    "equity": "the equity",
    "result": "the result",
    "rating": "the rating",
    "iban": "the IBAN",
    "state": "the administrative state",
    "familleavis": "the family of the notice (familleavis)",
    "dateparution": "the day it appeared (dateparution)",
    "registre": "the register (registre)",
}
"""The columns that files which are no ledger's must have, in words."""
REASONS = {
    "missing_customer": "no customer",
    "collective_account": (
        "an account that all customers share, and no customer's code in CompAuxNum: export the "
        "FEC with its auxiliary accounts, or send the list of open invoices instead"
    ),
    "missing_name": "no name",
    "missing_amount": "no amount",
    "missing_date": "no date",
    "invalid_amount": "not an amount",
    "ambiguous_amount": "an amount that can be read in two ways",
    "excess_decimals": "more decimals than the currency has",
    "amount_too_large": "an amount beyond belief",
    "invalid_date": "not a date",
    "contradictory_dates": "a date that contradicts the others",
    "unknown_currency": "an unknown currency",
    "currency_conflict": "two currencies on one line",
    "unknown_sign": "neither debit nor credit",
    "debit_and_credit": "both debit and credit",
    "too_many_cells": "more cells than columns",
    "too_few_cells": "fewer cells than columns",
    "cell_too_long": "a cell too long",
    "broken_quotes": "a quotation mark that never closes",
    "control_characters": "control characters were dropped",
    "undecodable": "characters that cannot be read",
    "truncated": "a text that was cut",
    "invalid_siren": "not a SIREN number",
    "invalid_siret": "not a SIRET number",
    "invalid_vat": "not a VAT number",
    "invalid_email": "not an e-mail address",
    "code_too_long": "a customer code of more than 60 characters",
    "unknown_customer": "a customer that no file has named yet",
}


def settles(kind: str, settled: int) -> bool:
    """Tell whether a report counts what is settled: a list of customers settles nothing."""
    return settled > 0 or kind == RECEIVABLES
