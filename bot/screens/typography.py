"""The spaces and apostrophes of French: what is written plainly is shown as it is printed."""

import re

FRENCH = "fr"
# « %(name)s » and « %} » are places and orders of templates, no per cents
_HIGH = re.compile(r"(?<=\S) (?=[:;!?»€]|%(?![(}]))")


def typeset(text: str, locale: str) -> str:
    """Give French its typography: no line breaks before « : » or inside quotation marks."""
    if locale != FRENCH:
        return text
    bound = text.replace("« ", "«\N{NO-BREAK SPACE}").replace("'", "’")
    return _HIGH.sub("\N{NO-BREAK SPACE}", bound)
