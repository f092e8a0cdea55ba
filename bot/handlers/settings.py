"""/reglages: how soon one hears of alerts, when the digest comes, in which language."""

from __future__ import annotations

from dataclasses import replace

from bot.handlers.registry import EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import settings as screens
from bot.screens.settings import ChooseDigest, ChoosePace
from bot.use_cases import settings
from credit.people import Person


@on_command("reglages", "settings", roles=EVERYONE, menu="Alerts, digest, language")
def show(request: Request, _arguments: str) -> Answer:
    """Show one's own settings."""
    return _shown(request, request.person)


@on_tap(ChoosePace, roles=EVERYONE)
def choose_pace(request: Request, tap: ChoosePace) -> Answer:
    """Remember how soon one hears of alerts."""
    pace = settings.choose_pace(request.work, request.origin, request.person, tap.pace)
    return _noted(request, replace(request.person, pace=pace))


@on_tap(ChooseDigest, roles=EVERYONE)
def choose_digest(request: Request, tap: ChooseDigest) -> Answer:
    """Remember when one's digest comes."""
    at = settings.choose_digest(
        request.work, request.origin, request.person, tap.minutes, request.rules
    )
    return _noted(request, replace(request.person, digest_at=at))


def _noted(request: Request, person: Person) -> Answer:
    return replace(_shown(request, person), toast=screens.chosen(request.speaker))


def _shown(request: Request, person: Person) -> Answer:
    hours = settings.hours(person, request.rules)
    screen = screens.settings(request.speaker, person, hours, request.rules.policy.volume)
    return Answer(screen)
