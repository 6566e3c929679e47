"""Webhooks: addresses of outside tools that are notified of events, following standardwebhooks.com."""
