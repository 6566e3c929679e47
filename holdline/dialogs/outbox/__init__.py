"""The kinds of outbox items, each with its fields and traits."""
