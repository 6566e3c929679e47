"""Settings of what the desk does automatically."""
