"""A simulated Bot API server on loopback."""

from holdline.sandbox.box import Sandbox
from holdline.sandbox.errors import ControlError
from holdline.sandbox.options import SandboxOptions, ToolAccess
from holdline.sandbox.world.world import SEED_GROUP, SEED_MANAGERS

__all__ = ["SEED_GROUP", "SEED_MANAGERS", "ControlError", "Sandbox", "SandboxOptions", "ToolAccess"]
