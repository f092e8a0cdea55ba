"""Files leave Telegram for the data folder, whole or not at all."""

from __future__ import annotations

import asyncio
from pathlib import Path

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.use_cases.uploads import LARGEST_BYTES, FileGone


async def fetch(bot: Bot, file_id: str, target: Path) -> None:
    """Download a file; raises `FileGone` when it never will come, OSError when it may later."""
    try:
        file = await bot.get_file(file_id)
        if (file.file_size or 0) > LARGEST_BYTES:
            raise FileGone
        content = bytes(await file.download_as_bytearray())
    except (BadRequest, Forbidden, InvalidToken) as error:
        raise FileGone from error
    except TelegramError as error:
        raise ConnectionError(type(error).__name__) from error
    if len(content) > LARGEST_BYTES:
        raise FileGone
    await asyncio.to_thread(_keep, target, content)


def _keep(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = target.with_name(f".{target.name}.tmp")
    fresh.write_bytes(content)
    fresh.replace(target)
