"""The words that every file of this room uses for JSON."""

from typing import Any

Json = dict[str, Any]
"""A Bot API object. Objects are never changed once they were handed out: a change makes a new one."""
