"""Every refusal in words, in one place."""

from __future__ import annotations

from bot.screens import formats
from bot.screens.render import Speaker
from bot.screens.screen import Screen
from bot.use_cases import refusals
from bot.use_cases.refusals import Refused
from credit.money import Money

TOAST_LIMIT = 200


def words(speaker: Speaker, refused: Refused) -> str:
    """Say a refusal as plain text, with what to do instead."""
    match refused:
        case refusals.NotYours():
            return speaker.say("This account is not in your portfolio.")
        case refusals.NotYourRole():
            return speaker.say("Your role does not allow this. Ask your credit manager.")
        case refusals.Outdated():
            return speaker.say("This card is of another day: here is the present one.")
        case refusals.TooLateToUndo(minutes):
            return speaker.say(
                "Undoing was possible for {minutes} minutes. Ask your credit manager.",
                minutes=minutes,
            )
        case refusals.InvitationRefused():
            return speaker.say("This invitation is not valid. Ask for a new one.")
        case refusals.AlreadyEnrolled(name):
            return speaker.say("You are already in, {name}.", name=name)
        case refusals.NothingToClaim():
            return speaker.say("Nothing is overdue on this account: there is nothing to promise.")
        case refusals.AmountTooHigh(most, currency):
            most_money = formats.money(Money.from_minor(most, currency), speaker.locale)
            return speaker.say("That is more than what is open: {most} at most.", most=most_money)
        case refusals.DateRefused():
            return speaker.say("I need a date from today on: 15/12, Friday, end of month…")
        case refusals.PromiseRefused(code):
            return _promise(speaker, code)
        case refusals.FileRefused(file, code):
            return speaker.say("{file} was not imported ({code}).", file=file, code=code)
        case refusals.MappingUncertain(file):
            return speaker.say("{file}: I am not sure what its columns mean.", file=file)
        case _:
            return speaker.say("This is not possible.")


def screen(speaker: Speaker, refused: Refused) -> Screen:
    """Show a refusal as a message of its own."""
    return Screen(speaker.page("refusal.html", words=words(speaker, refused)))


def defect(speaker: Speaker, reference: str) -> Screen:
    """Own up to a defect, with the reference that the log has too."""
    return Screen(speaker.page("defect.html", reference=reference))


def _promise(speaker: Speaker, code: str) -> str:
    known = {
        "cash_too_high": speaker.say("Cash above the legal ceiling is not allowed."),
        "no_amount": speaker.say("A promise needs an amount."),
        "too_many_lines": speaker.say("That is too many instalments for one promise."),
    }
    return known.get(code) or speaker.say("This promise breaks a rule: {code}.", code=code)
