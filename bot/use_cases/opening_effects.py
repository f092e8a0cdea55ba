"""What the forms of account files ask for, and what they know of the file they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from bot.scripts.values import Option
from bot.use_cases import conversation_facts, opening_decisions, openings
from bot.use_cases.effects import carries_out, money
from bot.use_cases.opening_answers import CURRENCY, money_of, text_of
from bot.use_cases.opening_decisions import Grant
from bot.use_cases.openings import Opening
from bot.use_cases.refusals import NotYours, Outdated
from credit.account_opening import HOLDER, NAME, SIREN, TERMS, VAT, Kind, Named, Point
from credit.identifiers import vat_of

if TYPE_CHECKING:
    from bot.use_cases.conversation_facts import Subject
    from bot.use_cases.effects import Arguments, Scene

FILL, ACCEPT = "opening", "opening_accept"
SCRIPTS = (FILL, ACCEPT, "opening_more", "opening_refusal", "opening_code")
PHOTO, TYPED = "photo", "typed"


def _subject(scene: Scene) -> int:
    if scene.subject_id is None:
        raise Outdated
    return scene.subject_id


@carries_out("opening_answer")
def answer(scene: Scene, arguments: Arguments) -> None:
    """Keep the answer to the point that is asked for."""
    photos = [
        {"file_id": str(one["file_id"]), "unique_id": str(one["unique_id"])}
        for one in arguments.get("photos") or ()
    ]
    openings.answer(
        scene.work,
        scene.origin,
        scene.person,
        _subject(scene),
        scene.rules,
        text=str(arguments.get("value") or ""),
        photos=photos,
    )


@carries_out("opening_none")
def none(scene: Scene, _arguments: Arguments) -> None:
    """Note that the point does not apply to this customer."""
    openings.answer(scene.work, scene.origin, scene.person, _subject(scene), scene.rules, none=True)


@carries_out("opening_skip")
def skip(scene: Scene, _arguments: Arguments) -> None:
    """Leave the point for later."""
    openings.skip(scene.work, scene.person, _subject(scene), scene.origin.at, scene.rules)


@carries_out("open_account")
def accept(scene: Scene, arguments: Arguments) -> None:
    """Open the account as the credit manager said."""
    limit = arguments.get("limit")
    grant = Grant(
        risk_class=str(arguments["risk"]),
        limit=money(limit) if limit else None,
        months=int(arguments["months"]),
        terms=arguments.get("terms"),
        guarantees=tuple(arguments.get("guarantees") or ()),
        first_order=arguments.get("first_order"),
    )
    opening_decisions.accept(
        scene.work, scene.origin, scene.person, _subject(scene), grant, scene.rules
    )


@carries_out("send_back_account")
def send_back(scene: Scene, arguments: Arguments) -> None:
    """Refuse the account, or ask for more."""
    opening_decisions.send_back(
        scene.work,
        scene.origin,
        scene.person,
        _subject(scene),
        str(arguments["note"]),
        scene.rules,
        refused=arguments["decision"] == "refused",
    )


@carries_out("name_account")
def name_account(scene: Scene, arguments: Arguments) -> None:
    """Say the account's code in the ledger."""
    opening_decisions.name_account(
        scene.work,
        scene.origin,
        scene.person,
        _subject(scene),
        str(arguments["code"]),
        scene.rules,
    )


def _about(subject: Subject) -> Mapping[str, object]:
    """Read the file that a form is about; nothing when it is gone, or not the person's."""
    try:
        found = openings.show(
            subject.work, subject.person, subject.subject_id or 0, subject.now, subject.rules
        )
    except NotYours:
        return {}
    known: dict[str, object] = {"customer": found.row.name or None, "currency": CURRENCY}
    if subject.script == FILL:
        return {**known, **_asked(found, subject.person.locale)}
    if subject.script == ACCEPT:
        return {**known, **_decidable(found, subject.person.locale)}
    return known


def _asked(found: Opening, locale: str) -> dict[str, object]:
    point, following = openings.asked(found)
    if point is None:
        return {"opening_lacking": len(found.lacking)}
    amount = money_of(found.answers, point.code)
    return {
        "opening_point": point.label[locale],
        "opening_hint": point.hint and point.hint[locale],
        "opening_kind": _kind(point),
        "opening_following": following and _kind(following),
        "opening_now": _now(found, point, locale) or None,
        "opening_amount_now": amount,
        "opening_options": _options(found, point, locale),
        "opening_lacking": len(found.lacking),
    }


def _kind(point: Point) -> str:
    return PHOTO if point.kind is Kind.PHOTO else TYPED


def _now(found: Opening, point: Point, locale: str) -> str:
    """Return what was answered before, as far as it is a text."""
    value = found.answers.get(point.code, {})
    if "option" in value:
        known = {one.code: one.label[locale] for one in found.checklist.options_of(point)}
        return known.get(value["option"], "")
    return text_of(found.answers, point.code)


SUGGESTED: Mapping[str, tuple[str, Callable[[str], str]]] = {
    VAT: (SIREN, vat_of),
    HOLDER: (NAME, str),
}
"""Points whose likely answer follows from another's."""


def _options(found: Opening, point: Point, locale: str) -> list[Option]:
    """Offer the answers that can be pressed: those of the checklist, or the likely one."""
    if point.code in SUGGESTED:
        source, derive = SUGGESTED[point.code]
        known = text_of(found.answers, source)
        return [Option("likely", derive(known), {"name": derive(known)})] if known else []
    return _chips(found.checklist.options_of(point), locale)


def _chips(options: Iterable[Named], locale: str) -> list[Option]:
    return [Option(one.code, one.code, {"name": one.label[locale]}) for one in options]


def _decidable(found: Opening, locale: str) -> dict[str, object]:
    checklist = found.checklist
    terms = [Named(one.code, one.label) for one in checklist.terms]
    firsts = [Named(one.code, one.label) for one in checklist.first_orders]
    asked = found.answers.get(TERMS, {}).get("option")
    return {
        "opening_wanted": found.wanted,
        "opening_terms_wanted": next(
            (one.label[locale] for one in terms if one.code == asked), None
        ),
        "opening_lacking": len(found.lacking),
        "opening_validity": [
            Option(f"m{months}", months, {"months": months}) for months in checklist.validity_months
        ],
        "opening_terms": _chips(terms, locale),
        "opening_firsts": _chips(firsts, locale),
        "opening_guarantees": _chips(checklist.guarantees, locale),
    }


for _script in SCRIPTS:
    conversation_facts.BUILDERS[_script] = _about
