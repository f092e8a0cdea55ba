"""Scripted conversations: content files, a loader that refuses broken ones, a pure engine."""
