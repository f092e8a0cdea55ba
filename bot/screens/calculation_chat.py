"""The calculator in the chat: themes, how a figure is typed, its result, what was refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from bot.screens import calculation, formats
from bot.screens.calculation_formulas import FORMULAS, NAMES, THEMES
from bot.screens.calculation_taps import PickDebtor, ShowCalculation, ShowCalculations, ShowFigures
from bot.screens.calculation_words import NOTES, PARAMETERS, REASONS, TITLES
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.use_cases.account_calculations import Debtor
from bot.use_cases.calculations.given import Answer, Calculation, Parameter, Sources
from bot.use_cases.calculations.registry import CALCULATIONS
from bot.use_cases.refusals import CalculationRefused

if TYPE_CHECKING:
    from credit.reference import Reference

HOME: Final = ""
UNVERIFIED: Final = "unverified"
PAGE: Final = 8
COPIED: Final = 256  # characters that a button can copy
SHOWN: Final = 2  # optional values in an example that needs none
TOLD = {("dso-countback", "sales"), ("forecast", "due"), ("discount", "rate")}
"""Parameters whose name means something else elsewhere: what stands in brackets is for these."""
SHARED = {name for _, name in TOLD}
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
FAULTS: Final = {
    "unreadable": N_("{what}: “{text}” cannot be read, it takes {expected}."),
    "missing_parameter": N_("One value is missing, {what}: {expected}."),
}
COMMAND: Final = N_("/calc")
SEARCHED: Final = N_("Smith")


def home(speaker: Speaker) -> Screen:
    """Show the themes, the way to a customer's own figures, and how to type."""
    text = speaker.page(
        "calculation/home.html",
        example=example(speaker, CALCULATIONS["penalty"]),
        search=_search(speaker),
    )
    return Screen(text, (_on_customer(speaker), *_themes(speaker)))


def _themes(speaker: Speaker) -> list[tuple[Button, ...]]:
    return [
        (Button(speaker.say(label), ShowCalculations(theme)),)
        for theme, (label, _) in THEMES.items()
    ]


def _on_customer(speaker: Speaker) -> tuple[Button, ...]:
    return (Button(speaker.say("👤 On a customer"), PickDebtor(0), style="primary"),)


def _back(speaker: Speaker) -> tuple[Button, ...]:
    return (Button(speaker.say("← Calculator"), ShowCalculations(HOME)),)


def _search(speaker: Speaker) -> str:
    return f"{speaker.say(COMMAND)} {speaker.say(SEARCHED)}"


def theme(speaker: Speaker, wanted: str) -> Screen:
    """Show a theme's calculations as buttons; an unknown theme is the list of themes."""
    if wanted not in THEMES:
        return home(speaker)
    label, names = THEMES[wanted]
    text = speaker.page("calculation/theme.html", name=speaker.say(label), typed=False)
    first = [_on_customer(speaker)] if wanted == "late" else []
    return Screen(text, (*first, *_buttons(speaker, names), _back(speaker)))


def which(speaker: Speaker, typed: str, names: Sequence[str]) -> Screen:
    """Ask which of several calculations was meant."""
    text = speaker.page("calculation/theme.html", name=formats.name(typed, 40), typed=True)
    return Screen(text, (*_buttons(speaker, names), _back(speaker)))


def _buttons(speaker: Speaker, names: Sequence[str]) -> list[tuple[Button, ...]]:
    return [(Button(speaker.say(TITLES[name]), ShowCalculation(name)),) for name in names]


def titles(speaker: Speaker) -> dict[str, tuple[str, ...]]:
    """Return what each calculation is called: the word to type, then its title."""
    return {name: (speaker.say(NAMES[name]), speaker.say(TITLES[name])) for name in CALCULATIONS}


def how(speaker: Speaker, one: Calculation, sources: Sources, fault: str = "") -> Screen:
    """Show what a calculation takes, with an example to copy; `fault` says what was refused."""
    written = example(speaker, one)
    text = speaker.page(
        "calculation/how.html",
        title=speaker.say(TITLES[one.name]),
        fault=fault,
        formula=formula(speaker, one.name, sources.reference),
        parameters=[
            (each.name, _described(speaker, one.name, each.name), each.needed)
            for each in one.parameters
        ],
        example=written,
    )
    copy = (Button(speaker.say("📋 Copy the example"), copy=written[:COPIED]),)
    return Screen(text, (copy, _themed(speaker, one.name)))


def _described(speaker: Speaker, calculation_name: str, name: str) -> str:
    """Say what a parameter is, without what it means in another calculation."""
    said = speaker.say(PARAMETERS[name])
    foreign = name in SHARED and (calculation_name, name) not in TOLD
    return said.partition(" (")[0] if foreign else said


def _labelled(speaker: Speaker, name: str) -> str:
    """Name a given value in few words."""
    said = speaker.say(PARAMETERS[name])
    return re.split(r"\s?[(:]", said)[0].strip()


def refused(speaker: Speaker, fault: CalculationRefused, sources: Sources) -> Screen:
    """Say what was expected, with an example to copy."""
    one = CALCULATIONS[fault.calculation]
    return how(speaker, one, sources, _written(speaker, _fault(speaker, fault)))


def _fault(speaker: Speaker, fault: CalculationRefused) -> str:
    """Name a value as the list below names it; the calculation is the title above."""
    wanted = fault.parameter
    said = FAULTS.get(fault.code if fault.code in REASONS else "unreadable")
    if wanted is not None and said is not None:
        return speaker.say(
            said,
            what=_labelled(speaker, wanted.name),
            text=formats.name(fault.text, 40),
            expected=calculation.expected(speaker, wanted),
        )
    title = speaker.say(TITLES[fault.calculation])
    named = CalculationRefused(title, fault.code, fault.name, fault.text, wanted)
    return calculation.refusal(speaker, named)


def _themed(speaker: Speaker, name: str) -> tuple[Button, ...]:
    place = next((key for key, (_, names) in THEMES.items() if name in names), HOME)
    return (Button(speaker.say("← Back"), ShowCalculations(place)),)


def result(
    speaker: Speaker,
    one: Calculation,
    typed: Mapping[str, str],
    answer: Answer,
    sources: Sources,
) -> Screen:
    """Show what was found, from which values, by which formula, from which source."""
    currency = typed.get("currency", "EUR").upper()
    lines = calculation.result(speaker, answer, currency)
    text = speaker.page(
        "calculation/result.html",
        title=speaker.say(TITLES[one.name]),
        who="",
        given=[
            calculation.line(speaker, _labelled(speaker, name), _written(speaker, value))
            for name, value in typed.items()
        ],
        lines=[calculation.line(speaker, label, value) for label, value in lines],
        formula=formula(speaker, one.name, sources.reference),
        scope=[],
        today=sources.today,
        source=source(one),
        notes=_notes(speaker, answer),
    )
    return Screen(text, (_themed(speaker, one.name),), protected=False)


def _notes(speaker: Speaker, answer: Answer) -> list[str]:
    """Say what to be careful about; a value that nobody read in a source is always told."""
    said = calculation.notes(speaker, answer)
    unsure = answer.values.get("verified") is False and UNVERIFIED not in answer.notes
    return [*said, speaker.say(NOTES[UNVERIFIED])] if unsure else said


def source(one: Calculation) -> str:
    """Return the law behind a calculation; nothing when it is a practice."""
    law = one.source.partition(", handbook")[0].replace(" and ", ", ")
    return law if law.startswith("art.") else ""


def formula(speaker: Speaker, name: str, law: Reference) -> str:
    """Say a calculation's formula in words, with the figures of the law filled in."""
    ceiling = law.terms.ceilings["general"]
    return speaker.say(
        FORMULAS[name],
        base=law.rates.day_base,
        certificate=law.returns.cheque_certificate_days,
        title=law.returns.cheque_title_days,
        net=ceiling.net_days,
        eom=ceiling.month_end_days,
    )


def example(speaker: Speaker, one: Calculation) -> str:
    """Write a calculation as it may be typed, its values in order."""
    needed = [_written(speaker, each.example) for each in one.parameters if each.needed]
    values = needed or [_paired(speaker, each) for each in one.parameters[:SHOWN]]
    return " ".join((speaker.say(COMMAND), speaker.say(NAMES[one.name]), *values))


def _paired(speaker: Speaker, one: Parameter) -> str:
    return f"{one.name}={_written(speaker, one.example)}"


def _written(speaker: Speaker, value: str) -> str:
    """Write the dates of a value as the reader types them."""
    return ISO.sub(r"\3/\2/\1", value) if speaker.locale == "fr" else value


def debtors(speaker: Speaker, known: Sequence[Debtor] | None, page: int) -> Screen:
    """Show a page of customers who are late, the largest claim first; None: too many to list."""
    found = known or ()
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 0), pages - 1)
    text = speaker.page(
        "calculation/debtors.html",
        count=len(found),
        listed=known is not None,
        search=_search(speaker),
    )
    shown = found[page * PAGE : (page + 1) * PAGE]
    rows = [(Button(_debtor(speaker, one), ShowFigures(one.customer)),) for one in shown]
    turn = [Button("‹", PickDebtor(page - 1))] if page else []
    turn += [Button("›", PickDebtor(page + 1))] if page + 1 < pages else []
    return Screen(text, (*rows, tuple(turn), _back(speaker)))


def _debtor(speaker: Speaker, one: Debtor) -> str:
    more = " + …" if len(one.claims) > 1 else ""
    amount = formats.round_money(one.claims[0], speaker.locale)
    return f"{formats.name(one.name, 28)} · {amount}{more}"


def found(speaker: Speaker, typed: str, hits: Sequence[tuple[int, str, str]]) -> Screen:
    """Offer the customers that a typed name may mean; with none, the themes."""
    text = speaker.page("calculation/found.html", typed=typed, count=len(hits))
    rows = [
        (Button(formats.account(name, code), ShowFigures(customer)),)
        for customer, code, name in hits
    ]
    return Screen(text, (*(rows or _themes(speaker)), _back(speaker)))
