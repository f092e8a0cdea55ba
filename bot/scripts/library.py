"""The scripts of a folder, loaded once: broken ones are refused with every reason."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from bot.scripts.inclusion import flatten, settle
from bot.scripts.model import Script
from bot.scripts.pathways import graph_faults, reachable
from bot.scripts.reading import Draft, Fault, read_draft
from bot.scripts.soundness import answers_of, step_faults

Library = Mapping[str, Script]


class BrokenScripts(ValueError):
    """Some script files cannot be used; `faults` says which, where and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep the faults, the first of them in the message."""
        super().__init__("; ".join(f"{one.file} {one.step}: {one.reason}" for one in faults[:3]))
        self.faults = faults


def load(folder: Path | None = None) -> Library:
    """Return the scripts of a folder by id (the packaged ones by default), read only once.

    A folder only needs the files that it changes: the packaged ones complete it.
    Raise `BrokenScripts` when anything at all is wrong, `OSError` without the folder.
    """
    return _load(folder.resolve() if folder else None)


@cache
def _load(folder: Path | None) -> Library:
    scripts, faults = build(sources(folder))
    if faults:
        raise BrokenScripts(faults)
    return MappingProxyType(scripts)


def sources(folder: Path | None = None) -> dict[str, bytes]:
    """Return the bytes of every script file by name, those of the folder over the packaged ones.

    Raise `OSError` when there is no such folder.
    """
    packaged = resources.files("bot.scripts").joinpath("content")
    found = {
        entry.name: entry.read_bytes()
        for entry in packaged.iterdir()
        if entry.name.endswith(".toml")
    }
    if folder is not None:
        own = (path for path in folder.iterdir() if path.suffix == ".toml")
        found |= {path.name: path.read_bytes() for path in own}
    return dict(sorted(found.items()))


def build(files: Mapping[str, bytes]) -> tuple[dict[str, Script], tuple[Fault, ...]]:
    """Turn files into scripts; return the sound ones and the faults of the others."""
    drafts: dict[str, Draft] = {}
    faults: list[Fault] = []
    for name, source in files.items():
        draft, found = read_draft(name, source)
        faults += found
        if draft is not None:
            drafts[name.removesuffix(".toml")] = draft
    scripts: dict[str, Script] = {}
    for name, draft in drafts.items():
        script, found = _assemble(draft, drafts)
        faults += found
        if not any(fault.file == f"{name}.toml" for fault in faults):
            scripts[name] = script
    return scripts, tuple(sorted(set(faults)))


def _assemble(draft: Draft, drafts: Mapping[str, Draft]) -> tuple[Script, list[Fault]]:
    file = f"{draft.id}.toml"
    flat, faults = flatten(draft, drafts)
    steps = settle(flat, draft.returns)
    found = reachable(steps, draft.start) if draft.start in steps else set(steps)
    # Steps of a form that serve only its direct use are no fault where it is included.
    kept = {name: step for name, step in steps.items() if name in found or "." not in name}
    answers = answers_of(kept.values(), draft.takes)
    for name, step in kept.items():
        faults += [Fault(file, name, reason) for reason in step_faults(step, kept, answers)]
    faults += [Fault(file, *pair) for pair in graph_faults(kept, draft.start)]
    digest = hashlib.sha256(_inlined(draft, drafts)).hexdigest()[:16]
    return Script(draft.id, draft.title, draft.start, kept, digest, draft.takes), faults


def _inlined(draft: Draft, drafts: Mapping[str, Draft], within: tuple[str, ...] = ()) -> bytes:
    inner = [
        _inlined(drafts[name], drafts, (*within, draft.id))
        for name in sorted(draft.includes)
        if name in drafts and name not in (*within, draft.id)
    ]
    return b"\0".join([draft.source, *inner])
