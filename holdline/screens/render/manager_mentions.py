"""Customers must see nothing of a manager (F-11): mentions of managers are removed from the formatting."""

from holdline.dialogs.message import Message
from holdline.dialogs.text.richtext import RichText
from holdline.store.people import managers
from holdline.store.tx import Tx


def strip(tx: Tx, message: Message) -> RichText:
    """The text as written, with all entities except those that link to a manager's account."""
    content = message.content
    return RichText(content.text, tuple(e for e in content.entities if not _leads_to_manager(tx, e)))


def _leads_to_manager(tx: Tx, entity: dict[str, object]) -> bool:
    if entity["type"] != "text_mention":
        return False
    user = entity.get("user")
    return isinstance(user, dict) and managers.by_telegram_id(tx, user.get("id", 0)) is not None
