"""Messages in both directions: how they are sent, edited and deleted."""
