"""The HTTP server: the Bot API's addresses, polling, webhooks."""
