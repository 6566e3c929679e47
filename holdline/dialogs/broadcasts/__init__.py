"""One message to many: what it says, to whom, and what may be done with it."""
