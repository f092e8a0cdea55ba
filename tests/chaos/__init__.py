"""Chaos: processes killed and servers that fail under load, counted at the far end."""
