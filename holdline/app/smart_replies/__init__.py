"""The smart replies section of the configuration."""
