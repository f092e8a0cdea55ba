"""The frame of the project: its verbs, its papers, their links."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib

import pytest

from tests.house import tree

TARGETS = ("bench", "demo", "help", "lint", "setup", "shots", "test", "translations", "types")
PAPERS = ("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_alone_lists_every_verb() -> None:
    answer = subprocess.run(["make"], cwd=tree.ROOT, capture_output=True, text=True, check=True)
    listed = {line.split()[0] for line in answer.stdout.splitlines() if line.startswith("  ")}
    makefile = (tree.ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)
    assert listed == set(" ".join(phony).split())
    assert listed >= set(TARGETS)


def test_the_scripts_of_the_run_are_well_formed() -> None:
    script = tree.ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_that_newcomers_look_for_is_there(paper: str) -> None:
    if tree.built(paper):
        assert (tree.ROOT / paper).read_text(encoding="utf-8").strip()


def test_links_between_the_papers_lead_somewhere() -> None:
    broken = [
        f"{tree.short(path)}: {target}"
        for path in tree.project_files()
        if path.suffix == ".md"
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert not broken


def test_every_decision_is_in_the_list_of_decisions() -> None:
    folder = tree.ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    assert not [page.name for page in folder.glob("0*.md") if f"({page.name})" not in listed]


def test_the_changelog_knows_the_version() -> None:
    settings = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    changelog = (tree.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changelog or f"## [{settings['project']['version']}]" in changelog
