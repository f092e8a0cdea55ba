"""Stories told over real HTTP: the bot and the local Telegram as processes of their own."""
