"""Calls that pay to go beyond the free pace: allow_paid_broadcast, a tenth of a Star for each message."""

from dataclasses import replace

from holdline.telegram.call import Call

_CANNOT_PAY = frozenset({"copyMessages", "forwardMessage", "forwardMessages"})


def let_pay(call: Call) -> Call:
    """The same, with the leave to take Stars for it."""
    return replace(call, params={**call.params, "allow_paid_broadcast": True})


def can_pay(call: Call) -> bool:
    """Whether Telegram takes that field with this method: with whatever says something new, but for these three."""
    return call.method.startswith(("send", "copyMessage")) and call.method not in _CANNOT_PAY


def messages_of(call: Call) -> int:
    """How many messages it makes: an album pays for each of its parts."""
    return len(call.params["media"]) if call.method == "sendMediaGroup" else 1
