"""What waits to be said: each kind of outbox item with its fields and traits."""
