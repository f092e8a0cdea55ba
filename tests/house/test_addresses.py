"""No registry, no path of somebody's machine, no secret: nothing committed points outside."""

from __future__ import annotations

import re

import pytest

from tests.house import tree

# Written as patterns, so that this file does not hold what it forbids.
REGISTRIES = re.compile(
    r"pypi[.]org|pythonhosted[.]org|npmjs[.](?:org|com)|crates[.]io|deb[.]debian[.]org"
    r"|anaconda[.]org|rubygems[.]org|proxy[.]golang|maven[.]org|yarnpkg[.]com"
)
MACHINES = re.compile(r"(?<![\w.])/(?:wor[k]|roo[t]|Use[r]s|op[t]/pypi|op[t]/wheels)/")
TEXT = {".cfg", ".css", ".csv", ".html", ".ini", ".js", ".json", ".lock", ".mako", ".md", ".po"}
TEXT |= {".py", ".sh", ".svg", ".toml", ".txt", ".yml", ".yaml", ""}
LOCKS = ("requirements.lock", "requirements-dev.lock")
REQUIREMENT = re.compile(r"[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,-]+\])?==[^ ;]+(?: ; .+)?(?: \\)?")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{tree.short(path)}:{number}"
        for path in tree.project_files()
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry() -> None:
    assert not lines_matching(REGISTRIES)


def test_no_file_names_a_path_of_a_machine() -> None:
    assert not lines_matching(MACHINES)


def test_the_patterns_find_what_they_look_for() -> None:
    assert REGISTRIES.search("https://" + "pypi" + ".org/simple")
    assert MACHINES.search("open('" + "/wo" + "rk/main')")
    assert not MACHINES.search("docs/work/plan.md")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_names_versions_and_hashes_only(name: str) -> None:
    lines = (tree.ROOT / name).read_text(encoding="utf-8").splitlines()
    assert lines
    strange = [line for line in lines if not (REQUIREMENT.fullmatch(line) or HASH.fullmatch(line))]
    assert not strange


def test_what_the_product_runs_on_is_the_same_in_both_locks() -> None:
    first, second = (
        {line for line in (tree.ROOT / name).read_text("utf-8").splitlines() if "==" in line}
        for name in LOCKS
    )
    assert {line.split(";")[0] for line in first} <= {line.split(";")[0] for line in second}


def test_no_file_of_settings_is_committed() -> None:
    assert not [path for path in tree.project_files() if path.name == ".env"]
