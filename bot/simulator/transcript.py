"""A conversation as plain text, for the failures of tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_MOST_REFUSALS = 5


def conversation(
    messages: Iterable[Mapping[str, object]],
    answers: Iterable[Mapping[str, object]],
    refused: list[dict[str, object]],
) -> str:
    """Return the messages, then the toasts, then the last refused Bot API calls."""
    lines = [line for message in messages for line in _message(message)]
    lines += [f"  toast: {answer['text']}" for answer in answers if answer["text"]]
    lines += [f"  refused: {c['method']}: {c['error']}" for c in refused[-_MOST_REFUSALS:]]
    return "\n".join(lines or ["  (empty)"])


def _message(message: Mapping[str, object]) -> list[str]:
    side = ">" if message["out"] else "<"
    kinds = [kind for kind in ("photo", "document", "voice", "contact") if message[kind]]
    head = f"{message['message_id']:>4} {side} {' '.join(f'[{kind}]' for kind in kinds)}".rstrip()
    edited = " (edited)" if message["edit_date"] else ""
    first, *rest = str(message["text"]).split("\n")
    lines = [f"{head} {first}{edited}", *(f"       {line}" for line in rest)]
    rows = message["buttons"] if isinstance(message["buttons"], list) else []
    return lines + ["       " + " ".join(f"[{button['text']}]" for button in row) for row in rows]
