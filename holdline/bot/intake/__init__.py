"""The way in: from Telegram to a committed row, from the row to its handler."""
