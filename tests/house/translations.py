"""Report what the French catalogues lack; `make translations` prints it ready to paste."""

from __future__ import annotations

import sys

from tests.house import catalogues, sentences
from tests.house.catalogues import Entry
from tests.house.sentences import Sentence


def missing(entries: list[Entry], shown: dict[Sentence, str]) -> dict[Sentence, str]:
    """Return the sentences that no catalogue holds, with the place that shows each."""
    known = {entry.sentence for entry in entries}
    return {sentence: place for sentence, place in shown.items() if sentence not in known}


def dead(entries: list[Entry], shown: dict[Sentence, str], texts: set[str]) -> list[Entry]:
    """Return the entries that nothing shows any more."""
    return [
        entry
        for entry in entries
        if entry.sentence not in shown and entry.sentence.msgid not in texts
    ]


def unfinished(entries: list[Entry]) -> list[Entry]:
    """Return the entries that are empty or that somebody still has to look at."""
    return [entry for entry in entries if entry.empty or entry.fuzzy]


def contradictory(entries: list[Entry]) -> list[str]:
    """Name the sentences that two catalogues translate differently."""
    said: dict[Sentence, tuple[str, ...]] = {}
    return [
        f"{entry.catalogue}: {entry.sentence.msgid!r}"
        for entry in entries
        if said.setdefault(entry.sentence, entry.translations) != entry.translations
    ]


def stanza(sentence: Sentence, place: str) -> str:
    """Write a sentence as an empty entry of a catalogue."""
    lines = [f"#: {place}"]
    if sentence.context:
        lines.append(f"msgctxt {_quoted(sentence.context)}")
    lines.append(f"msgid {_quoted(sentence.msgid)}")
    if sentence.plural:
        lines += [f"msgid_plural {_quoted(sentence.plural)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main() -> int:
    """Print every fault of the French catalogues; exit code 1 when there is one."""
    entries, shown = catalogues.french(), sentences.shown()
    lacking = missing(entries, shown)
    faults = [stanza(sentence, place) + "\n" for sentence, place in lacking.items()]
    faults += [f"{e.catalogue}: unfinished: {e.sentence.msgid!r}" for e in unfinished(entries)]
    unused = dead(entries, shown, sentences.constants())
    faults += [f"{e.catalogue}: shown nowhere: {e.sentence.msgid!r}" for e in unused]
    faults += [f"two translations: {line}" for line in contradictory(entries)]
    faults += [f"{e.catalogue}: {why}" for e in entries for why in catalogues.disagreements(e)]
    print("\n".join([*faults, f"{len(shown)} sentences shown, {len(faults)} faults in French"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
