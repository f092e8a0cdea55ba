"""What the product needs at run time is inside its wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house import tree

NEEDED = (
    ("bot/locale/fr/LC_MESSAGES/", ".po"),
    ("bot/screens/templates/", ".html"),
    ("bot/scripts/content/", ".toml"),
    ("bot/simulator/web/", ".html"),
    ("config/", ".toml"),
    ("config/reference/", ".toml"),
    ("storage/migrations/", ".py"),
    ("storage/migrations/versions/", ".py"),
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile | None:
    if not tree.built("README.md"):  # the wheel carries it: hatchling refuses to build without
        return None
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)]
    answer = subprocess.run(build, cwd=tree.ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr[-2000:]
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def names(wheel: zipfile.ZipFile) -> set[str]:
    return {name for name in wheel.namelist() if ".dist-info/" not in name}


def test_every_file_of_the_rooms_is_in_the_wheel(wheel: zipfile.ZipFile | None) -> None:
    if wheel is None:
        return
    rooms = {path for path in map(tree.short, tree.project_files()) if in_a_room(path)}
    assert not rooms - names(wheel)


def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile | None) -> None:
    if wheel is None:
        return
    assert not [name for name in names(wheel) if not in_a_room(name)]
    assert not [name for name in names(wheel) if "__pycache__" in name or name.endswith(".env")]


def test_the_wheel_carries_the_licence_and_the_command(wheel: zipfile.ZipFile | None) -> None:
    if wheel is None:
        return
    inside = wheel.namelist()
    assert [name for name in inside if name.endswith("licenses/LICENSE")]
    scripts = next(name for name in inside if name.endswith("entry_points.txt"))
    assert "relance = bot.cli:main" in wheel.read(scripts).decode()


@pytest.mark.parametrize(("folder", "suffix"), NEEDED)
def test_the_wheel_holds(wheel: zipfile.ZipFile | None, folder: str, suffix: str) -> None:
    if wheel is None:
        return
    found = [name for name in wheel.namelist() if name.startswith(folder)]
    assert [name for name in found if name.endswith(suffix)], f"no {suffix} under {folder}"


def in_a_room(name: str) -> bool:
    return Path(name).parts[0] in tree.ROOMS
