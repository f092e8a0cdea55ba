"""Tests of the Telegram assistant, room by room."""
