"""Conversations from the gate to the last undo, through the dispatcher."""
