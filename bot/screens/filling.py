"""Texts of scripts put into words: figures written for the reader, lines dressed for a phone."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from bot.screens import alert, formats
from bot.screens.promise import MEANS, STATES
from bot.screens.render import Speaker
from bot.screens.typography import typeset
from bot.scripts.facts import FactType
from bot.scripts.show import Filling
from bot.scripts.words import words as common_words
from credit.money import Money

PLACEHOLDER = re.compile(r"\{(\w+)\}")
INSIDE = re.compile(r"\w[ \u00a0]$")
CAPITAL = re.compile(r"^[A-ZÀ-Ý](?=[a-zà-ÿ])")
"""A button's label begins with a capital, which is out of place inside a sentence; not LCR."""
LONG_TEXTS = {"message": 2000, "dispute_text": 500, "opening_hint": 160, "opening_now": 200}
TEXT_LIMIT = 60
FAR = timedelta(days=300)
SAID, WARNING, HINT = "> ", "! ", "? "
LISTS = frozenset(
    {
        FactType.INVOICES,
        FactType.PROMISES,
        FactType.INSTALMENTS,
        FactType.CONTACTS,
        FactType.TEXTS,
    }
)


def dressed(speaker: Speaker, filling: Filling, today: date) -> str:
    """Word a step as Telegram HTML: spoken lines as a quotation, warnings and hints marked."""
    lines = [
        (_kind(line), _filled(speaker, filling, line.removeprefix(_kind(line)), today))
        for line in typeset(filling.words[speaker.locale], speaker.locale).split("\n")
        if line.strip()
    ]
    blocks = [
        (kind, [text for _, text in group]) for kind, group in groupby(lines, lambda one: one[0])
    ]
    # a quotation makes its own room below: one line break ends it, two would show a hole
    return "".join(
        _block(kind, texts) + ("\n" if kind == SAID else "\n\n") for kind, texts in blocks
    ).rstrip()


def plainly(speaker: Speaker, filling: Filling, today: date) -> str:
    """Word a button's label: one line of plain text, dates and amounts kept short."""

    def found(match: re.Match[str]) -> str:
        return _value(speaker, filling, match[1], today, short=True)

    label = typeset(filling.words[speaker.locale], speaker.locale)
    # written out by hand: split() would take French its unbreakable spaces
    return " ".join(word for word in re.split(r"[ \t\n]+", PLACEHOLDER.sub(found, label)) if word)


def _kind(line: str) -> str:
    return next((mark for mark in (SAID, WARNING, HINT) if line.startswith(mark)), "")


def _block(kind: str, texts: Sequence[str]) -> str:
    together = "\n".join(texts)
    match kind:
        case "> ":
            return f"<blockquote>{together}</blockquote>"
        case "! ":
            return "\n".join(f"⚠️ {text}" for text in texts)
        case "? ":
            return "\n".join(f"<i>💡 {text}</i>" for text in texts)
    return together


def _filled(speaker: Speaker, filling: Filling, line: str, today: date) -> str:
    def found(match: re.Match[str]) -> str:
        said = _value(speaker, filling, match[1], today)
        if filling.types.get(match[1]) is FactType.CHOICE and INSIDE.search(line[: match.start()]):
            said = CAPITAL.sub(lambda one: one[0].lower(), said)
        value = html.escape(said, quote=False)
        strong = filling.types.get(match[1]) is FactType.MONEY and match[1] in filling.values
        return f"<b>{value}</b>" if strong else value

    line = html.escape(line, quote=False)
    return PLACEHOLDER.sub(found, line).strip()


def _value(
    speaker: Speaker, filling: Filling, name: str, today: date, *, short: bool = False
) -> str:
    if name not in filling.values:
        neutral = filling.neutral.get(name) or common_words().unknown
        return typeset(neutral[speaker.locale], speaker.locale)
    value, kind = filling.values[name], filling.types[name]
    if kind in LISTS:
        return _bullets(speaker, kind, value, today)
    if kind is FactType.TEXT:
        return _text(speaker, value, LONG_TEXTS.get(name, TEXT_LIMIT))
    return _single(speaker, kind, value, today, short=short)


def _single(speaker: Speaker, kind: FactType, value: Any, today: date, *, short: bool) -> str:  # noqa: ANN401
    match kind:
        case FactType.MONEY if isinstance(value, list):  # an amount of several currencies
            return " + ".join(_money(speaker, one, short=short) for one in value)
        case FactType.MONEY:
            return _money(speaker, value, short=short)
        case FactType.DATE:
            return _day(speaker, date.fromisoformat(str(value)), today, short=short)
        case FactType.COUNT:
            return formats.count(int(value), speaker.locale)
        case FactType.CHOICE if isinstance(value, Mapping):
            return typeset(str(value[speaker.locale]), speaker.locale)
    return formats.name(str(value), TEXT_LIMIT)


def _money(speaker: Speaker, value: Mapping[str, Any], *, short: bool = False) -> str:
    money = Money(Decimal(value["amount"]), value["currency"])
    write = formats.round_money if short else formats.money
    written = write(money, speaker.locale)
    return speaker.say("about {amount}", amount=written) if value.get("estimated") else written


def _day(speaker: Speaker, day: date, today: date, *, short: bool) -> str:
    if short:
        return formats.short_day(day, speaker.locale)
    far = abs(day - today) > FAR
    return formats.day(day, speaker.locale) if far else formats.long_day(day, speaker.locale)


def _text(speaker: Speaker, value: object, limit: int) -> str:
    if isinstance(value, Mapping):
        return _signal_part(speaker, value)
    lines = [formats.name(line, limit) for line in str(value).splitlines()]
    return "\n".join(lines).strip()


def _signal_part(speaker: Speaker, value: Mapping[str, Any]) -> str:
    """Say the name of a signal, or its figure: the two halves of its sentence."""
    sentence = alert.sentence(speaker, value["signal"]).split(" · ")[0]
    name, _, figure = sentence.partition(":")
    return (name if value["part"] == "name" else figure).strip()


def _bullets(speaker: Speaker, kind: FactType, lines: Any, today: date) -> str:  # noqa: ANN401
    write = WRITERS[kind]
    written = [
        _more(speaker, int(line["more"]))
        if isinstance(line, Mapping) and set(line) == {"more"}
        else write(speaker, line, today)
        for line in lines
    ]
    return "\n" + "\n".join(f"• {line}" for line in written)


def _more(speaker: Speaker, hidden: int) -> str:
    return speaker.count("and one more", "and {n} more", hidden)


def _invoice(speaker: Speaker, line: Mapping[str, Any], today: date) -> str:
    del today
    return speaker.say(
        "{number} · {amount} · {days} d",
        number=formats.name(str(line["number"] or "—"), 24),
        amount=_money(speaker, line["amount"]),
        days=line["days_late"],
    )


def _promise(speaker: Speaker, line: Mapping[str, Any], today: date) -> str:
    day = _day(speaker, date.fromisoformat(line["due_on"]), today, short=True)
    state = speaker.say(STATES[line["state"]])
    return f"{_money(speaker, line['amount'])} · {day} · {state}"


def _instalment(speaker: Speaker, line: Mapping[str, Any], today: date) -> str:
    parts = [_money(speaker, line["amount"])] if line.get("amount") else []
    if line.get("due_on"):
        parts.append(_day(speaker, date.fromisoformat(line["due_on"]), today, short=True))
    if line.get("means"):
        parts.append(speaker.say(MEANS[line["means"]]))
    return " · ".join(parts)


def _contact(speaker: Speaker, line: Mapping[str, Any], today: date) -> str:
    del today, speaker
    parts = (line.get("name"), line.get("role"), line.get("phone"))
    return " · ".join(formats.name(str(part), 40) for part in parts if part)


def _sentence(speaker: Speaker, line: object, today: date) -> str:
    """Say a signal, a past contact, or a plain text of a list."""
    if not isinstance(line, Mapping):
        return formats.name(str(line), TEXT_LIMIT)
    if "figure" in line:
        return alert.sentence(speaker, line).split(" · ")[0]
    day = _day(speaker, date.fromisoformat(line["on"]), today, short=True)
    outcome = common_words().outcomes.get(str(line["outcome"]), {}).get(speaker.locale, "")
    parts = (day, outcome, line.get("reason"), formats.name(str(line.get("author") or ""), 24))
    return " · ".join(str(part) for part in parts if part)


WRITERS: dict[FactType, Callable[[Speaker, Any, date], str]] = {
    FactType.INVOICES: _invoice,
    FactType.PROMISES: _promise,
    FactType.INSTALMENTS: _instalment,
    FactType.CONTACTS: _contact,
    FactType.TEXTS: _sentence,
}
