"""Marketing from outside: messages, lists, webhooks."""
