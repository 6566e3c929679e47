"""Settings of what the desk does by itself."""
