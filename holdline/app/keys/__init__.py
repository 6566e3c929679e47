"""`holdline key`: the keys of the HTTP API."""
