"""HTTP: the Bot API's addresses, polling, webhooks."""
