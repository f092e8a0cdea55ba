"""The demo's bot: `relance run` as a child process that never outlives its parent."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from config.settings import Settings

STOP_SECONDS = 10.0


class Bot:
    """Run the bot with these settings; what it says goes to a log file."""

    def __init__(self, settings: Settings, log: Path) -> None:
        """Prepare without starting."""
        self._settings = settings
        self.log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process is not None and self._process.returncode is None

    async def __aenter__(self) -> Self:
        """Start the process in the demo's folder, where no `.env` is found."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot.cli",
                "run",
                cwd=self.log.parent,
                env=environment(self._settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the process in good order; by force when it does not listen."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def until(self, stop: asyncio.Event) -> None:
        """Wait until `stop` is set or the bot ends by itself."""
        if self._process is None:
            return
        waits = {
            asyncio.create_task(self._process.wait()),
            asyncio.create_task(stop.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()


def environment(settings: Settings) -> dict[str, str]:
    """Say every setting to the child, so that nothing else decides."""
    root = str(Path(__file__).resolve().parents[2])  # the checkout, or where wheels are installed
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH", "")])])
    own = {"RELANCE_POLICY_FILE": str(settings.policy_file)} if settings.policy_file else {}
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("RELANCE_")},
        **own,
        "PYTHONPATH": path,
        "RELANCE_BOT_TOKEN": settings.token,
        "RELANCE_BOT_API_URL": settings.bot_api_url,
        "RELANCE_BOT_FILE_URL": settings.bot_file_url,
        "RELANCE_DATA_DIR": str(settings.data_dir),
        "RELANCE_DATABASE_URL": settings.database,
        "RELANCE_STORE_URL": settings.store_url,
        "RELANCE_COMPANY": settings.company,
        "RELANCE_TIMEZONE": settings.timezone,
        "RELANCE_LOCALE": settings.locale,
        "RELANCE_CLOCK_OFFSET": str(settings.clock_offset),
    }
