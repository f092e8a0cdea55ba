"""What a reply of the Bot API means for the message that was sent."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from bot.delivery.api import Reply
from bot.delivery.request import TOAST, Request


class Verdict(Enum):
    """What to do with the row now."""

    SENT = auto()
    LATER = auto()  # too many requests: wait as long as it says
    AS_NEW = auto()  # the message to edit, or the press, is gone: send another
    GONE = auto()  # the message to edit is gone, and with it what there was to say
    MOVED = auto()  # the chat has got another number
    AS_PLAIN = auto()  # the format was refused: send the words alone
    UNREACHABLE = auto()  # the reader has blocked the bot or left
    FAILED = auto()  # refused for good
    NO_BOT = auto()  # the token is not accepted
    DOUBTFUL = auto()  # it may have been carried out
    NEVER_LEFT = auto()  # it was surely not carried out


# python-telegram-bot and Telegram differ in capitals: fragments, in lower case.
SAME_ALREADY: Final = ("message is not modified",)
QUERY_GONE: Final = ("query is too old",)
TOO_LATE: Final = ("message to delete not found", "message can't be deleted")
GONE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
BY_CODE: Final = {
    429: Verdict.LATER,
    403: Verdict.UNREACHABLE,
    401: Verdict.NO_BOT,
    404: Verdict.NO_BOT,
}
NO_METHOD: Final = ("method not found",)
BAD_FORMAT: Final = ("can't parse entities",)


def judge(request: Request, reply: Reply) -> Verdict:
    """Class a reply (telegram.md 2, errors)."""
    if reply.ok:
        return Verdict.SENT
    if reply.code == 404 and _has(reply.description.lower(), NO_METHOD):  # noqa: PLR2004
        return Verdict.FAILED  # a defect of this message: the others are no worse for it
    if (verdict := BY_CODE.get(reply.code)) is not None:
        return verdict
    if reply.code >= 500:  # noqa: PLR2004 - the server's own fault
        return Verdict.DOUBTFUL
    if reply.migrate_to is not None:
        return Verdict.MOVED
    return _refused(request, reply.description.lower())


def _refused(request: Request, said: str) -> Verdict:
    if request.method == TOAST and _has(said, QUERY_GONE):
        return Verdict.AS_NEW if request.fallback else Verdict.SENT
    if _has(said, SAME_ALREADY) or _has(said, TOO_LATE):
        return Verdict.SENT
    if _has(said, GONE) and request.method.startswith("edit"):
        return Verdict.AS_NEW if request.fallback else Verdict.GONE
    if "parse_mode" in request.params and _has(said, BAD_FORMAT):
        return Verdict.AS_PLAIN
    return Verdict.FAILED


def _has(said: str, fragments: tuple[str, ...]) -> bool:
    return any(fragment in said for fragment in fragments)
