"""What Telegram sends and answers in the benchmarks, as large as the real thing."""

from __future__ import annotations

from typing import Any, Final

TOKEN: Final = "123456789:bench-token-of-thirty-five-characters"
FIRST_READER: Final = 500_001  # Telegram ids of the readers count from here
BOT: Final = {
    "id": 123456789,
    "is_bot": True,
    "first_name": "Relance",
    "username": "relance_bench_bot",
    "can_join_groups": False,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
TEXT: Final = (
    "🔴 Alerte · Menuiserie Vauquermont\n"
    "Encours : 12 400 € · en retard : 8 350 € (5 factures, 68 jours)\n"
    "▓▓▓▓▓▓▓▓░░ 82 % du plafond de 15 000 €\n\n"
    "• Retard : FA-000123, 68 jours (2 150 €) · règle : 30 jours\n"
    "• Part échue : 67 % de ce qui est dû · règle : 40 %\n\n"
    "À faire : appelez aujourd’hui.\n"
    "Données du 12/03 à 07:40"
)
KEYBOARD: Final = {
    "inline_keyboard": [
        [
            {"text": "📞 Appeler", "callback_data": "1cg.1Z", "style": "primary"},
            {"text": "🧾 Factures", "callback_data": "1in.1Z.0"},
        ],
        [
            {"text": "👍 Je m’en charge", "callback_data": "1tk.1Z", "style": "success"},
            {"text": "⏰ Plus tard", "callback_data": "1sn.1Z"},
        ],
        [{"text": "Pas pertinent", "callback_data": "1di.1Z"}],
    ]
}
MESSAGE: Final[dict[str, Any]] = {
    "message_id": 4711,
    "from": BOT,
    "chat": {"id": FIRST_READER, "first_name": "Camille", "type": "private"},
    "date": 1_790_000_000,
    "edit_date": 1_790_000_060,
    "text": TEXT,
    "reply_markup": KEYBOARD,
}


def press(number: int, reader: int, data: str) -> dict[str, Any]:
    """Make the update of one press on a button."""
    person = {"id": reader, "is_bot": False, "first_name": "Camille", "language_code": "fr"}
    chat = {"id": reader, "first_name": "Camille", "type": "private"}
    return {
        "update_id": number,
        "callback_query": {
            "id": str(10**15 + number),
            "from": person,
            "message": {**MESSAGE, "chat": chat},
            "chat_instance": "-123456789",
            "data": data,
        },
    }


def message(number: int, reader: int, text: str, at: int) -> dict[str, Any]:
    """Make the update of one typed message; `at` is its moment in Unix seconds."""
    person = {"id": reader, "is_bot": False, "first_name": "Camille", "language_code": "fr"}
    chat = {"id": reader, "first_name": "Camille", "type": "private"}
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "from": person,
            "chat": chat,
            "date": at,
            "text": text,
        },
    }
