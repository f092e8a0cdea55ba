"""Who is dead is known only where process numbers mean the same; all else is left to silence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.delivery import owner
from bot.delivery.owner import LONGEST_HOST, Place, is_gone, own_name, place

NOBODY = 999_999_999
HERE = Place("here", "m1", "b1", "n1")
OWN = f"{HERE}/1/own"


def gone(where: Place | str, number: int = NOBODY, own: str = OWN) -> bool:
    return is_gone(f"{where}/{number}/abcd", own)


def test_a_killed_process_of_this_start_of_this_machine_is_gone() -> None:
    assert gone(HERE)
    assert gone(HERE, os.getpid()), "an earlier life"
    assert not gone(HERE, os.getppid()), "it lives"
    assert not is_gone(OWN, OWN)
    assert not is_gone(f"{HERE}/odd/1", OWN)
    assert not is_gone("odd", OWN)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(HERE, host="there"), id="another-name"),
        pytest.param(replace(HERE, machine="m2", boot="b2"), id="another-machine-of-this-name"),
        pytest.param(replace(HERE, numbered="n2"), id="a-container-beside-this-one"),
        pytest.param(replace(HERE, machine="", boot="b2"), id="a-machine-without-a-number"),
        pytest.param(Place("here"), id="an-older-release"),
    ],
)
def test_whose_number_says_nothing_here_is_not_taken_for_dead(other: Place) -> None:
    for number in (NOBODY, os.getpid()):
        assert not gone(other, number)
        assert not gone(HERE, number, f"{other}/1/own"), "nor the other way round"


def test_two_machines_without_numbers_of_their_own_do_not_judge_each_other() -> None:
    nameless = replace(HERE, machine="")
    assert not gone(replace(nameless, boot="b2"), own=f"{nameless}/1/own")
    assert gone(nameless, own=f"{nameless}/1/own"), "within one start its own are known"


def test_what_ran_before_the_machine_was_started_anew_is_gone() -> None:
    assert gone(replace(HERE, boot="b0", numbered="n9"))
    assert gone(replace(HERE, boot="b0"), os.getpid())


def test_where_the_system_says_nothing_the_name_of_the_machine_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(owner, "BOOT", Path("/nowhere"))
    assert place("here") == Place("here")
    name = own_name("here")
    assert name.startswith("here/")
    assert gone("here", own=name)
    assert not gone("there", own=name)


@pytest.mark.parametrize("number", [b"", b"uninitialized\n", None])
def test_a_machine_without_a_number_says_so(
    number: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if number is not None:
        (tmp_path / "id").write_bytes(number)
    monkeypatch.setattr(owner, "MACHINE", tmp_path / "id")
    assert place().machine == ""


def test_names_fit_into_their_columns_and_say_what_they_were_made_of() -> None:
    assert len(str(place("h" * 90))) <= LONGEST_HOST
    assert len(f"{place('h' * 90)}/4194304/{'f' * 8}/in") <= 80
    assert owner._placed(str(place("h" * 90))) == place("h" * 90)


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux")
def test_a_process_of_another_container_on_this_machine_is_not_taken_for_dead() -> None:
    said = "from bot.delivery.owner import own_name; print(own_name())"
    words = ["unshare", "--user", "--map-root-user", "--pid", "--fork", sys.executable, "-c", said]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    if ended.returncode:
        pytest.skip("namespaces are not allowed here")
    assert not is_gone(ended.stdout.strip(), own_name())
