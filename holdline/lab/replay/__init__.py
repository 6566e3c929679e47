"""Replay: recorded conversations played through the sandbox and the whole desk, every promise watched."""
