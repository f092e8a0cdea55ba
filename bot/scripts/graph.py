"""Draw a script as a Mermaid flowchart, for people who write scripts."""

from __future__ import annotations

from collections.abc import Iterator

from bot.scripts.model import Branch, Condition, Script, Step


def mermaid(script: Script, locale: str = "fr") -> str:
    """Return the flowchart of a script, with the buttons written on the arrows."""
    names = {name: f"s{rank}" for rank, name in enumerate(script.steps)}
    lines = ["flowchart TD", f"    begin(( )) --> {names[script.start]}"]
    for step in script.steps.values():
        lines.append(f"    {names[step.id]}{_shape(step)}")
        lines += [
            f"    {names[step.id]} -->{_label(said)} {names[to]}"
            for to, said in _arrows(step, locale)
        ]
    return "\n".join(lines) + "\n"


def _shape(step: Step) -> str:
    if step.outcome:
        return f'(["{step.id}: {step.outcome}"])'
    if not step.stops:
        effects = ", ".join(plan.name for plan in step.effects)
        return f'{{{{"{step.id}{": " if effects else ""}{effects}"}}}}'
    waited = step.options or step.ask or ""
    return f'["{step.id}{" · " if waited else ""}{waited}"]'


def _arrows(step: Step, locale: str) -> Iterator[tuple[str, str]]:
    if step.ask or step.options or not step.choices:
        yield from ((branch.to, _test(branch.when)) for branch in step.then)
    for choice in step.choices:
        for branch in choice.then or step.then:
            yield branch.to, _both(choice.label.words[locale], branch)


def _both(label: str, branch: Branch) -> str:
    return f"{label} · {_test(branch.when)}" if branch.when else label


def _test(when: Condition | None) -> str:
    if when is None:
        return ""
    return f"{when.value} {when.comparison} {when.other}"


def _label(said: str) -> str:
    return f'|"{said.replace(chr(34), chr(39))}"|' if said else ""
