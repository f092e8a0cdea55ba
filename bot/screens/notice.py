"""News outside alerts and digests: an account handed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.screens.account import OpenAccount, balance_lines
from bot.screens.render import Speaker
from bot.screens.screen import Button, Screen

if TYPE_CHECKING:
    from bot.use_cases.accounts import Account

WHYS = {
    "second_broken_promise": "Too many promises were broken: no more are taken.",
    "promise_too_small": "A promise below the least amount waits for your approval.",
    "promise_too_late": "A promise with a late date waits for your approval.",
    "plan": "A payment plan is asked for: you decide.",
    "refusal": "The customer refuses to pay.",
    "insolvency": "Insolvency proceedings: reminders are stopped.",
    "bad_faith": "Signs of bad faith: a formal notice is to be decided.",
    "payment_terms": "The customer disputes the payment terms.",
    "lawyer": "The customer's lawyer has written: reminders are stopped.",
    "other": "The rep needs your decision.",
}


@dataclass(frozen=True, slots=True)
class Escalation:
    """What was handed over: why, by whom, and his own words."""

    why: str
    note: str
    by: str


def escalated(speaker: Speaker, account: Account, escalation: Escalation) -> Screen:
    """Tell who decides that an account is his now, with what is at stake."""
    text = speaker.page(
        "notice/escalated.html",
        customer=account.customer,
        lines=balance_lines(account.balances, account.items, account.today, account.floor),
        why=speaker.say(WHYS.get(escalation.why, WHYS["other"])),
        note=escalation.note,
        by=escalation.by,
    )
    account_button = Button(
        speaker.say("Open the account"), OpenAccount(account.customer.id), style="primary"
    )
    return Screen(text, ((account_button,),))
