"""This room pretends to be Telegram, on loopback."""
