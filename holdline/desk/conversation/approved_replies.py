"""Replies that a colleague approved. Their author may not send them again, so other managers get the button."""

from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.store.conversation import drafts, messages
from holdline.store.people import managers
from holdline.store.tx import Tx


def find_resenders(tx: Tx, message_id: int) -> list[Manager]:
    """The manager who approved the reply, or all who may approve if that one may no longer send it. Empty if its author
    may send it again.
    """
    message = messages.by_id(tx, message_id)
    if message is None or message.manager_id is None:
        return []
    author = managers.by_id(tx, message.manager_id)
    if author is None or is_allowed(author, Act.REPLY):
        return []
    able = [each for each in managers.list_permitted(tx, Act.DECIDE_ON_DRAFT) if is_allowed(each, Act.REPLY)]
    draft = drafts.find_by_sent_message(tx, message_id, message.dialog_id)
    by = draft.decided_by.id if draft is not None and draft.decided_by is not None else None
    return [each for each in able if each.id == by] or able
