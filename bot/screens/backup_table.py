"""What a copy of the database holds, and what was put back, as lines for a terminal."""

from __future__ import annotations

from bot.screens import formats
from bot.screens.render import N_, Speaker
from storage.backup import Copy

ROWS = {
    "customer_row": N_("customers"),
    "item_row": N_("items"),
    "promise": N_("promises"),
    "dispute": N_("disputes"),
    "contact_record": N_("contacts"),
    "event": N_("events of the audit trail"),
}


def table(speaker: Speaker, copy: Copy) -> list[str]:
    """Say where the copy is, its size, its digest, and how much of what it holds."""
    size = formats.count(copy.size, speaker.locale)
    held = [
        f"{speaker.say(words)} {formats.count(copy.rows[name], speaker.locale)}"
        for name, words in ROWS.items()
        if name in copy.rows
    ]
    return [
        speaker.say(
            "{file}: {size} bytes, checked, schema {schema}",
            file=copy.file,
            size=size,
            schema=copy.schema,
        ),
        f"SHA-256 {copy.sha256}",
        ", ".join(held),
    ]


def restored(
    speaker: Speaker, aside: str | None, doubtful: int, schema: str | None = None
) -> list[str]:
    """Say that a copy is in place, where the former database is, what may have been sent.

    `schema`: what an older copy was brought up to.
    """
    lines = [speaker.say("restored")]
    if aside:
        lines = [speaker.say("restored; the former database is {aside}", aside=aside)]
    if schema:
        lines.append(speaker.say("brought up to this release: schema {schema}", schema=schema))
    if doubtful:
        n = formats.count(doubtful, speaker.locale)
        lines.append(speaker.say("messages that may have been sent since the copy: {n}", n=n))
    return lines
