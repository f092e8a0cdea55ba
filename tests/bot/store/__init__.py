"""Tests of the store's jobs and of files sent to the bot."""
