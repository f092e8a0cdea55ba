"""All that the server knows: the bot, the people, their chats and what waits for the bot."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.simulator.call_log import CallLog
from bot.simulator.commands import CommandBook
from bot.simulator.errors import ApiError, ChatError, bad_request, forbidden, migrated
from bot.simulator.faults import Faults
from bot.simulator.files import FileStore
from bot.simulator.hub import Hub
from bot.simulator.ledger import Ledger
from bot.simulator.limits import Limits
from bot.simulator.page_views import page_message
from bot.simulator.params import Params
from bot.simulator.updates import Updates
from bot.simulator.values import Chat, JsonObject, Message, Person, Press

PREVIEW = 80
MOST_PRESSES = 10_000
_TOKEN = re.compile(r"([0-9]{3,15}):[A-Za-z0-9_-]{20,60}")


@dataclass(slots=True)
class WebhookState:
    """The webhook in force, none when `url` is empty."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error: str = ""


@dataclass(slots=True)
class Polling:
    """What is remembered of the last getUpdates and setWebhook, to pace them."""

    offset: int | None = None
    finished_at: float = float("-inf")
    conflict_at: float = float("-inf")
    webhook_set_at: float = float("-inf")


@dataclass(slots=True)
class BotProfile:
    """What people see of the bot; texts by language code, '' for every other language."""

    token: str
    username: str
    first_name: str
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, JsonObject] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """Return the bot's user id, the first part of its token."""
        return int(self.token.partition(":")[0])


class World:
    """The state of the server; time comes from `clock` (seconds since 1970), ids from `seed`."""

    def __init__(
        self, profile: BotProfile, clock: Callable[[], float], seed: int, *, local_webhooks: bool
    ) -> None:
        """Start with nobody."""
        if not _TOKEN.fullmatch(profile.token):
            raise ValueError("a token is <bot id>:<20 to 60 letters, digits, _ or ->")
        self.profile = profile
        self.shift = 0.0
        self._clock = clock
        self.rng = random.Random(seed)  # noqa: S311 - reproducible ids, no secrets
        self.local_webhooks = local_webhooks
        self.started_at = clock()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.files = FileStore(self.rng)
        self.updates = Updates(self.now, self.rng.randrange(10**8, 10**9))
        self.commands = CommandBook()
        self.limits = Limits(self.now)
        self.faults = Faults()
        self.log = CallLog()
        self.hub = Hub()
        self.webhook = WebhookState()
        self.banner: JsonObject = {"fr": [], "en": []}
        self.ledger = Ledger(profile.id)
        self.logged_out_at: float | None = None
        self.polling = Polling()
        self.pace_polling = True
        self.people_changed: Callable[[], None] = lambda: None
        self.webhook_changed: Callable[[], None] = lambda: None

    @property
    def sequence(self) -> int:
        """Return the number of the last change of any chat."""
        return self.ledger.last

    def now(self) -> float:
        """Return the server's time, seconds since 1970."""
        return self._clock() + self.shift

    def second(self) -> int:
        """Return the server's time as the whole seconds of a message date."""
        return int(self.now())

    def person(self, user: int) -> Person:
        """Return a person, or refuse the page's request."""
        if user not in self.people:
            raise ChatError(404, f"nobody has the id {user}")
        return self.people[user]

    def add_person(self, person: Person) -> None:
        """Add a person with their private chat, or bring a known one up to date."""
        known = self.people.get(person.id)
        if known is not None:
            person = replace(
                known,
                **{
                    name: getattr(person, name)
                    for name in ("first_name", "last_name", "username", "role", "start")
                },
                language_code=person.language_code,
                deactivated=person.deactivated,
            )
        self.people[person.id] = person
        self.chats.setdefault(person.id, Chat(person.id, members={person.id}))
        self.people_changed()

    def chat(self, params: Params, name: str = "chat_id") -> Chat:
        """Return the chat that a call names; raise Telegram's 400."""
        raw = params.text(name).strip()
        if not raw:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(int(raw)) if re.fullmatch(r"-?[0-9]{1,18}", raw) else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def reachable_chat(self, params: Params) -> Chat:
        """Return the chat of a call that writes; raise Telegram's 400 or 403."""
        chat = self.chat(params)
        refusal = self._group_refusal(chat) if chat.kind != "private" else self._refusal(chat)
        if refusal:
            raise refusal
        return chat

    def _refusal(self, chat: Chat) -> ApiError | None:
        person = self.people[chat.id]
        if person.deactivated:
            return forbidden("user is deactivated")
        if person.blocked:
            return forbidden("bot was blocked by the user")
        if not person.started:
            return forbidden("bot can't initiate conversation with a user")
        return None

    @staticmethod
    def _group_refusal(chat: Chat) -> ApiError | None:
        label = "supergroup chat" if chat.kind == "supergroup" else "group chat"
        if chat.migrated_to:
            return migrated(chat.migrated_to)
        if chat.bot_status == "deleted":
            return forbidden("the group chat was deleted")
        if chat.bot_status == "kicked":
            return forbidden(f"bot was kicked from the {label}")
        if chat.bot_status == "left":
            return forbidden(f"bot is not a member of the {label}")
        return None

    def add_message(self, chat: Chat, message: Message) -> Message:
        """Give a new message the chat's next number and show it."""
        chat.last_message_id += 1
        kept = replace(message, message_id=chat.last_message_id, chat_id=chat.id)
        self._preview(chat, kept)
        self.put_message(chat, kept)
        return kept

    def _preview(self, chat: Chat, message: Message) -> None:
        if chat.kind != "private":
            return
        for user in chat.members & self.people.keys():
            person = self.people[user]
            label = f"[{message.media.kind}]" if message.media else ""
            person.last = " ".join(f"{label} {message.text}".split())[:PREVIEW]
            person.last_at = message.date
            if message.sender_id == self.profile.id:
                person.unread += 1
        self.people_changed()

    def put_message(self, chat: Chat, message: Message) -> None:
        """Store the present state of a message and show it to the open pages."""
        number = message.message_id
        self.ledger.note(self.now(), message, new=number not in chat.messages)
        chat.messages[number] = message
        # Taken out and put in again, so that the last changes stand at the end.
        chat.changes.pop(number, None)
        chat.changes[number] = self.sequence
        if not self.hub.is_watched:
            return
        for user in chat.members:
            if message.deleted:
                self.hub.publish(user, "deleted", {"message_id": message.message_id})
            else:
                self.hub.publish(user, "message", page_message(user, message))

    def add_press(self, press: Press) -> None:
        """Remember a press, forgetting the oldest of very many."""
        self.presses[press.id] = press
        if len(self.presses) > MOST_PRESSES:
            del self.presses[next(iter(self.presses))]
