"""People, chats, messages and files of the simulated Telegram."""
