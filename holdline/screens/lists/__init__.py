"""Lists of dialogs: what a window shows, what its buttons carry, what is done from a row."""
