"""Rules of the desk, and the silence that some of them wait for."""
