"""Windows about forwards and notifications."""
