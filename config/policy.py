"""Load the policy: the packaged thresholds, or the credit manager's own file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

from config.company import checked
from config.typed_toml import ConfigFault, parse, read
from credit.policy import Policy, Tier

PACKAGED = "policy.toml"


def load_policy(path: Path | None = None) -> Policy:
    """Read every threshold, from the packaged file when no path is given.

    Raises `ConfigFault` with the file, the key and what was expected; `OSError` when the
    file cannot be read.
    """
    packaged = resources.files("config").joinpath(PACKAGED)
    try:
        text = (path or packaged).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigFault(str(path), "encoding", "UTF-8 text", error.reason) from error
    file = str(path) if path else PACKAGED
    policy = read(Policy, parse(text, file), file)
    _check(policy, file)
    return replace(policy, company=checked(policy.creditor, file))


def _check(policy: Policy, file: str) -> None:
    """Refuse what each value alone cannot show: holes, disorder, absurd percents."""
    for name, tiers in _tiers(policy):
        ordered = [tier.at for tier in tiers]
        if not tiers or ordered != sorted(set(ordered)):
            raise ConfigFault(file, f"signals.{name}.tiers", "rising tiers", ordered)
    for name in ("kept_percent", "min_percent_of_overdue"):
        percent = getattr(policy.promise, name)
        if not 0 <= percent <= 100:  # noqa: PLR2004 - a percent
            raise ConfigFault(file, f"promise.{name}", "0 to 100", percent)
    if not policy.gate.calling_windows:
        raise ConfigFault(file, "gate.calling_windows", "at least one window", ())
    if min(policy.floor.amounts.values(), default=policy.floor.other) <= 0:
        raise ConfigFault(file, "floor.amounts", "amounts above zero", policy.floor.amounts)
    weighs = max(policy.signals.field.gone_days, policy.signals.public.lawsuit.window_days)
    if policy.retention.observations < weighs:
        kept = policy.retention.observations
        raise ConfigFault(file, "retention.observations", f"{weighs} days or more", kept)
    if policy.floor.other <= 0:
        raise ConfigFault(file, "floor.other", "an amount above zero", policy.floor.other)


def _tiers(policy: Policy) -> Iterator[tuple[str, tuple[Tier, ...]]]:
    signals = policy.signals
    for part, rules in (
        ("", signals),
        ("commercial.", signals.commercial),
        ("public.", signals.public),
    ):
        for name in rules.__slots__:
            tiers = getattr(getattr(rules, name), "tiers", None)
            if tiers is not None:
                yield f"{part}{name}", tiers
