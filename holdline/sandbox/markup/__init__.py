"""Converts marked-up text to text and entities, as Telegram does."""
