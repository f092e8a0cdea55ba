"""The policy file: its values, and what is said of a faulty one."""

import re
from datetime import time
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from config.policy import load_policy
from config.typed_toml import ConfigFault
from credit.money import Money
from credit.policy import NoticePolicy
from credit.promise import Means
from credit.risk_class import RiskClass

PACKAGED = resources.files("config").joinpath("policy.toml").read_text(encoding="utf-8")

WINDOWS = next(line for line in PACKAGED.splitlines() if line.startswith("calling_windows"))


def changed(folder: Path, old: str, new: str) -> Path:
    assert old in PACKAGED
    path = folder / "mine.toml"
    path.write_text(PACKAGED.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_packaged_policy_holds_the_values_of_the_handbook() -> None:
    policy = load_policy()
    assert [(int(tier.at), tier.points) for tier in policy.signals.late_now.tiers] == [
        (10, 1),
        (30, 2),
        (60, 4),
    ]
    assert policy.floor.of("EUR") == Money(Decimal(150), "EUR")
    assert policy.floor.of("SEK") == Money(Decimal(150), "SEK")
    assert policy.promise.grace_days[Means.CHEQUE] == 4
    assert policy.promise.max_days[RiskClass.D] == 3
    assert policy.hours.push.start == time(7, 30)
    assert policy.digest.max_lines == 12


def test_the_credit_managers_own_file_is_read(tmp_path: Path) -> None:
    policy = load_policy(changed(tmp_path, "cheque = 4", "cheque = 6"))
    assert policy.promise.grace_days[Means.CHEQUE] == 6


def test_an_own_file_that_names_nobody_to_answer_is_still_read(tmp_path: Path) -> None:
    path = changed(tmp_path, 'email = ""', "")
    path.write_text(re.sub(r'phone = "".*', "", path.read_text("utf-8")), encoding="utf-8")
    assert load_policy(path).notices == NoticePolicy(days=8, phone=None, email=None)


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ("repeat_days = 7 ", "", "levels.repeat_days", "a whole number"),
        ("repeat_days = 7 ", 'repeat_days = "7" ', "levels.repeat_days", "a whole number"),
        ("repeat_days = 7 ", "repeat_days = true ", "levels.repeat_days", "a whole number"),
        ("repeat_days = 7 ", "repeat_day = 7 ", "levels.repeat_day", "no such key"),
        ("other = 150", 'other = "much"', "floor.other", "a number"),
        ("other = 150", "other = 0", "floor.other", "an amount above zero"),
        ("EUR = 150", "EUR = -1", "floor.amounts", "amounts above zero"),
        ("at = 07:45:00", "at = 745", "digest.at", "a time"),
        ('L01 = { owner = "rep"', 'L01 = { owner = "boss"', "dispute.rules.L01.owner", "one of"),
        ("L01 = {", "L99 = {", "dispute.rules.L99", "one of L01"),
        ("cheque = 4", "", "promise.grace_days.cheque", "a value"),
        ("A = 8, ", "", "promise.max_days.A", "a value"),
        ("kept_percent = 95", "kept_percent = 950", "promise.kept_percent", "0 to 100"),
        ("{ at = 10, points = 1 }, ", "{ at = 99, points = 1 }, ",
         "signals.late_now.tiers", "rising tiers"),
        ("tiers = [{ at = 15, points = 1 }]", "tiers = []",
         "signals.left_aside.tiers", "rising tiers"),
        ("tiers = [{ at = 15, points = 1 }]", "tiers = 15",
         "signals.left_aside.tiers", "a list"),
        ("{ at = 15, points = 1 }", "{ at = 15, points = 1.5 }",
         "signals.left_aside.tiers[0].points", "a whole number"),
        ("{ at = 15, points = 1 }", "15", "signals.left_aside.tiers[0]", "a table"),
        ("push = { start = 07:30:00", "push = { start = 20:30:00", "hours.push", "a sound value"),
        ('email = ""', 'email = "02 99 00 00 10"', "notices", "a sound value (an e-mail has an @"),
        ('phone = ""', 'phone = "02\\n99"', "notices", "a sound value (one line"),
        ('email = ""', f'email = "{"a" * 60}@b.fr"', "notices", "a sound value (one line"),
        ("observations = 365", "observations = 364", "retention.observations", "365 days or more"),
        (WINDOWS, "calling_windows = []",
         "gate.calling_windows", "at least one window"),
    ],
)  # fmt: skip
def test_a_fault_names_the_file_the_key_and_what_was_expected(
    tmp_path: Path, old: str, new: str, key: str, expected: str
) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(ConfigFault) as fault:
        load_policy(path)
    assert fault.value.file == str(path)
    assert fault.value.key == key
    assert fault.value.expected.startswith(expected)
    assert key in str(fault.value)


def test_what_is_not_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[levels", encoding="utf-8")
    with pytest.raises(ConfigFault, match="valid TOML"):
        load_policy(path)


def test_a_whole_section_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(ConfigFault, match=r"signals: expected a table, found nothing"):
        load_policy(path)
