"""Automatic tags of closed dialogs: a model in its own process, and a service over HTTP."""
