"""Windows for templates: choosing one in a dialog, and managing them in the settings."""
