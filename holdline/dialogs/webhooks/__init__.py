"""Webhooks: addresses of outside tools that are told what happens, by the rules of standardwebhooks.com."""
