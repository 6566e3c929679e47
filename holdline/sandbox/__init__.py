"""This room pretends to be Telegram, on loopback."""

from .box import Sandbox
from .errors import ControlError
from .options import SandboxOptions, ToolAccess
from .world import SEED_GROUP, SEED_MANAGERS

__all__ = ["SEED_GROUP", "SEED_MANAGERS", "ControlError", "Sandbox", "SandboxOptions", "ToolAccess"]
