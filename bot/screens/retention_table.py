"""What retention would take or took, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.screens import formats
from bot.screens.render import N_, Speaker
from bot.use_cases.retention import Going

LABELS = {
    "updates": N_("updates handled"),
    "parked": N_("updates given up"),
    "senders": N_("places in the queue of those who wrote"),
    "messages": N_("messages sent or over"),
    "conversations": N_("conversations"),
    "contact_notes": N_("notes and names of contacts"),
    "task_notes": N_("notes of tasks"),
    "trail_texts": N_("texts of the audit trail"),
    "observations": N_("notes and photos of observations"),
    "sightings": N_("observations, of which a number by month stays"),
    "trail_sightings": N_("observations in the audit trail"),
    "freezes": N_("reasons why a freeze was lifted"),
    "release_texts": N_("reasons of release requests"),
    "decision_reasons": N_("reasons of former credit decisions"),
    "decisions": N_("former credit decisions"),
    "known_figures": N_("figures known of companies"),
    "guarantee_texts": N_("names and photos of ended guarantees"),
    "guarantees": N_("ended guarantees"),
    "formal_notices": N_("formal notices"),
    "openings_left": N_("account files refused or left"),
    "openings": N_("files of accounts without activity"),
    "dispute_texts": N_("texts and photos of closed disputes"),
    "promise_contacts": N_("names in closed promises"),
    "promises": N_("closed promises"),
    "disputes": N_("closed disputes"),
    "contacts": N_("contacts"),
    "alerts": N_("cleared alerts"),
    "feedback": N_("verdicts on alerts"),
    "customer_contacts": N_("persons at customers without activity"),
    "departed": N_("colleagues without access"),
    "invitations": N_("invitations used or expired"),
    "import_reports": N_("reports of imports"),
    "files_left": N_("files never decided on"),
    "files": N_("files sent to the bot"),
    "broadcasts": N_("broadcasts"),
}


def due(speaker: Speaker, found: Iterable[Going]) -> list[str]:
    """Say what each rule would take, after how long, and how old the oldest is that stays."""
    return [_line(speaker, one) for one in found]


def taken(speaker: Speaker, counts: Mapping[str, int]) -> list[str]:
    """Say what went, or that nothing did."""
    lines = [
        speaker.say("{count} {what}", count=count, what=speaker.say(LABELS[name]))
        for name, count in counts.items()
        if count
    ]
    return lines or [speaker.say("Nothing was due.")]


def _line(speaker: Speaker, one: Going) -> str:
    line = speaker.say(
        "{count} {what}, after {days} days",
        count=f"{one.count:>8}",
        what=speaker.say(LABELS[one.name]),
        days=one.days,
    )
    if one.oldest_kept is None:
        return line
    day = formats.day(one.oldest_kept.astimezone(speaker.zone).date(), speaker.locale)
    return line + speaker.say("; oldest kept: {day}", day=day)
