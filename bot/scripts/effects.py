"""The closed list of effects that a conversation may ask for; use cases carry them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.scripts.reason import Reason


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to do in the same transaction as the turn; absent arguments are left out."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EffectKind:
    """What an effect takes: arguments it must have, may have, and the values a literal may be."""

    doc: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


TASKS = (
    "call_again",
    "call_authority",
    "call_manager",
    "check_bank",
    "check_insolvency_notice",
    "check_payment_run",
    "check_promise",
    "claim_declaration",
    "correct_invoice",
    "credit_note",
    "debtor_change",
    "delegation_of_payment",
    "formal_notice",
    "new_bank",
    "offset_check",
    "payment_terms_letter",
    "retention_split",
    "send_confirmation",
    "send_delivery_note",
    "send_message",
    "visit",
)
DOCUMENTS = ("invoice", "statement", "delivery_note")
CHANNELS = ("phone", "voicemail", "sms", "email", "visit")
FAITH = ("good", "bad", "unsure")
MEANS = ("transfer", "instant_transfer", "cheque", "bill", "direct_debit", "card", "cash")
ROLES = ("credit_manager", "sales_manager")
CONTACT_OUTCOMES = (
    "promise",
    "dispute",
    "call_back",
    "resent",
    "payment_announced",
    "correction_requested",
    "plan_requested",
    "escalated",
    "refused",
    "insolvency",
    "no_answer",
    "voicemail",
    "wrong_person",
    "no_commitment",
    "postponed",
)
DISPUTE_REASONS = tuple(f"L{rank:02d}" for rank in range(1, 13))
OBJECTIONS = tuple(f"M{rank:02d}" for rank in range(1, 27))

EFFECTS: Mapping[str, EffectKind] = {
    "promise": EffectKind(
        "Record a promise to pay: lines of {amount, due_on, means}, oldest invoices first "
        "unless `items` says otherwise; `engaged` false is kept as 'sans engagement' (7.2).",
        needs=("lines",),
        may=("person", "scope", "items", "engaged", "reference"),
        values={"scope": ("all", "oldest", "other")},
    ),
    "dispute": EffectKind(
        "Open a dispute by reason L01-L12; no amount means the whole invoice (8.2).",
        needs=("reason",),
        may=("scope", "amount", "item", "text", "photos", "reference"),
        values={"reason": DISPUTE_REASONS, "scope": ("whole", "part")},
    ),
    "contact": EffectKind(
        "Record one contact with the customer: one call is one record (7.1).",
        needs=("outcome",),
        may=("reason_code", "faith", "note", "channel", "person", "on", "reference"),
        values={
            "outcome": CONTACT_OUTCOMES,
            "reason_code": OBJECTIONS,
            "faith": FAITH,
            "channel": CHANNELS,
        },
    ),
    "task": EffectKind(
        "Give the rep (or the role named) something to do, on a date or in business days.",
        needs=("kind",),
        may=("in_business_days", "on", "note", "to", "reason_code", "channel"),
        values={
            "kind": TASKS,
            "to": (*ROLES, "sales_admin", "logistics", "accounts"),
            "reason_code": OBJECTIONS,
            "channel": CHANNELS,
        },
    ),
    "resend": EffectKind(
        "Prepare a document for the rep to forward to the customer.",
        needs=("document",),
        may=("address", "channel"),
        values={"document": DOCUMENTS, "channel": CHANNELS},
    ),
    "escalate": EffectKind(
        "Hand the account over to someone with the authority the rep lacks (1).",
        needs=("to", "why"),
        may=("note", "lines", "person"),
        values={
            "to": ROLES,
            "why": (
                "second_broken_promise",
                "promise_too_small",
                "promise_too_late",
                "plan",
                "refusal",
                "insolvency",
                "bad_faith",
                "payment_terms",
                "lawyer",
                "other",
            ),
        },
    ),
    "stop_dunning": EffectKind(
        "Stop every reminder on the account, insolvency proceedings being open (11.3).",
        needs=("why",),
        may=("court", "opened_on", "receiver"),
        values={"why": ("insolvency", "lawyer")},
    ),
    "confirmation": EffectKind(
        "Write the confirmation of what was promised, ready to forward the same day (7.1).",
        may=("channel",),
        values={"channel": CHANNELS},
    ),
    "contact_person": EffectKind(
        "Keep who decides, or who stands in, at the customer's.",
        needs=("name",),
        may=("role", "back_on"),
        values={"role": ("payments", "stand_in", "director", "approver")},
    ),
    "dismiss_alert": EffectKind(
        "Close an alert as not relevant, with the reason.",
        needs=("reason",),
        may=("note",),
        values={"reason": ("paid", "dispute", "data_error", "other")},
    ),
    "snooze_alert": EffectKind("Hide an alert until a morning.", needs=("until",)),
    "broadcast": EffectKind(
        "Send a message to an audience that was counted before.",
        needs=("message", "audience"),
        may=("team",),
        values={"audience": ("reps", "team", "managers", "everyone")},
    ),
    "decide_dispute": EffectKind(
        "Accept a dispute, in full or in part, or refuse it with the reason (8.2).",
        needs=("ruling",),
        may=("amount", "note"),
        values={"ruling": ("founded", "partly_founded", "unfounded")},
    ),
    "ask_about_dispute": EffectKind("Ask the rep about a dispute (8.2).", needs=("note",)),
    "answer_about_dispute": EffectKind(
        "Answer the credit manager's question on a dispute (8.2).", needs=("note",), may=("photos",)
    ),
    "ask_release": EffectKind(
        "Ask the credit manager to let a held order go (5.6).", needs=("reason",)
    ),
    "refuse_release": EffectKind(
        "Refuse to let a held order go, with what is possible instead.",
        needs=("alternative",),
        may=("note",),
        values={"alternative": ("prepay", "deposit", "smaller", "wait")},
    ),
    "credit_known": EffectKind(
        "Keep what no file tells of a company (5.4, 5.5).",
        may=("score", "founded", "since", "equity", "monthly"),
    ),
    "credit_decision": EffectKind(
        "Decide a customer's class and limit, with the reason; no limit is none (5.4, 5.5).",
        needs=("risk", "reason"),
        may=("limit",),
        values={"risk": ("A", "B", "C", "D", "E")},
    ),
    "guarantee": EffectKind(
        "Enter a guarantee in the register (6.3).",
        needs=("kind",),
        may=("amount", "until", "giver", "mentions", "reference", "photos"),
    ),
    "notice_sent": EffectKind(
        "Tell that a written notice was sent (5.6, 7.7).",
        needs=("means", "on"),
        may=("reference",),
        values={"means": ("registered", "email", "officer", "hand")},
    ),
    "opening_answer": EffectKind(
        "Keep the answer to a point of an account file (5.2).", may=("value", "photos")
    ),
    "opening_none": EffectKind("Note that a point of the file does not apply."),
    "opening_skip": EffectKind("Leave a point of the file for later."),
    "open_account": EffectKind(
        "Open an account: class, limit, validity in months, terms, guarantees (5.2).",
        needs=("risk", "months"),
        may=("limit", "terms", "guarantees", "first_order"),
    ),
    "send_back_account": EffectKind(
        "Refuse an account, or ask for more, with the reason.",
        needs=("decision", "note"),
        values={"decision": ("more", "refused")},
    ),
    "name_account": EffectKind("Say an account's code in the ledger.", needs=("code",)),
    "observation": EffectKind(
        "Keep something seen or heard on a visit; a rumour names its source (4.4).",
        needs=("code",),
        may=("source",),
    ),
    "observation_detail": EffectKind(
        "Add a remark, a photo or a voice note to what was seen last.", may=("text", "proof")
    ),
}


def plan_errors(
    name: str, literals: Mapping[str, object], references: Mapping[str, str]
) -> list[Reason]:
    """List what is wrong with the use of an effect: unknown name, arguments, literal values."""
    kind = EFFECTS.get(name)
    if kind is None:
        return [Reason("unknown effect {name!r}", name=name)]
    given = {*literals, *references}
    missing = [
        Reason("effect {name} needs {arg!r}", name=name, arg=arg)
        for arg in kind.needs
        if arg not in given
    ]
    unknown = sorted(given - {*kind.needs, *kind.may})
    wrong = [
        Reason("effect {name}: {arg} cannot be {value!r}", name=name, arg=arg, value=value)
        for arg, value in literals.items()
        if arg in kind.values and value not in kind.values[arg]
    ]
    return [
        *missing,
        *(Reason("effect {name} takes no {arg!r}", name=name, arg=arg) for arg in unknown),
        *wrong,
    ]
