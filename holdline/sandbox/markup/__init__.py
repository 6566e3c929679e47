"""From marked-up text to text and entities, as Telegram reads it."""
