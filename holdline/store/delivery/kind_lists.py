"""Kinds of outbox items as SQL lists, made from the traits that the kinds declare."""

from holdline.dialogs.outbox.item import Role
from holdline.dialogs.outbox.kinds import names_where


def _list(names: tuple[str, ...]) -> str:
    return f"({', '.join(repr(name) for name in names)})"


SHOWING_CUSTOMER = _list(names_where(lambda traits: traits.shows_customer))
"""Kinds that show a customer's message to the desk."""

IN_INBOX = _list(names_where(lambda traits: traits.stands_in_inbox))
"""Kinds that show the desk a message outside any dialog."""

COPIES = _list(names_where(lambda traits: traits.leaves is Role.COPY))
"""Kinds that leave a copy of somebody's message in the chat."""

LEAVING_MESSAGE = _list(names_where(lambda traits: traits.leaves))
"""Kinds that are a message at Telegram after they were sent."""
