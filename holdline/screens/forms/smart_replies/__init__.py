"""Settings → Smart replies."""
