"""The replay: recorded conversations played through the sandbox and the whole desk, checking every promise."""
