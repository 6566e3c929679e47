"""The room of the HTTP server."""
