"""The refusals of the Bot API, with Telegram's own codes and wordings."""

from __future__ import annotations


class ApiError(Exception):
    """A refused call: HTTP code, description and the `parameters` object of the answer."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, object] | None = None
    ) -> None:
        """Keep the three parts that the answer is made of."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}


def bad_request(reason: str) -> ApiError:
    """Build a 400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Build a 403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Build a 409 with Telegram's prefix."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """Build a 429; `seconds` is what the caller has to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def migrated(chat_id: int) -> ApiError:
    """Build the 400 of a group that became the supergroup `chat_id`."""
    reason = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, reason, {"migrate_to_chat_id": chat_id})


class ChatError(Exception):
    """A refused gesture of a person in the web chat: HTTP code and a reason for the page."""

    def __init__(self, code: int, reason: str) -> None:
        """Keep the code and the reason."""
        super().__init__(reason)
        self.code = code
        self.reason = reason
