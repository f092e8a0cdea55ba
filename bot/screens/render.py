"""Templates and catalogues: the one place where values become sentences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from jinja2.runtime import Context
from markupsafe import Markup, escape

from bot.screens import formats
from bot.screens.typography import typeset

THOUSAND = 1_000
LOCALES = ("fr", "en")
DEFAULT_LOCALE = "fr"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a sentence said later
    """Mark a sentence for the catalogues; it is translated where it is said."""
    return message


@dataclass(frozen=True, slots=True)
class Speaker:
    """A reader's language and zone; turns templates and messages into text."""

    locale: str
    zone: ZoneInfo

    def page(self, template: str, /, **values: Any) -> str:  # noqa: ANN401 - templates take anything
        """Render a template of `bot/screens/templates` as Telegram HTML, every value escaped."""
        page = _template(self.locale, self.zone, template)
        return "\n".join(line.rstrip() for line in page.render(values).strip().split("\n"))

    def say(self, message: str, /, **values: object) -> str:
        """Translate a plain sentence (button label, toast) and fill its {names}; not HTML."""
        return _translated(message, self.locale).format(**values)

    def count(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Translate a sentence that depends on the number `n`, which fills {n}."""
        said = _catalogue(self.locale).ngettext(one, many, n)
        return said.format(n=_numbered(n, self.locale), **values)


def speaker(locale: str | None, zone: ZoneInfo) -> Speaker:
    """Choose the language nearest to `locale`; French when it is unknown."""
    wanted = (locale or DEFAULT_LOCALE).split("-")[0].split("_")[0].lower()
    return Speaker(wanted if wanted in LOCALES else DEFAULT_LOCALE, zone)


@lru_cache(maxsize=8_192)  # more than there are sentences
def _translated(message: str, locale: str) -> str:
    return _catalogue(locale).gettext(message)


@cache
def _catalogue(locale: str) -> Translations:
    catalogue = Translations()
    folder = files("bot") / "locale" / locale / "LC_MESSAGES"
    if not folder.is_dir():  # English is the source language: it needs no catalogue
        return catalogue
    with as_file(folder) as path:
        for source in sorted(path.glob("*.po")):
            read = _compiled(source.read_bytes(), locale)
            catalogue.merge(read)
            catalogue.plural = read.plural  # merging leaves it English: « 0 facture » has no s
    return catalogue


def _compiled(po: bytes, locale: str) -> Translations:
    compiled, read = BytesIO(), read_po(BytesIO(po), locale=locale)
    for message in read:
        if message.id and message.string:  # the head of the file is no sentence
            message.string = _typeset(message.string, locale)
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled)


def _typeset(said: str | Sequence[str], locale: str) -> str | tuple[str, ...]:
    if isinstance(said, str):
        return typeset(said, locale)
    return tuple(typeset(one, locale) for one in said)


def _sentence(locale: str) -> Callable[..., Markup]:
    """Return what says a template's sentence, its values escaped.

    Jinja's own passes through its context twice and asks it each time whether to escape.
    """
    return lambda message, /, **values: _filled(_translated(message, locale), values)


def _plural(locale: str) -> Callable[..., Markup]:
    plural = _catalogue(locale).ngettext

    def said(one: str, many: str, n: int, /, **values: object) -> Markup:
        told = _numbered(n, locale)
        if told is not n:  # the sentence names it as it likes
            values = {name: told if value == n else value for name, value in values.items()}
        return _filled(plural(one, many, n), {"num": told, **values})

    return said


def _numbered(n: int, locale: str) -> int | str:
    """Write a long number with its thousands apart, as the reader does."""
    return formats.count(n, locale) if n >= THOUSAND else n


def _filled(message: str, values: Mapping[str, object]) -> Markup:
    escaped = {name: escape(value) for name, value in values.items()}
    return Markup(message % escaped)  # noqa: S704 - the message is ours


class _Context(Context):
    """Call what a template names as it is: nothing of ours asks for the template's context."""

    def call(self, said: Callable[..., Any], /, *args: Any, **values: Any) -> Any:  # noqa: ANN401
        """Call it without Jinja's own two values; Jinja looks each time for what it may ask."""
        values.pop("_loop_vars", None)
        values.pop("_block_vars", None)
        return said(*args, **values)


@cache
def _template(locale: str, zone: ZoneInfo, name: str) -> Template:
    """Return a template whose globals are one dictionary: every page copies them."""
    template = _environment(locale, zone).get_template(name)
    template.globals = dict(template.globals)
    return template


@cache
def _environment(locale: str, zone: ZoneInfo) -> Environment:
    environment = Environment(
        loader=PackageLoader("bot.screens"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # or every page asks the disk whether its template has changed
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.context_class = _Context
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= {"gettext": _sentence(locale), "ngettext": _plural(locale)}
    environment.filters.update(
        money=lambda value: formats.money(value, locale),
        round_money=lambda value: formats.round_money(value, locale),
        day=lambda value: formats.day(value, locale),
        short_day=lambda value: formats.short_day(value, locale),
        long_day=lambda value: formats.long_day(value, locale),
        moment=lambda value: formats.moment(value, locale, zone),
        count=lambda value: formats.count(value, locale),
        percent=lambda value: formats.percent(value, locale),
        name=formats.name,
    )
    return environment
