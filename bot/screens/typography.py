"""The spaces and apostrophes of French: what is written plainly is shown as it is printed."""

import re

FRENCH = "fr"
# « %(name)s » and « %} » are places and orders of templates, no per cents
_HIGH = re.compile(r"(?<=\S) (?=[:;!?»€]|%(?![(}]))")
# what stands inside is for the template engine to read
_QUOTE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})|'", re.DOTALL)


def typeset(text: str, locale: str) -> str:
    """Give French its typography: no line breaks before « : » or inside quotation marks.

    The text may be a template: its orders stay as they are.
    """
    if locale != FRENCH:
        return text
    bound = text.replace("« ", "«\N{NO-BREAK SPACE}")
    bound = _QUOTE.sub(lambda found: found[1] or "’", bound)
    return _HIGH.sub("\N{NO-BREAK SPACE}", bound)
