"""Every fact that a script may name: its type, where it comes from, and one line of doc."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FactType(StrEnum):
    """How a fact is written; a flag is only tested, never written."""

    MONEY = "money"
    DATE = "date"
    COUNT = "count"
    TEXT = "text"
    CHOICE = "choice"
    FLAG = "flag"
    INVOICES = "invoices"
    PROMISES = "promises"
    INSTALMENTS = "instalments"
    CONTACTS = "contacts"
    TEXTS = "texts"


class Origin(StrEnum):
    """Where a fact comes from: the account, the person's answers, or both reckoned together."""

    ACCOUNT = "account"
    ANSWER = "answer"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a text may fill in or a test may look at."""

    type: FactType
    doc: str
    origin: Origin = Origin.ACCOUNT


@dataclass(frozen=True, slots=True)
class OptionList:
    """A list of buttons that the data gives: the fields that each label may fill in."""

    doc: str
    fields: Mapping[str, FactType]


_ACCOUNT = {
    "rep": Fact(FactType.TEXT, "name of the person who calls"),
    "company": Fact(FactType.TEXT, "our company, as customers know it"),
    "customer": Fact(FactType.TEXT, "the customer's name"),
    "contact": Fact(FactType.TEXT, "the customer's person who decides on payments"),
    "contact_phone": Fact(FactType.TEXT, "his professional number, never a private one"),
    "contact_list": Fact(FactType.CONTACTS, "known persons: {name, role, phone}"),
    "currency": Fact(FactType.TEXT, "ISO code that typed amounts are in"),
    "terms": Fact(FactType.TEXT, "payment terms signed, in the reader's words"),
    "risk_class": Fact(FactType.TEXT, "class A to E of the customer"),
    "invoice_number": Fact(FactType.TEXT, "the oldest overdue invoice without a dispute"),
    "amount_due": Fact(FactType.MONEY, "what is to be claimed of that invoice"),
    "invoice_amount": Fact(FactType.MONEY, "all of that invoice, when less is to be claimed"),
    "due_date": Fact(FactType.DATE, "its due date"),
    "days_late": Fact(FactType.COUNT, "its days past due"),
    "delivery_signed_by": Fact(FactType.TEXT, "who signed its delivery note"),
    "delivery_signed_on": Fact(FactType.DATE, "when its delivery note was signed"),
    "amount_overdue": Fact(FactType.MONEY, "all that is overdue, disputed parts included"),
    "amount_claimable": Fact(FactType.MONEY, "all that is overdue, open disputes taken off"),
    "claimable_count": Fact(FactType.COUNT, "number of due dates it is claimed of"),
    "claimable_invoices": Fact(FactType.COUNT, "number of invoices it is claimed of"),
    "claimable_terms": Fact(FactType.COUNT, "its due dates, when all are of one invoice"),
    "overdue_count": Fact(FactType.COUNT, "number of overdue invoices"),
    "overdue_list": Fact(FactType.INVOICES, "them: {number, amount, due_on, days_late}"),
    "penalties": Fact(FactType.MONEY, "penalties to date, the flat fee not in them (L441-10 II)"),
    "flat_fees": Fact(FactType.MONEY, "the flat fee of 40 € of each late invoice (D441-5)"),
    "late_cost": Fact(FactType.MONEY, "penalties to date and flat fees together"),
    "credit_note_amount": Fact(FactType.MONEY, "credit notes agreed or awaited"),
    "balance_after_credit": Fact(FactType.MONEY, "what stays overdue once they are taken off"),
    "promise_history": Fact(FactType.PROMISES, "last promises: {amount, due_on, state}"),
    "last_promise_amount": Fact(FactType.MONEY, "the last promise that was not kept"),
    "last_promise_date": Fact(FactType.DATE, "its date"),
    "broken_promises": Fact(FactType.COUNT, "promises broken on the oldest overdue invoice"),
    "bad_faith_score": Fact(FactType.COUNT, "bad-faith points of the account (7.3)"),
    "attempts": Fact(FactType.COUNT, "unanswered attempts in a row, before this call"),
    "last_contacts": Fact(FactType.TEXTS, "the last three contacts, one line each"),
    "signals": Fact(FactType.TEXTS, "warning signals that are lit, one line each"),
    "promise_latest_date": Fact(FactType.DATE, "latest first date for the class (7.2)"),
    "promise_authority_date": Fact(FactType.DATE, "latest last date the rep may take alone"),
    "promise_least_amount": Fact(FactType.MONEY, "30 % of the overdue amount (7.2)"),
    "promise_most_lines": Fact(FactType.COUNT, "instalments allowed in one promise"),
    "cash_ceiling": Fact(FactType.MONEY, "legal ceiling of cash (D112-3 CMF)"),
    "order_amount": Fact(FactType.MONEY, "the order that is asked about"),
    "order_by": Fact(FactType.TEXT, "who asks to let the order go"),
    "class_proposed": Fact(FactType.TEXT, "class that the risk grid proposes"),
    "limit_proposed": Fact(FactType.MONEY, "limit proposed for the class chosen, else proposed"),
    "limit_now": Fact(FactType.MONEY, "limit in force"),
    "notice_amount": Fact(FactType.MONEY, "what the written notice claims, per currency"),
    "opening_point": Fact(FactType.TEXT, "the point of the account file that is asked for"),
    "opening_hint": Fact(FactType.TEXT, "how to answer it"),
    "opening_kind": Fact(FactType.FLAG, "photo, or typed"),
    "opening_following": Fact(FactType.FLAG, "the kind of the point that follows"),
    "opening_now": Fact(FactType.TEXT, "what was answered before"),
    "opening_amount_now": Fact(FactType.MONEY, "the amount answered before"),
    "opening_lacking": Fact(FactType.COUNT, "points that terms wait for"),
    "opening_wanted": Fact(FactType.MONEY, "credit that the new customer asks for"),
    "opening_terms_wanted": Fact(FactType.TEXT, "terms that the new customer asks for"),
    "dispute_contested": Fact(FactType.MONEY, "amount of the dispute to decide"),
    "dispute_number": Fact(FactType.TEXT, "number of the invoice it is about"),
    "dispute_by": Fact(FactType.TEXT, "who opened it"),
    "dunning_resumes_on": Fact(FactType.DATE, "when it is claimed again if refused today"),
    "dispute_at_stake": Fact(FactType.MONEY, "what it holds back: its part, or all of its invoice"),
    "dispute_remedy": Fact(
        FactType.FLAG, "what puts it right: credit note, new invoice, posting, contract"
    ),
    "dispute_recorded": Fact(FactType.MONEY, "what this call's dispute withholds, once recorded"),
    "dispute_pause": Fact(FactType.FLAG, "what the dispute pauses: whole invoice, part or none"),
    "dispute_question": Fact(FactType.TEXT, "what was said about it last"),
    "alert_signal": Fact(FactType.TEXT, "the signal that the alert is about"),
    "alert_figure": Fact(FactType.TEXT, "the figure that lit it"),
    "recipients": Fact(FactType.COUNT, "people in the audience chosen"),
    "team_name": Fact(FactType.TEXT, "whose team was chosen"),
}

_ANSWERS = {
    "person": Fact(FactType.TEXT, "who takes the engagement at the customer's", Origin.ANSWER),
    "means": Fact(FactType.CHOICE, "means of payment promised", Origin.ANSWER),
    "due_on": Fact(FactType.DATE, "date of the instalment being entered", Origin.ANSWER),
    "amount": Fact(FactType.MONEY, "amount of the instalment being entered", Origin.ANSWER),
    "said": Fact(FactType.FLAG, "the promise was typed in one line", Origin.ANSWER),
    "reason": Fact(FactType.CHOICE, "objection M01-M26", Origin.ANSWER),
    "dispute_reason": Fact(FactType.CHOICE, "type of dispute L01-L12", Origin.ANSWER),
    "dispute_amount": Fact(FactType.MONEY, "part that is disputed", Origin.ANSWER),
    "dispute_text": Fact(FactType.TEXT, "what the customer says", Origin.ANSWER),
    "ruling": Fact(FactType.CHOICE, "decision on a dispute", Origin.ANSWER),
    "ruling_amount": Fact(FactType.MONEY, "part of the dispute that is accepted", Origin.ANSWER),
    "ruling_note": Fact(FactType.TEXT, "why, for the rep", Origin.ANSWER),
    "call_back_on": Fact(FactType.DATE, "when to call again", Origin.ANSWER),
    "stand_in": Fact(FactType.TEXT, "who decides or stands in", Origin.ANSWER),
    "announced_on": Fact(FactType.DATE, "date that the customer announces", Origin.ANSWER),
    "message": Fact(FactType.TEXT, "text of the broadcast", Origin.ANSWER),
    "audience": Fact(FactType.CHOICE, "who receives it", Origin.ANSWER),
    "until": Fact(FactType.DATE, "end of the snooze", Origin.ANSWER),
    "guarantee_kind": Fact(FactType.CHOICE, "kind of guarantee entered", Origin.ANSWER),
    "guarantee_amount": Fact(FactType.MONEY, "amount of the guarantee", Origin.ANSWER),
    "guarantee_until": Fact(FactType.DATE, "its last day", Origin.ANSWER),
    "opening_class": Fact(FactType.CHOICE, "class that the account opens with", Origin.ANSWER),
    "opening_limit": Fact(FactType.MONEY, "limit that the account opens with", Origin.ANSWER),
    "seen": Fact(FactType.CHOICE, "what was seen on a visit, T01-T26", Origin.ANSWER),
    "proof": Fact(FactType.CHOICE, "photo or voice note of what was seen", Origin.ANSWER),
    "remark": Fact(FactType.TEXT, "a word about what was seen", Origin.ANSWER),
}

_DERIVED = {
    "claimable_now": Fact(
        FactType.MONEY, "what may be asked for, this call's dispute taken off", Origin.DERIVED
    ),
    "rest_due": Fact(FactType.FLAG, "anything may be asked for now", Origin.DERIVED),
    "promise_total": Fact(FactType.MONEY, "sum of the instalments", Origin.DERIVED),
    "promise_count": Fact(FactType.COUNT, "number of instalments", Origin.DERIVED),
    "promise_lines": Fact(FactType.INSTALMENTS, "them: {amount, due_on, means}", Origin.DERIVED),
    "promise_first_date": Fact(FactType.DATE, "first instalment", Origin.DERIVED),
    "promise_last_date": Fact(FactType.DATE, "last instalment", Origin.DERIVED),
    "promise_rest": Fact(
        FactType.MONEY, "what may be asked for and is not yet promised", Origin.DERIVED
    ),
    "promise_partial": Fact(FactType.FLAG, "something is left to promise", Origin.DERIVED),
    "promise_may_grow": Fact(FactType.FLAG, "one more instalment is possible", Origin.DERIVED),
    "promise_too_late": Fact(FactType.FLAG, "first date after the class allows", Origin.DERIVED),
    "promise_too_far": Fact(FactType.FLAG, "last date beyond the rep's authority", Origin.DERIVED),
    "promise_too_small": Fact(FactType.FLAG, "total below the least amount", Origin.DERIVED),
    "promise_beyond_due": Fact(FactType.FLAG, "total above what is overdue", Origin.DERIVED),
    "cash_too_high": Fact(FactType.FLAG, "cash above the legal ceiling", Origin.DERIVED),
    "disputed_number": Fact(FactType.TEXT, "number of the invoice disputed", Origin.DERIVED),
    "disputed_balance": Fact(FactType.MONEY, "what is open on it", Origin.DERIVED),
    "disputed_now": Fact(FactType.MONEY, "amount disputed in this call", Origin.DERIVED),
    "dispute_too_high": Fact(FactType.FLAG, "more disputed than is open", Origin.DERIVED),
    "ruling_rest": Fact(FactType.MONEY, "what is claimed again", Origin.DERIVED),
    "ruling_too_high": Fact(FactType.FLAG, "more accepted than disputed", Origin.DERIVED),
    "photo_count": Fact(FactType.COUNT, "photos attached", Origin.DERIVED),
}

FACTS: Mapping[str, Fact] = {**_ACCOUNT, **_ANSWERS, **_DERIVED}

_DAY = {"day": FactType.DATE}

OPTION_LISTS: Mapping[str, OptionList] = {
    "date_chips": OptionList("likely dates of payment; each value is the date in ISO form", _DAY),
    "promise_chips": OptionList(
        "likely dates of a first payment that the class allows, in ISO form", _DAY
    ),
    "call_back_chips": OptionList(
        "likely dates of the next call; each value is the date in ISO form", _DAY
    ),
    "term_chips": OptionList(
        "likely last days of a guarantee; each value is the date in ISO form", _DAY
    ),
    "sent_chips": OptionList(
        "the last days, today first; each value is the date in ISO form", _DAY
    ),
    "contact_chips": OptionList(
        "persons known at the customer's; each value is the name",
        {"name": FactType.TEXT, "role": FactType.TEXT},
    ),
    "invoice_options": OptionList(
        "open invoices, the oldest first; each value is what the use case knows it by",
        {
            "number": FactType.TEXT,
            "amount": FactType.MONEY,
            "due_on": FactType.DATE,
            "days_late": FactType.COUNT,
        },
    ),
    "team_options": OptionList(
        "teams; each value is what the audience is chosen by", {"name": FactType.TEXT}
    ),
    "opening_options": OptionList(
        "answers to a point of an account file; each value is its code", {"name": FactType.TEXT}
    ),
    "opening_validity": OptionList(
        "how long a decision may hold; each value is in months", {"months": FactType.COUNT}
    ),
    "opening_terms": OptionList(
        "terms of payment; each value is their code", {"name": FactType.TEXT}
    ),
    "opening_firsts": OptionList(
        "rules of a first order; each value is their code", {"name": FactType.TEXT}
    ),
    "opening_guarantees": OptionList(
        "guarantees; each value is their code", {"name": FactType.TEXT}
    ),
}
