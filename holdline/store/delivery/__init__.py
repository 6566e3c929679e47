"""The outbox, the calls in flight, and their results at Telegram."""
