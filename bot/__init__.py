"""What is said: the Telegram assistant itself."""
