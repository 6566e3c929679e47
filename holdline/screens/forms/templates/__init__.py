"""Templates as windows: chosen in a dialog, kept in the settings."""
