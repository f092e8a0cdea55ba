"""A local Bot API server and web chat, to try and test a bot with no token and no network."""
