"""Intake: from Telegram to a committed row, and from the row to its handler."""
