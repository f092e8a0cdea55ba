"""The things a chat is made of: people, chats, messages, files, presses."""

from __future__ import annotations

from dataclasses import dataclass, field

JsonObject = dict[str, object]


@dataclass(frozen=True, slots=True)
class Entity:
    """A styled span of a text; offset and length are UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str = ""
    user_id: int = 0
    language: str = ""
    custom_emoji_id: str = ""
    unix_time: int = 0
    date_time_format: str = ""

    @property
    def end(self) -> int:
        """Return the UTF-16 offset just after the span."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that the server holds; `path` is what getFile hands out."""

    file_id: str
    unique_id: str
    kind: str
    content: bytes
    path: str
    name: str = ""
    mime: str = "application/octet-stream"
    width: int = 0
    height: int = 0
    duration: int = 0


@dataclass(frozen=True, slots=True)
class Media:
    """What a message carries besides text: `sizes` has one file, or the sizes of a photo."""

    kind: str
    sizes: tuple[StoredFile, ...]

    @property
    def best(self) -> StoredFile:
        """Return the file itself, or the largest size of a photo."""
        return self.sizes[-1]


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands now; with media, `text` is its caption."""

    message_id: int
    chat_id: int
    sender_id: int
    date: int
    text: str = ""
    entities: tuple[Entity, ...] = ()
    media: Media | None = None
    contact: JsonObject | None = None
    markup: JsonObject | None = None
    reply_to: int | None = None
    edit_date: int | None = None
    protected: bool = False
    silent: bool = False
    deleted: bool = False
    album: str = ""
    forward_origin: JsonObject | None = None


@dataclass(slots=True)
class Person:
    """A Telegram user as the server knows them."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "fr"
    role: str = ""
    start: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    unread: int = 0
    last: str = ""
    last_at: int = 0
    answers: list[JsonObject] = field(default_factory=list)


@dataclass(slots=True)
class Chat:
    """A conversation: private with one person, or a group the bot may be in."""

    id: int
    kind: str = "private"
    title: str = ""
    bot_status: str = "member"
    migrated_to: int = 0
    members: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    changes: dict[int, int] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    last_message_id: int = 0


@dataclass(slots=True)
class Press:
    """A tap on a button that waits for answerCallbackQuery."""

    id: str
    person_id: int
    chat_id: int
    message_id: int
    pressed_at: float
    answered: bool = False
