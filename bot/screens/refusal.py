"""Every refusal in words, in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.screens import calculation, formats, opening_words, upload_words, visit
from bot.screens.render import N_, Speaker
from bot.screens.screen import Screen
from bot.use_cases import refusals
from bot.use_cases.refusals import Refused
from credit.money import Money

TOAST_LIMIT = 200
Words = Callable[[Speaker, Any], str]


def words(speaker: Speaker, refused: Refused) -> str:
    """Say a refusal as plain text, with what to do instead."""
    say = WORDS.get(type(refused))
    return say(speaker, refused) if say else speaker.say("This is not possible.")


def _undo(speaker: Speaker, refused: refusals.TooLateToUndo) -> str:
    sentence = "Undoing was possible for {minutes} minutes. Ask your credit manager."
    return speaker.say(sentence, minutes=refused.minutes)


def _too_high(speaker: Speaker, refused: refusals.AmountTooHigh) -> str:
    most = formats.money(Money.from_minor(refused.most_minor, refused.currency), speaker.locale)
    return speaker.say("That is more than what is open: {most} at most.", most=most)


def _mapping(speaker: Speaker, refused: refusals.MappingUncertain) -> str:
    sentence = "{file}: I am not sure what its columns mean."
    return speaker.say(sentence, file=formats.name(refused.file))


def _said(sentence: str) -> Words:
    return lambda speaker, _refused: speaker.say(sentence)


WORDS: dict[type[Refused], Words] = {
    refusals.CalculationRefused: calculation.refusal,
    refusals.ReleaseRefused: _said(N_("Nothing holds this order: there is nothing to ask for.")),
    refusals.NotYours: _said(N_("This account is not in your portfolio.")),
    refusals.NoSuchPortfolio: _said(N_("This account is not in your portfolio.")),
    refusals.NotYourRole: _said(N_("Your role does not allow this. Ask your credit manager.")),
    refusals.Outdated: _said(N_("This card is of another day: here is the present one.")),
    refusals.NothingToDecide: _said(
        N_("This dispute is no longer to be decided: it was decided or closed meanwhile.")
    ),
    refusals.TooLateToUndo: _undo,
    refusals.InvitationRefused: _said(N_("This invitation is not valid. Ask for a new one.")),
    refusals.AlreadyEnrolled: lambda speaker, refused: speaker.say(
        "You are already in, {name}.", name=formats.name(refused.name)
    ),
    refusals.NothingToClaim: _said(
        N_("Nothing is overdue on this account: there is nothing to promise.")
    ),
    refusals.AmountTooHigh: _too_high,
    refusals.MessageTooLong: lambda speaker, refused: speaker.say(
        "A message has 1 to {most} characters.", most=refused.most
    ),
    refusals.UsersFileRefused: lambda speaker, refused: speaker.say(
        "No column is called {missing}; the file has: {titles}",
        missing=formats.name(refused.missing, 40),
        titles=formats.name(refused.titles or "—", 300),
    ),
    refusals.ImportRunning: _said(N_("Another file is being imported. Try again in a moment.")),
    refusals.NobodyThere: _said(N_("There is nobody in this audience yet.")),
    refusals.DateRefused: _said(N_("I need a date from today on: 15/12, Friday, end of month…")),
    refusals.PromiseRefused: lambda speaker, refused: _promise(speaker, refused.code),
    refusals.OpeningRefused: opening_words.refusal,
    refusals.DecisionRefused: lambda speaker, refused: _decision(speaker, refused.code),
    refusals.ReasonMissing: _said(N_("Say why, in a few words.")),
    refusals.ForbiddenWords: visit.forbidden,
    refusals.VoiceTooLong: visit.too_long,
    refusals.FileRefused: upload_words.refusal,
    refusals.MappingUncertain: _mapping,
}


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
        "broken_too_often": speaker.say(
            "Too many promises were already broken on this invoice: hand it to your credit manager."
        ),
    }
    return known.get(code) or speaker.say("This promise cannot be taken as it stands.")


DECISIONS = {
    "score": N_("A score goes from 0 to 10."),
    "year": N_("This year cannot be: give the four digits."),
    "currency": N_("The limit is in the account's own currency."),
    "no_limit": N_("Class E has no limit: payment before delivery."),
    "amount": N_("This kind of guarantee needs an amount."),
    "past": N_("Its last day is past already."),
    "future": N_("A letter cannot have left tomorrow."),
    "nothing_due": N_("Nothing undisputed is overdue: there is nothing to claim in writing."),
    "unmatched": N_(
        "Payments or credit notes that are not matched yet cover what is overdue: have them "
        "matched first."
    ),
    "stopped": N_("Reminders are stopped here: no formal notice may be sent."),
}


def _decision(speaker: Speaker, code: str) -> str:
    return speaker.say(DECISIONS.get(code, "This is not possible."))
