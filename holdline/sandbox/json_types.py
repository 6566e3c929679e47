"""The type names that this room uses for JSON."""

from typing import Any

Json = dict[str, Any]
"""A Bot API object. Objects are never changed after they were handed out: a change creates a new one."""
