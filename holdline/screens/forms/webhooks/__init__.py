"""Settings → Webhooks: which outside tools are told what happens, and how they are."""
