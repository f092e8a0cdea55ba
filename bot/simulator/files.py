"""The files that passed through the server: identifiers, paths, size rules."""

from __future__ import annotations

import base64
import hashlib
import random
import re
from dataclasses import replace
from pathlib import PurePosixPath

from bot.simulator.errors import bad_request
from bot.simulator.images import image_size
from bot.simulator.params import Upload
from bot.simulator.values import Media, StoredFile

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_UPLOAD = 50 * 1000 * 1000
LARGEST_PHOTO = 10 * 1024 * 1024
MOST_PIXELS_AROUND = 10_000
MOST_RATIO = 20
THUMBNAIL_SIDE = 90
LONGEST_NAME = 255
_ID_BYTES = 45
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{20,}")
_FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice"}
_ALLOWED_IN_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")
_TITLES = {"photo": "Photo", "document": "Document", "voice": "VoiceNote"}


class FileStore:
    """Every file by its identifier and by its path."""

    def __init__(self, rng: random.Random) -> None:
        """Start empty; identifiers come from `rng`."""
        self._rng = rng
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(self, kind: str, upload: Upload, duration: int = 0) -> Media:
        """Store an upload as a photo, document or voice; raise the 400 of a broken rule."""
        if not upload.content:
            raise bad_request("file must be non-empty")
        if kind == "photo":
            return self._keep_photo(upload)
        if len(upload.content) > LARGEST_UPLOAD:
            raise bad_request("file is too big")
        name = clean_name(upload.name) or "file"
        mime = upload.mime or "application/octet-stream"
        if kind == "voice":
            mime = mime if mime.startswith("audio/") else "audio/ogg"
        stored = self._store(kind, upload.content, name, mime)
        return Media(kind, (self._remember(replace(stored, duration=duration)),))

    def _keep_photo(self, upload: Upload) -> Media:
        size = len(upload.content)
        if size > LARGEST_PHOTO:
            raise bad_request(
                f"file of size {size} bytes is too big for a photo; "
                f"the maximum size is {LARGEST_PHOTO} bytes"
            )
        sized = image_size(upload.content)
        if sized is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        mime, width, height = sized
        shorter, longer = sorted((width, height))
        if not shorter or longer / shorter > MOST_RATIO or width + height > MOST_PIXELS_AROUND:
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        scales = [1.0] if longer <= THUMBNAIL_SIDE else [THUMBNAIL_SIDE / longer, 1.0]
        return Media("photo", tuple(self._size(upload, mime, width, height, s) for s in scales))

    def _size(self, upload: Upload, mime: str, width: int, height: int, scale: float) -> StoredFile:
        stored = self._store("photo", upload.content, "photo.jpg", mime)
        sides = max(1, round(width * scale)), max(1, round(height * scale))
        unique = stored.unique_id[:-2] + ("AD" if scale == 1 else "AB")
        return self._remember(replace(stored, width=sides[0], height=sides[1], unique_id=unique))

    def _store(self, kind: str, content: bytes, name: str, mime: str) -> StoredFile:
        digest = hashlib.sha256(content).digest()
        suffix = PurePosixPath(name).suffix
        suffix = suffix if _ALLOWED_IN_SUFFIX.fullmatch(suffix) else ""
        return StoredFile(
            file_id=_base64(self._rng.randbytes(_ID_BYTES)),
            unique_id=_base64(digest[:12]),
            kind=kind,
            content=content,
            path=f"{_FOLDERS[kind]}/file_{len(self._by_id)}{suffix}",
            name=name,
            mime=mime,
        )

    def _remember(self, stored: StoredFile) -> StoredFile:
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def of_id(self, file_id: str) -> StoredFile:
        """Return a file by its identifier."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return stored

    def at_path(self, path: str) -> StoredFile | None:
        """Return a file by the path getFile gave."""
        return self._by_path.get(path)

    def again(self, kind: str, file_id: str) -> Media:
        """Return the media of a file sent once more by its identifier."""
        if file_id.startswith(("http://", "https://")):
            # The server never goes out to the network.
            raise bad_request("failed to get HTTP URL content")
        if not _WELL_FORMED.fullmatch(file_id):
            raise bad_request("wrong file identifier/HTTP URL specified")
        stored = self.of_id(file_id)
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {_TITLES[stored.kind]} as {_TITLES[kind]}")
        return Media(kind, (stored,))


def clean_name(name: str) -> str:
    """Return the last part of a file name without control characters, as Telegram keeps it."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(letter for letter in last if letter.isprintable())
    return kept.strip(" .")[-LONGEST_NAME:] if kept.strip(".") else ""


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
