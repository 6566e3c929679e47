"""Automatic answers by a language model over HTTP."""
