"""Install the wheel in an empty environment away from the checkout, and use it there."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

# The words, and the exit codes that are an answer: `check` says 1 when there is no token yet.
USES: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...] = (
    (("--help",), (0,)),
    (("scripts", "check"), (0,)),
    (("check",), (0, 1)),
    (("demo", "--once"), (0,)),
)
PATIENCE = 300  # seconds


def environment(home: Path) -> dict[str, str]:
    """Keep what finds programs and packages; forget every setting and path of the checkout."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RELANCE_", "PYTHON", "COV", "VIRTUAL_ENV"))
    }
    own = {name: value for name, value in os.environ.items() if name == "RELANCE_CI_RUN"}
    return kept | own | {"RELANCE_DATA_DIR": str(home / "data"), "PYTHONWARNINGS": "error"}


def install(home: Path, wheel: Path, lock: Path) -> Path:
    """Create the environment and return its folder of programs."""
    venv.create(home / "venv", with_pip=True)
    programs = home / "venv" / "bin"
    pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    subprocess.run([*pip, "--require-hashes", "-r", str(lock)], cwd=home, check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], cwd=home, check=True)
    return programs


def use(home: Path, programs: Path, words: tuple[str, ...], answers: tuple[int, ...]) -> bool:
    """Run one command; tell whether it answered as it should."""
    print(f"$ relance {' '.join(words)}", flush=True)
    answer = subprocess.run(
        [str(programs / "relance"), *words],
        cwd=home,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    print(answer.stdout[-4000:])
    well = answer.returncode in answers and "Traceback" not in answer.stdout
    print(f"exit code {answer.returncode}: {'as it should' if well else 'FAULT'}\n", flush=True)
    return well and bool(answer.stdout.strip())


def main() -> int:
    """Take the folder of the wheel and the lock file as arguments; exit code 1 on a fault."""
    folder, lock = (Path(word).resolve() for word in sys.argv[1:3])
    wheel = next(folder.glob("relance-*.whl"))
    with tempfile.TemporaryDirectory(prefix="relance-elsewhere-") as name:
        home = Path(name).resolve()
        programs = install(home, wheel, lock)
        fine = [use(home, programs, words, answers) for words, answers in USES]
    print(f"{wheel.name}: {sum(fine)} of {len(fine)} uses as they should")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
