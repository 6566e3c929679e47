"""Settings → Webhooks: the outside tools that are notified of events, and their health."""
