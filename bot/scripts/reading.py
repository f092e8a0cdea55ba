"""Read one script file into steps, and note every fault of its writing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.scripts.model import (
    LOCALES,
    Branch,
    Choice,
    Comparison,
    Condition,
    EffectPlan,
    Keep,
    Kind,
    Outcome,
    Step,
    Text,
)
from bot.scripts.reason import Reason

LONGEST_TEXT = 1500
LONGEST_LABEL = 40
PHASES = (
    *("prepare", "reach", "verify", "state", "silence", "listen", "answer", "commit"),
    *("lock", "reformulate", "close", "confirm", "follow", "form"),
)
PLACEHOLDER = re.compile(r"\{(\w*)\}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,23}\Z")
_TEXT_KEYS = {*LOCALES, "when"}
_STEP_KEYS = {
    *("phase", "say", "ask", "as", "choose", "choose_from", "option", "many", "optional"),
    *("then", "find_in", "set", "keep", "forget", "effect", "outcome"),
}
_CHOICE_KEYS = {
    *("key", "label", "then", "when", "value", "value_from", "records", "set", "also", "tone"),
}
_TOP_KEYS = {"id", "title", "start", "takes", "returns", "include", "steps"}
_TONES = ("", "primary", "success", "danger")

Table = Mapping[str, object]
Member = TypeVar("Member", Kind, Outcome)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a script: which file, which step ("" for the whole), and why."""

    file: str
    step: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as written, before its inclusions are made and its soundness is checked."""

    id: str
    title: Text
    start: str
    takes: tuple[str, ...]
    returns: Mapping[str, str]
    includes: Mapping[str, Mapping[str, str]]
    steps: Mapping[str, Step]
    source: bytes


@dataclass(slots=True)
class Reader:
    """Collect the faults of one file while its tables are turned into values."""

    file: str
    step: str = ""
    faults: list[Fault] = field(default_factory=list)

    def blame(self, reason: Reason) -> None:
        """Note a fault at the present step."""
        self.faults.append(Fault(self.file, self.step, reason))

    def words(self, raw: object, where: str) -> str:
        """Return a string, or blame and return nothing."""
        if isinstance(raw, str):
            return raw
        self.blame(Reason("{where} must be a text", where=where))
        return ""

    def strings(self, raw: object, where: str) -> tuple[str, ...]:
        """Return a list of strings, or blame and return nothing."""
        if isinstance(raw, list) and all(isinstance(one, str) for one in raw):
            return tuple(raw)
        self.blame(Reason("{where} must be a list of texts", where=where))
        return ()

    def flag(self, raw: object, where: str) -> bool:
        """Return a boolean, or blame and return false."""
        if not isinstance(raw, bool):
            self.blame(Reason("{where} must be true or false", where=where))
        return raw is True

    def table(self, raw: object, where: str, allowed: set[str] | None = None) -> Table:
        """Return a table with no other keys than those allowed, or blame."""
        if not isinstance(raw, dict):
            self.blame(Reason("{where} must be a table", where=where))
            return {}
        for key in sorted(raw.keys() - allowed) if allowed is not None else ():
            self.blame(Reason("{where}: unknown word {key!r}", where=where, key=key))
        return raw

    def tables(self, raw: object, where: str, allowed: set[str] | None = None) -> list[Table]:
        """Return a list of tables, or blame and return nothing."""
        if not isinstance(raw, list):
            self.blame(Reason("{where} must be a list", where=where))
            return []
        return [self.table(one, where, allowed) for one in raw]


def read_draft(file: str, source: bytes) -> tuple[Draft | None, list[Fault]]:
    """Read a file's bytes into a draft; no draft when it is not TOML in UTF-8."""
    reader = Reader(file)
    try:
        raw = tomllib.loads(source.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        reader.blame(Reason("not TOML: {wrong}", wrong=wrong))
        return None, reader.faults
    top = reader.table(raw, "the file", _TOP_KEYS)
    identity = reader.words(top.get("id"), "id")
    if f"{identity}.toml" != file:
        reader.blame(Reason("id {identity!r} is not the file's name", identity=identity))
    draft = Draft(
        id=file.removesuffix(".toml"),
        title=_text(reader, top.get("title"), "title", LONGEST_LABEL),
        start=reader.words(top.get("start"), "start"),
        takes=reader.strings(top.get("takes", []), "takes"),
        returns=_names(reader, top.get("returns", {}), "returns"),
        includes=_includes(reader, top.get("include", {})),
        steps=_steps(reader, top.get("steps")),
        source=source,
    )
    return draft, reader.faults


def _includes(reader: Reader, raw: object) -> dict[str, Mapping[str, str]]:
    tables = reader.table(raw, "include")
    return {name: _names(reader, one, f"include {name}") for name, one in tables.items()}


def _names(reader: Reader, raw: object, where: str) -> dict[str, str]:
    table = reader.table(raw, where)
    return {name: reader.words(target, f"{where} {name}") for name, target in table.items()}


def _steps(reader: Reader, raw: object) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    for name, table in reader.table(raw, "steps").items():
        reader.step = name
        if not _NAME.match(name):
            reader.blame(Reason("a step's name is 1 to 24 small letters, digits and _"))
        steps[name] = _step(reader, name, reader.table(table, "step", _STEP_KEYS))
    reader.step = ""
    return steps


def _step(reader: Reader, name: str, raw: Table) -> Step:
    phase = reader.words(raw.get("phase", ""), "phase")
    if phase and phase not in PHASES:
        reader.blame(Reason("unknown phase {phase!r}", phase=phase))
    return Step(
        id=name,
        phase=phase,
        say=_variants(reader, raw["say"]) if "say" in raw else (),
        ask=_member(reader, Kind, raw.get("ask"), "ask"),
        choices=_choices(reader, raw.get("choose", [])),
        options=_maybe(reader, raw, "choose_from"),
        option_label=_option_label(reader, raw),
        into=_maybe(reader, raw, "as"),
        many=reader.flag(raw.get("many", False), "many"),
        optional=reader.flag(raw.get("optional", False), "optional"),
        then=_branches(reader, raw["then"]) if "then" in raw else (),
        find_in=reader.strings(raw.get("find_in", []), "find_in"),
        sets=_scalars(reader, raw.get("set", {}), "set"),
        keep=_keep(reader, raw["keep"]) if "keep" in raw else None,
        forget=reader.strings(raw.get("forget", []), "forget"),
        effects=_effects(reader, raw.get("effect", [])),
        outcome=_member(reader, Outcome, raw.get("outcome"), "outcome"),
    )


def _maybe(reader: Reader, raw: Table, key: str) -> str | None:
    return reader.words(raw[key], key) if key in raw else None


def _member(reader: Reader, kinds: type[Member], raw: object, where: str) -> Member | None:
    if raw is None:
        return None
    if raw in [one.value for one in kinds]:
        return kinds(raw)
    reader.blame(Reason("unknown {where} {raw!r}", where=where, raw=raw))
    return None


def _variants(reader: Reader, raw: object) -> tuple[Text, ...]:
    tables = raw if isinstance(raw, list) else [raw]
    texts = tuple(_text(reader, one, "say", LONGEST_TEXT) for one in tables)
    if not texts or texts[-1].when is not None:
        reader.blame(Reason("say: the last wording must have no condition"))
    return texts


def _text(reader: Reader, raw: object, where: str, longest: int) -> Text:
    table = reader.table(raw, where, _TEXT_KEYS)
    words = {locale: _translation(reader, table, locale, where, longest) for locale in LOCALES}
    names = {locale: set(PLACEHOLDER.findall(text)) for locale, text in words.items()}
    if len({frozenset(found) for found in names.values()}) > 1:
        reader.blame(Reason("{where}: the translations do not name the same facts", where=where))
    if any(PLACEHOLDER.sub("", text).count(brace) for text in words.values() for brace in "{}"):
        reader.blame(Reason("{where}: a brace that is not a {{name}}", where=where))
    found = tuple(sorted(set().union(*names.values())))
    return Text(words, found, _condition(reader, table["when"]) if "when" in table else None)


def _translation(reader: Reader, raw: Table, locale: str, where: str, longest: int) -> str:
    text = raw.get(locale)
    if not isinstance(text, str) or not text.strip():
        reader.blame(Reason("{where}: no {locale} translation", where=where, locale=locale))
        return ""
    if len(text) > longest:
        reader.blame(
            Reason(
                "{where}: {locale} text of {length} characters, at most {longest}",
                where=where,
                locale=locale,
                length=len(text),
                longest=longest,
            )
        )
    return text.strip()


def _condition(reader: Reader, raw: object) -> Condition:
    table = dict(reader.table(raw, "when"))
    value = reader.words(table.pop("value", None), "when: value")
    if len(table) != 1 or not table.keys() <= set(Comparison):
        known = ", ".join(Comparison)
        reader.blame(Reason("when: one test among {known}", known=known))
        return Condition(value, Comparison.MISSING, other=True)
    [(test, other)] = table.items()
    if not isinstance(other, _ALLOWED[Comparison(test)]):
        reader.blame(
            Reason("when: {test} cannot be compared with {other!r}", test=test, other=other)
        )
    return Condition(value, Comparison(test), other)


_ALLOWED: Mapping[Comparison, tuple[type, ...]] = {
    Comparison.IS: (str, int),
    Comparison.IS_NOT: (str, int),
    Comparison.ABOVE: (str, int),
    Comparison.MISSING: (bool,),
}


def _branches(reader: Reader, raw: object) -> tuple[Branch, ...]:
    if isinstance(raw, str):
        return (Branch(raw),)
    tables = reader.tables(raw, "then", {"to", "when"})
    branches = tuple(_branch(reader, one) for one in tables)
    conditions = [branch.when for branch in branches]
    if not branches or conditions[-1] is not None or None in conditions[:-1]:
        reader.blame(Reason("then: every way but the last has a condition, the last has none"))
    return branches


def _branch(reader: Reader, raw: Table) -> Branch:
    when = _condition(reader, raw["when"]) if "when" in raw else None
    return Branch(reader.words(raw.get("to"), "then: to"), when)


def _choices(reader: Reader, raw: object) -> tuple[Choice, ...]:
    return tuple(_choice(reader, one) for one in reader.tables(raw, "choose", _CHOICE_KEYS))


def _choice(reader: Reader, raw: Table) -> Choice:
    key = reader.words(raw.get("key"), "choose: key")
    if not _NAME.match(key):
        reader.blame(
            Reason("choose: key {key!r} is not 1 to 24 small letters, digits and _", key=key)
        )
    tone = raw.get("tone", "")
    if tone not in _TONES:
        reader.blame(Reason("choice {key}: unknown tone {tone!r}", key=key, tone=tone))
    return Choice(
        key=key,
        label=_text(reader, raw.get("label"), f"choice {key}", LONGEST_LABEL),
        then=_branches(reader, raw["then"]) if "then" in raw else (),
        when=_condition(reader, raw["when"]) if "when" in raw else None,
        value=raw.get("value", key),
        value_from=_maybe(reader, raw, "value_from"),
        records=reader.flag(raw.get("records", True), "records"),
        sets=_scalars(reader, raw.get("set", {}), f"choice {key}: set"),
        also=reader.strings(raw.get("also", []), f"choice {key}: also"),
        tone=str(tone),
    )


def _option_label(reader: Reader, raw: Table) -> Text | None:
    return _text(reader, raw["option"], "option", LONGEST_LABEL) if "option" in raw else None


def _keep(reader: Reader, raw: object) -> Keep:
    table = reader.table(raw, "keep", {"into", "take"})
    into = reader.words(table.get("into"), "keep: into")
    return Keep(into, reader.strings(table.get("take"), "keep: take"))


def _effects(reader: Reader, raw: object) -> tuple[EffectPlan, ...]:
    tables: Sequence[Table] = reader.tables(raw, "effect", {"do", "with", "from"})
    return tuple(
        EffectPlan(
            reader.words(one.get("do"), "effect: do"),
            _scalars(reader, one.get("with", {}), "effect: with"),
            _names(reader, one.get("from", {}), "effect: from"),
        )
        for one in tables
    )


def _scalars(reader: Reader, raw: object, where: str) -> dict[str, object]:
    table = dict(reader.table(raw, where))
    for name, value in table.items():
        if not isinstance(value, str | int):
            reader.blame(
                Reason(
                    "{where}: {name} must be a text, a whole number, true or false",
                    where=where,
                    name=name,
                )
            )
    return table
