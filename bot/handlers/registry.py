"""How a handler declares itself: what wakes it, who may, and whose row it touches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.handlers.request import Answer, Request
from bot.screens.tap import Tap
from credit.people import Role
from storage.work import Work

EVERYONE = frozenset(Role)
COLLECTORS = frozenset({Role.REP, Role.SALES_MANAGER, Role.CREDIT_MANAGER})
MANAGERS = frozenset({Role.SALES_MANAGER, Role.CREDIT_MANAGER, Role.ADMIN})
CREDIT = frozenset({Role.CREDIT_MANAGER, Role.ADMIN})

# Whose row a tap touches: the customer's id; the dispatcher checks the person may see it.
RowOf = Callable[[Work, Tap], int]
TapFunction = Callable[[Request, Tap], Answer]
CommandFunction = Callable[[Request, str], Answer]
MessageFunction = Callable[[Request], Answer | None]
T = TypeVar("T", bound=Tap)


@dataclass(frozen=True, slots=True)
class TapHandler:
    """A function for one kind of tap, with its rights."""

    function: TapFunction
    roles: frozenset[Role]
    customer: RowOf | None  # None: the tap touches no account
    own: bool  # True: the function itself checks that the row is the person's own


@dataclass(frozen=True, slots=True)
class CommandHandler:
    """A function for one command; `names` are French first, then English."""

    function: CommandFunction
    names: tuple[str, ...]
    roles: frozenset[Role]
    menu: str  # English description for the commands menu; "" keeps it out


@dataclass(slots=True)
class Registry:
    """Everything that can wake the product, filled by the decorators below."""

    taps: dict[type[Tap], TapHandler] = field(default_factory=dict)
    commands: list[CommandHandler] = field(default_factory=list)
    texts: list[MessageFunction] = field(default_factory=list)
    photos: list[MessageFunction] = field(default_factory=list)
    voices: list[MessageFunction] = field(default_factory=list)
    documents: list[MessageFunction] = field(default_factory=list)

    def command(self, name: str) -> CommandHandler | None:
        """Find a command by any of its names."""
        return next((one for one in self.commands if name in one.names), None)


REGISTRY = Registry()


def on_tap(
    cls: type[T],
    *,
    roles: frozenset[Role],
    customer: Callable[[Work, T], int] | None = None,
    own: bool = False,
) -> Callable[[Callable[[Request, T], Answer]], Callable[[Request, T], Answer]]:
    """Declare the handler of a kind of tap.

    `customer` gives the id of the account the tap touches. A tap about rows that belong
    to one person (his conversation, his broadcast) says `own` and checks by itself.
    """

    def register(function: Callable[[Request, T], Answer]) -> Callable[[Request, T], Answer]:
        REGISTRY.taps[cls] = TapHandler(function, roles, customer, own)  # type: ignore[arg-type]
        return function

    return register


def on_command(
    *names: str, roles: frozenset[Role], menu: str = ""
) -> Callable[[CommandFunction], CommandFunction]:
    """Declare the handler of a command under its French and English names."""

    def register(function: CommandFunction) -> CommandFunction:
        REGISTRY.commands.append(CommandHandler(function, names, roles, menu))
        return function

    return register


def on_text(function: MessageFunction) -> MessageFunction:
    """Declare a reader of free text; the first that answers wins, in the surface's order."""
    REGISTRY.texts.append(function)
    return function


def on_photo(function: MessageFunction) -> MessageFunction:
    """Declare a reader of photos."""
    REGISTRY.photos.append(function)
    return function


def on_voice(function: MessageFunction) -> MessageFunction:
    """Declare a reader of voice notes."""
    REGISTRY.voices.append(function)
    return function


def on_document(function: MessageFunction) -> MessageFunction:
    """Declare a reader of documents."""
    REGISTRY.documents.append(function)
    return function
