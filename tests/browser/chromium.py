"""Finds the Chromium of this computer and says how to start it headless."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TypedDict

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)
MAC_PATHS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
HOW_TO_INSTALL = (
    "Chromium is not installed: `apt install chromium`, `brew install --cask chromium`, "
    "or set CHROMIUM to the path of a Chrome or Chromium"
)
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class LaunchOptions(TypedDict):
    """What Playwright's `chromium.launch` is given."""

    executable_path: str
    args: list[str]
    headless: bool


class ChromiumMissing(Exception):
    """No Chromium could be found; the message says how to get one."""

    def __init__(self) -> None:
        super().__init__(HOW_TO_INSTALL)


def find_chromium() -> str | None:
    """Return the path of a Chromium: the variable CHROMIUM, the search path, then macOS."""
    asked = os.environ.get("CHROMIUM")
    if asked:
        return shutil.which(asked)
    on_path = (shutil.which(name) for name in NAMES)
    on_mac = (path for path in MAC_PATHS if Path(path).exists())
    return next((path for path in (*on_path, *on_mac) if path), None)


def launch_options() -> LaunchOptions:
    """Return the options of a headless start; raise ChromiumMissing when there is no browser."""
    path = find_chromium()
    if path is None:
        raise ChromiumMissing
    return {"executable_path": path, "args": [*_sandbox(), *QUIET], "headless": True}


def _sandbox() -> list[str]:
    # Chromium refuses its sandbox to root, which is who runs most containers.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return ["--no-sandbox"] if is_root else []
