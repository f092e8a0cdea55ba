"""Tests of the local Bot API server, driven by the real python-telegram-bot over HTTP."""
