"""Why a script is refused: a sentence in English that keeps its parts, for screens to say."""

from __future__ import annotations

from typing import Self


class Reason(str):
    """A sentence with its {figures} filled in, which remembers both."""

    __slots__ = ("figures", "sentence")

    sentence: str
    figures: dict[str, object]

    def __new__(cls, sentence: str, **figures: object) -> Self:
        """Fill the figures into the sentence."""
        one = super().__new__(cls, sentence.format(**figures))
        one.sentence, one.figures = sentence, figures
        return one
