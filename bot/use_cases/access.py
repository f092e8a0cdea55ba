"""Who comes in: invitations, enrolment, revocation, language."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from bot.use_cases.refusals import AlreadyEnrolled, InvitationRefused, NotYourRole, NotYours
from credit.people import Person, Role, may_invite
from storage import people
from storage.events import Origin, record
from storage.work import Work

INVITATION_LIFE = timedelta(days=7)
LOCALES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a new colleague is offered; the payload is shown once and stored only hashed."""

    role: Role
    name: str | None
    codes: tuple[str, ...]
    payload: str


def _digest(payload: str) -> str:
    return hashlib.sha256(payload.encode()).hexdigest()


def invite(work: Work, origin: Origin, by: Person | None, offer: Invitation) -> Invitation:
    """Keep an invitation that can be used once within seven days.

    `by` is None on the command line, whose owner owns the machine. The payload is random
    and comes from the caller, so that a repeated transaction keeps the same one.
    """
    if by is not None and not may_invite(by, offer.role):
        raise NotYourRole
    people.add_invitation(
        work,
        {
            "hash": _digest(offer.payload),
            "role": offer.role.value,
            "name": offer.name,
            "codes": list(offer.codes),
            "created_by": by and by.id,
            "created_at": origin.at.at,
            "expires_at": origin.at.at + INVITATION_LIFE,
        },
    )
    record(work, origin, "person.invited", {"role": offer.role.value, "codes": list(offer.codes)})
    return offer


def enrol(
    work: Work, origin: Origin, *, telegram_id: int, payload: str, name: str, locale: str | None
) -> tuple[Person, int | None]:
    """Let a person in against an invitation; return him and who had invited him.

    Unknown, used and expired payloads, and those of somebody who may not invite any more, get
    the same `InvitationRefused`.
    """
    known = people.by_telegram(work, telegram_id)
    if known and known.active:
        raise AlreadyEnrolled(known.name)
    row = people.invitation_of(work, _digest(payload))
    if row is None or not _stands(work, row.created_by, Role(row.role)):
        raise InvitationRefused
    if not people.use_invitation(work, row.hash, origin.at.at):
        raise InvitationRefused
    person_id = people.add(
        work,
        telegram_id=telegram_id,
        name=(row.name or name)[:120],
        role=Role(row.role),
        locale=locale if locale in LOCALES else LOCALES[0],
        codes=row.codes,
        at=origin.at.at,
    )
    people.invitation_used_by(work, row.hash, person_id)
    record(work, origin, "person.enrolled", {"person": person_id, "role": row.role})
    person = people.by_id(work, person_id)
    if person is None:
        raise InvitationRefused
    return person, row.created_by


def _stands(work: Work, host_id: int | None, role: Role) -> bool:
    """Tell whether who invited may still do so: who was revoked lets nobody in, himself least."""
    host = None if host_id is None else people.by_id(work, host_id)
    return host_id is None or (host is not None and may_invite(host, role))


def revoke(work: Work, origin: Origin, by: Person | None, person_id: int) -> Person:
    """Close a person's access; it takes effect at the next tap."""
    person = people.by_id(work, person_id)
    if person is None:
        raise NotYours
    if by is not None and not may_invite(by, person.role):
        raise NotYourRole
    people.revoke(work, person_id, origin.at.at)
    record(work, origin, "person.revoked", {"person": person_id})
    return person


def choose_language(work: Work, person: Person, locale: str) -> str:
    """Remember the language a person reads; unknown ones are refused."""
    if locale not in LOCALES:
        raise NotYours
    people.set_locale(work, person.id, locale)
    return locale
