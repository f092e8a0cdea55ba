"""How words travel: a durable inbox of updates, a durable outbox of messages, their limits."""
