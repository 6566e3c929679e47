"""Calls that pay to go beyond the free pace: allow_paid_broadcast, a tenth of a Star for each message."""

from dataclasses import replace

from holdline.telegram.call import Call


def let_pay(call: Call) -> Call:
    """The same call, with permission to charge Stars for it."""
    return replace(call, params={**call.params, "allow_paid_broadcast": True})


def can_pay(call: Call) -> bool:
    """Whether the method has the parameter allow_paid_broadcast; copyMessages and the forwards do not."""
    return call.method.startswith("send") or call.method == "copyMessage"


def messages_of(call: Call) -> int:
    """How many messages are charged for: an album pays for each of its parts."""
    return len(call.params["media"]) if call.method == "sendMediaGroup" else 1
