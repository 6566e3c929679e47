"""Kinds of outbox items as SQL reads them, each list made from what the kinds declare."""

from holdline.dialogs.outbox.item import Role
from holdline.dialogs.outbox.kinds import names_where


def _list(names: tuple[str, ...]) -> str:
    return f"({', '.join(repr(name) for name in names)})"


SHOWING_CUSTOMER = _list(names_where(lambda traits: traits.shows_customer))
"""Where the desk reads a customer's words."""

IN_INBOX = _list(names_where(lambda traits: traits.stands_in_inbox))
"""Where it reads those outside any dialog."""

COPIES = _list(names_where(lambda traits: traits.leaves is Role.COPY))
"""What says a message of somebody's."""

LEAVING_MESSAGE = _list(names_where(lambda traits: traits.leaves))
"""What is a message at Telegram once it was sent."""
