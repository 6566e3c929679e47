"""`holdline init`: asks, tries each answer, writes the configuration."""
