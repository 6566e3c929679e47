"""Customers must see nothing of a manager (F-11): whatever leads to a manager's account is left out."""

from collections.abc import Iterable
from typing import Any

from holdline.dialogs.message import Entities, Message
from holdline.dialogs.text.person_links import person_behind, person_of_link
from holdline.dialogs.text.richtext import RichText
from holdline.store.people import managers
from holdline.store.tx import Tx

_NO_ID = 2**52  # Bot API: an id has at most 52 significant bits


def strip(tx: Tx, message: Message) -> RichText:
    """The text as written, with all entities except those that lead to a manager's account."""
    return RichText(message.content.text, without_managers(tx, message.content.entities))


def without_managers(tx: Tx, entities: Iterable[dict[str, Any]]) -> Entities:
    return tuple(entity for entity in entities if not _is_manager(tx, person_behind(entity)))


def rows_without_managers(tx: Tx, rows: Iterable[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """Without the buttons that open a manager's account. A button without its link would be refused."""
    kept = [[button for button in row if not _is_manager(tx, _person_of_button(button))] for row in rows]
    return [row for row in kept if row]


def _person_of_button(button: dict[str, Any]) -> int | None:
    url = button.get("url")
    return person_of_link(url) if isinstance(url, str) else None


def _is_manager(tx: Tx, person: int | None) -> bool:
    """Whether it is the account of a manager, present or former, or of an administrator who has not written yet."""
    return (
        person is not None
        and 0 < person < _NO_ID
        and (person in tx.rules.admins or managers.by_telegram_id(tx, person) is not None)
    )
