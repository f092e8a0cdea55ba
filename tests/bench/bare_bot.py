"""The anchor of taps and messages: python-telegram-bot as it comes, the same calls, no database."""

from __future__ import annotations

import os

from telegram import InlineKeyboardMarkup, Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from tests.bench.updates import KEYBOARD, TEXT

IN_FLIGHT = 32
MARKUP = InlineKeyboardMarkup.de_json(KEYBOARD)


async def on_press(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Confirm the press and change the message."""
    query = update.callback_query
    assert query is not None
    await query.answer("C’est noté.")
    await query.edit_message_text(TEXT, parse_mode="HTML", reply_markup=MARKUP)


async def on_message(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a message with a card."""
    assert update.message is not None
    await update.message.reply_text(TEXT, parse_mode="HTML", reply_markup=MARKUP)


def main() -> None:
    """Poll until told to stop."""
    application = (
        ApplicationBuilder()
        .token(os.environ["RELANCE_BOT_TOKEN"])
        .base_url(os.environ["RELANCE_BOT_API_URL"])
        .concurrent_updates(IN_FLIGHT)
        .connection_pool_size(IN_FLIGHT)
        .build()
    )
    application.add_handler(CallbackQueryHandler(on_press))
    application.add_handler(MessageHandler(filters.TEXT, on_message))
    application.run_polling()


if __name__ == "__main__":
    main()
