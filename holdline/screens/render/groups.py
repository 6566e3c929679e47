"""Acts on a whole group."""

from holdline.desk.health.foreign_groups import staff_group_ids
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip


def leave_chat(tx: Tx, item: Row) -> Call | Skip:
    """Checks again right before the call: the group may be the staff group under a new id."""
    if item["chat_id"] in staff_group_ids(tx):
        return Skip("it is the staff group")
    return Call("leaveChat", {"chat_id": item["chat_id"]})
