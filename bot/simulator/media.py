"""The files of a call: uploads, attachments, file identifiers, albums."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator.errors import bad_request
from bot.simulator.params import Params, Upload
from bot.simulator.texts import caption_text
from bot.simulator.values import Entity, JsonObject, Media
from bot.simulator.world import World

KINDS = ("photo", "document", "voice")
FEWEST_IN_ALBUM = 2
MOST_IN_ALBUM = 10


@dataclass(frozen=True, slots=True)
class AlbumItem:
    """One checked part of an album."""

    media: Media
    text: str
    entities: tuple[Entity, ...]


def media_of(world: World, params: Params, kind: str) -> Media:
    """Return the media of sendPhoto, sendDocument or sendVoice."""
    if kind in params.files:
        return world.files.keep(kind, params.files[kind], params.integer("duration"))
    return _named(world, params, kind, params.text(kind), params.integer("duration"))


def _named(world: World, params: Params, kind: str, name: str, duration: int = 0) -> Media:
    if not name:
        raise bad_request(f"there is no {kind} in the request")
    if name.startswith("attach://"):
        return world.files.keep(kind, _attached(params, name), duration)
    return world.files.again(kind, name)


def _attached(params: Params, name: str) -> Upload:
    upload = params.files.get(name.removeprefix("attach://"))
    if upload is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return upload


def input_media(world: World, params: Params, raw: object) -> AlbumItem:
    """Return the media and caption of an InputMedia object."""
    if not isinstance(raw, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = str(raw.get("type") or "")
    if kind not in ("photo", "document"):
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is not supported here')
    media = _named(world, params, kind, str(raw.get("media") or ""))
    text, entities = caption_text(Params(raw))
    return AlbumItem(media, text, entities)


def album_items(world: World, params: Params) -> list[AlbumItem]:
    """Return the parts of an album: 2-10, all photos or all documents."""
    raw = params.json("media", "can't parse media JSON object")
    if not isinstance(raw, list):
        raise bad_request("expected an Array of InputMedia")
    if len(raw) > MOST_IN_ALBUM:
        raise bad_request("too many messages to send as an album")
    if len(raw) < FEWEST_IN_ALBUM:
        raise bad_request("too few messages to send as an album")
    items = [input_media(world, params, item) for item in raw]
    if len({item.media.kind for item in items}) > 1:
        raise bad_request("can't use the media of the specified type in the album")
    return items


def edited_media(world: World, params: Params) -> AlbumItem:
    """Return the new media of editMessageMedia."""
    raw: object | JsonObject = params.json("media", "can't parse media JSON object")
    if raw is None:
        raise bad_request("media is not specified")
    return input_media(world, params, raw)
