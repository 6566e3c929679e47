"""Settings → Automatic tags: the rules, the model and the service."""
