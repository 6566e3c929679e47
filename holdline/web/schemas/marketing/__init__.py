"""Request and response bodies of marketing."""
