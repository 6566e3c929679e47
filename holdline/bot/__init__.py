"""This room speaks Telegram."""
