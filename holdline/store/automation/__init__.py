"""Rules of the desk, and the waits for a silence that some of them need."""
