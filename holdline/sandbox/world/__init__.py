"""People, chats, messages and files of the pretend Telegram."""
