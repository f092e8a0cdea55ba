"""What makes a script sound: every way leads on, every word is known, every end is an outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.scripts.buttons import CONTROLS, MOST_BUTTONS
from bot.scripts.effects import plan_errors
from bot.scripts.facts import FACTS, OPTION_LISTS, FactType, Origin
from bot.scripts.model import LOCALES, Branch, Choice, Condition, Kind, Step, Text
from bot.scripts.pathways import targets
from bot.scripts.reason import Reason
from bot.scripts.words import words

FEWEST_OPTIONS = 3
"""Room that a step must leave on the screen for options that come from the data."""

Steps = Mapping[str, Step]


def answers_of(steps: Iterable[Step], takes: Iterable[str] = ()) -> set[str]:
    """Name every answer that these steps may record."""
    names = set(takes)
    for step in steps:
        names.update(step.sets)
        names.update(*(choice.sets for choice in step.choices))
        names.update(name for name in (step.into, step.keep and step.keep.into) if name)
    return names


def step_faults(step: Step, steps: Steps, answers: set[str]) -> Iterator[Reason]:
    """Yield what is wrong with one step among the others."""
    yield from _shape(step)
    yield from _ways(step, steps)
    yield from _buttons(step)
    yield from _names(step, answers)
    yield from _placeholders(step)
    yield from _manners(step)
    for plan in step.effects:
        yield from plan_errors(plan.name, plan.literals, plan.references)


def _shape(step: Step) -> Iterator[Reason]:
    roles = {
        Reason("waits for the person and ends the conversation"): step.stops and step.outcome,
        Reason("waits for the person and has an effect, set, keep or forget"): step.stops
        and (step.effects or step.sets or step.keep or step.forget),
        Reason("waits for the person and says nothing"): step.stops and not step.say,
        Reason("says something that nobody can answer"): step.say
        and not (step.stops or step.outcome),
        Reason("ends the conversation and goes on"): step.outcome and step.then,
        Reason("ask needs `as`"): step.ask and not step.into,
        Reason("choose_from needs `as` and `option`"): step.options
        and not (step.into and step.option_label),
        Reason("many is for choose_from and photos"): step.many
        and not (step.options or step.ask in {Kind.PHOTO, Kind.PROOF}),
        Reason("optional is for ask and choose_from"): step.optional
        and not (step.ask or step.options),
    }
    yield from (reason for reason, found in roles.items() if found)


def _ways(step: Step, steps: Steps) -> Iterator[Reason]:
    own_way = step.ask or step.options or not step.choices
    if own_way and not step.then and not step.outcome:
        yield Reason("dead end: no `then`")
    for choice in step.choices:
        if not choice.then and not step.then:
            yield Reason("dead end: choice {key} leads nowhere", key=choice.key)
    yield from (Reason("unknown step {to!r}", to=to) for to in targets(step) if to not in steps)
    for other in step.find_in:
        if other not in steps or not steps[other].choices:
            yield Reason("find_in: {other!r} is no step with choices", other=other)
    sure = [one for one in step.choices if one.when is None and one.value_from is None]
    if step.stops and not (step.ask or step.optional or sure):
        yield Reason("dead end: every button may be missing")


def _buttons(step: Step) -> Iterator[Reason]:
    room = MOST_BUTTONS - (FEWEST_OPTIONS if step.options else 0)
    if len(step.choices) > room:
        yield Reason("{given} choices, at most {room}", given=len(step.choices), room=room)
    keys = [choice.key for choice in step.choices]
    yield from (Reason("two choices {key!r}", key=key) for key in _twice(keys))
    yield from (
        Reason("choice {key!r} is the name of a control", key=key)
        for key in keys
        if key in CONTROLS
    )
    for locale in LOCALES:
        labels = [choice.label.words[locale] for choice in step.choices]
        yield from (
            Reason("two buttons {label!r}", label=label) for label in _twice(labels) if label
        )


def _twice(found: list[str]) -> list[str]:
    return sorted({one for one in found if found.count(one) > 1})


def conditions_of(step: Step) -> Iterator[Condition]:
    """Yield every test that a step makes."""
    ways: list[Text | Branch | Choice] = [*step.say, *step.then, *step.choices]
    ways += [branch for choice in step.choices for branch in choice.then]
    yield from (way.when for way in ways if way.when is not None)


def _names(step: Step, answers: set[str]) -> Iterator[Reason]:
    known = {*FACTS, *answers}
    used = [condition.value for condition in conditions_of(step)]
    used += [one.other for one in conditions_of(step) if _names_a_bound(one)]  # type: ignore[misc]
    used += [choice.value_from for choice in step.choices if choice.value_from]
    used += [source for plan in step.effects for source in plan.references.values()]
    used += [*step.keep.take] if step.keep else []
    yield from (
        Reason("unknown fact {name!r}", name=name)
        for name in sorted(set(used))
        if name not in known
    )
    for name in sorted(answers_of([step])):
        if name in FACTS and FACTS[name].origin is not Origin.ANSWER:
            yield Reason("answer {name!r} would hide the fact of that name", name=name)


def _names_a_bound(condition: Condition) -> bool:
    return condition.comparison == "above" and isinstance(condition.other, str)


def _placeholders(step: Step) -> Iterator[Reason]:
    texts = [*step.say, *(choice.label for choice in step.choices)]
    for name in sorted({name for text in texts for name in text.names}):
        if name not in FACTS:
            yield Reason("unknown fact {{{name}}} in a text", name=name)
        elif FACTS[name].type is FactType.FLAG:
            yield Reason("{{{name}}} is yes or no: it cannot be written in a text", name=name)
    if step.options is not None and step.options not in OPTION_LISTS:
        yield Reason("unknown list {options!r}", options=step.options)
    elif step.options and step.option_label:
        fields = OPTION_LISTS[step.options].fields
        wrong = [name for name in step.option_label.names if name not in fields]
        yield from (Reason("option: the list has no field {name!r}", name=name) for name in wrong)


def _manners(step: Step) -> Iterator[Reason]:
    """Yield the words that no script may put in a rep's mouth (handbook 7.1)."""
    texts = [*step.say, *(choice.label for choice in step.choices)]
    for locale, said in words().forbidden.items():
        spoken = " ".join(text.words.get(locale, "") for text in texts).lower()
        yield from (
            Reason("{locale}: never say {phrase!r}", locale=locale, phrase=phrase)
            for phrase in said
            if phrase in spoken
        )
