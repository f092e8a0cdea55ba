"""What was said and done for an account, each event in one clear sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.screens import formats
from bot.screens.lights_words import LEVELS
from bot.screens.render import N_, Speaker
from credit.money import Money

Data = Mapping[str, Any]
TEXT = 60

OUTCOMES = {
    "promise": N_("promise obtained"),
    "dispute": N_("dispute"),
    "call_back": N_("to be called back"),
    "resent": N_("documents to send again"),
    "payment_announced": N_("says it is paid"),
    "correction_requested": N_("asks for a correction"),
    "plan_requested": N_("asks for a payment plan"),
    "escalated": N_("handed over"),
    "refused": N_("refuses to pay"),
    "insolvency": N_("insolvency proceedings"),
    "no_answer": N_("no answer"),
    "voicemail": N_("message left"),
    "wrong_person": N_("not the right person"),
    "no_commitment": N_("no commitment"),
    "postponed": N_("put off"),
}
CHANNELS = {"call": N_("Call"), "visit": N_("Visit"), "message": N_("Message")}
CHANNEL_MARKS = {"visit": "👁", "message": "✉️"}
REASONS = {
    "L01": N_("price, discount"),
    "L02": N_("quantity"),
    "L03": N_("quality"),
    "L04": N_("delivery"),
    "L05": N_("order number, reference"),
    "L06": N_("duplicate or wrong invoice"),
    "L07": N_("VAT"),
    "L08": N_("payment not posted"),
    "L09": N_("credit note promised"),
    "L10": N_("incomplete work"),
    "L11": N_("contract, retention"),
    "L12": N_("denies the debt"),
}
JUDGED = {
    "kept": N_("✅ Promise kept: {amount}"),
    "kept_late": N_("✅ Promise kept late: {amount}"),
    "partly_kept": N_("🟠 Promise partly kept: {amount}"),
    "broken": N_("🔴 Promise not kept: {amount}"),
    "moot": N_("⚪ Promise void, credit note: {amount}"),
    "open": N_("📅 Promise running: {amount}"),
}
ALERTS = {
    "alert.raised": N_("🔔 {level}"),
    "alert.worsened": N_("🔔 The alert worsens: {level}"),
    "alert.eased": N_("The alert eases: {level}"),
    "alert.cleared": N_("🟢 Back to normal"),
    "alert.acknowledged": N_("👍 Takes care of it"),
    "alert.snoozed": N_("⏰ Put off until {until}"),
    "alert.dismissed": N_("Alert set aside: {why}"),
    "alert.escalated": N_("Alert passed on to the manager: no answer"),
}
DISMISSALS = {
    "paid": N_("already paid"),
    "dispute": N_("dispute"),
    "data_error": N_("data error"),
    "other": N_("another reason"),
}
OTHERS = {
    "promise.withdrawn": N_("Promise withdrawn"),
    "promise.superseded": N_("Promise replaced by a new one"),
    "dispute.withdrawn": N_("Dispute withdrawn"),
    "dispute.closed": N_("✅ Dispute closed"),
    "dispute.undone": N_("↩️ Word on the dispute taken back"),
    "contact.withdrawn": N_("Contact withdrawn"),
    "customer.assigned": N_("Account given to {code}"),
    "guarantee.added": N_("🛡 Guarantee entered"),
    "guarantee.ended": N_("🛡 Guarantee ended"),
    "notice.drawn": N_("✉️ Formal notice drawn up"),
    "notice.ended": N_("✉️ Formal notice taken back"),
    "credit.completed": N_("Credit file completed"),
    "task.planned": N_("Planned: {task}, {day}"),
    "task.done": N_("✔ Done: {task}"),
}
TASKS = {
    "call_again": N_("call again"),
    "call_authority": N_("call whoever decides"),
    "call_manager": N_("call the manager"),
    "check_bank": N_("look at the bank"),
    "check_insolvency_notice": N_("look for an insolvency notice"),
    "check_payment_run": N_("check the payment run"),
    "check_promise": N_("check the promise"),
    "claim_declaration": N_("declare the claim"),
    "claim_goods": N_("claim our goods back"),
    "claim_remainder": N_("promise kept but for a rest: claim the rest"),
    "claim_relief": N_("ask for relief from foreclosure"),
    "seek_goods": N_("list our unpaid goods on site"),
    "oppose_sale": N_("oppose the sale of the business"),
    "correct_invoice": N_("have the invoice corrected"),
    "credit_note": N_("credit note"),
    "debtor_change": N_("change of debtor"),
    "delegation_of_payment": N_("delegation of payment"),
    "formal_notice": N_("formal notice"),
    "new_bank": N_("new bank details"),
    "offset_check": N_("check the offset"),
    "payment_terms_letter": N_("letter on payment terms"),
    "retention_split": N_("set the retention apart"),
    "send_confirmation": N_("send the confirmation"),
    "send_delivery_note": N_("send the delivery note"),
    "send_message": N_("send a message"),
    "visit": N_("visit"),
    "tell_decision": N_("dispute: tell the decision of credit"),
    "answer_credit": N_("dispute: answer the credit manager"),
}
RULED = {
    "founded": N_("✅ Dispute founded: {amount}"),
    "partly_founded": N_("🟠 Dispute partly founded: {amount}"),
    "unfounded": N_("⛔ Dispute unfounded: {amount} due again"),
}


def sentence(speaker: Speaker, kind: str, data: Data) -> str:
    """Say one event; plain text."""
    say = SENTENCES.get(kind)
    if say is not None:
        return say(speaker, data)
    if kind in ALERTS:
        return _alert(speaker, kind, data)
    words = OTHERS.get(kind)
    if words is None:
        return speaker.say("Other event: {kind}", kind=kind)
    return speaker.say(
        words,
        code=formats.name(str(data.get("code") or data.get("to") or "?"), TEXT),
        task=task(speaker, str(data.get("kind") or "")),
        day=_day(speaker, data.get("due_on")),
    )


def task(speaker: Speaker, kind: str) -> str:
    """Name something to do."""
    return speaker.say(TASKS[kind]) if kind in TASKS else speaker.say("something to do")


def reason(speaker: Speaker, code: str) -> str:
    """Name the reason of a dispute."""
    return speaker.say(REASONS[code]) if code in REASONS else code


def outcome(speaker: Speaker, code: str) -> str:
    """Name how a contact ended."""
    return speaker.say(OUTCOMES[code]) if code in OUTCOMES else code.replace("_", " ")


def last_contact(speaker: Speaker, on: date, author: str, result: str) -> str:
    """Say when the customer was last contacted, by whom, and how it ended."""
    return speaker.say(
        "Last contact: {day}, {author} · {outcome}",
        day=formats.short_day(on, speaker.locale),
        author=formats.name(author, 30),
        outcome=outcome(speaker, result),
    )


def _promise(speaker: Speaker, data: Data) -> str:
    days = [str(line.get("due_on")) for line in data.get("lines") or ()]
    words = speaker.say(
        "📅 Promise: {amount} by {day}",
        amount=_money(speaker, data),
        day=_day(speaker, max(days, default=None)),
    )
    if len(days) > 1:
        words += " · " + speaker.say("in {n} instalments", n=len(days))
    return words


def _judged(speaker: Speaker, data: Data) -> str:
    words = JUDGED.get(str(data.get("state")), JUDGED["open"])
    return speaker.say(words, amount=_money(speaker, data))


def _dispute(speaker: Speaker, data: Data) -> str:
    words = speaker.say(
        "✋ Dispute: {reason}, {amount}",
        reason=reason(speaker, str(data.get("reason"))),
        amount=_money(speaker, data),
    )
    return words + _after(data.get("invoice")) + _after(data.get("text"))


def _ruled(speaker: Speaker, data: Data) -> str:
    words = speaker.say(
        RULED.get(str(data.get("state")), RULED["founded"]), amount=_money(speaker, data)
    )
    return words + _after(data.get("invoice")) + _after(data.get("note"))


def _asked(speaker: Speaker, data: Data) -> str:
    return speaker.say("❓ Question on the dispute") + _after(data.get("note"))


def _answered(speaker: Speaker, data: Data) -> str:
    return speaker.say("💬 Answer on the dispute") + _after(data.get("note"))


def _contact(speaker: Speaker, data: Data) -> str:
    channel = speaker.say(CHANNELS.get(str(data.get("channel")), CHANNELS["call"]))
    said = outcome(speaker, str(data.get("outcome")))
    told = speaker.say("{channel}: {outcome}", channel=channel, outcome=said)
    mark = CHANNEL_MARKS.get(str(data.get("channel")), "📞")
    return f"{mark} {told}{_after(data.get('note'))}"


def _alert(speaker: Speaker, kind: str, data: Data) -> str:
    why = str(data.get("reason") or "other")
    return speaker.say(
        ALERTS[kind],
        level=speaker.say(LEVELS[data["level"]]) if data.get("level") in LEVELS else "",
        until=_day(speaker, data.get("until")),
        why=speaker.say(DISMISSALS.get(why, DISMISSALS["other"])) + _after(data.get("note")),
    )


def _decided(speaker: Speaker, data: Data) -> str:
    words = speaker.say("📊 Class {risk}", risk=str(data.get("class") or "?"))
    if data.get("amount") is not None:
        words += " · " + speaker.say("limit {amount}", amount=_money(speaker, data))
    return words + _after(data.get("note"))


def _sent(speaker: Speaker, data: Data) -> str:
    amount, day = _money(speaker, data), _day(speaker, data.get("on"))
    if data.get("kind") == "suspension":
        return speaker.say("✉️ Notice of suspension sent on {day}", day=day)
    return speaker.say("✉️ Formal notice of {amount} sent on {day}", amount=amount, day=day)


SENTENCES: Mapping[str, Callable[[Speaker, Data], str]] = {
    "promise.made": _promise,
    "promise.judged": _judged,
    "dispute.opened": _dispute,
    "dispute.decided": _ruled,
    "dispute.asked": _asked,
    "dispute.answered": _answered,
    "contact.recorded": _contact,
    "credit.decided": _decided,
    "notice.sent": _sent,
}


def _after(value: object) -> str:
    return f" · {formats.name(str(value), TEXT)}" if value else ""


def _money(speaker: Speaker, data: Data) -> str:
    amount, currency = data.get("amount"), data.get("currency")
    if amount is None or currency is None:
        return "—"
    return formats.money(Money(Decimal(str(amount)), str(currency)), speaker.locale)


def _day(speaker: Speaker, value: object) -> str:
    if not isinstance(value, str) or not value:
        return "—"
    return formats.short_day(date.fromisoformat(value[:10]), speaker.locale)
