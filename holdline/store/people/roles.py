"""The permissions of roles that the desk changed; a role without a row keeps its defaults."""

import json

from holdline.dialogs.manager import ROLE_PERMISSIONS
from holdline.store.tx import Tx


def permissions(tx: Tx) -> dict[str, frozenset[str]]:
    """Every role with its present permissions."""
    rows = tx.all("SELECT name, permissions_json FROM roles WHERE bot_id = :bot", bot=tx.bot_id)
    return ROLE_PERMISSIONS | {row["name"]: frozenset(row["permissions_json"]) for row in rows}


def lock_permissions(tx: Tx, role: str) -> frozenset[str]:
    """The role's permissions, locked until the end of the transaction; adds its row if the desk never changed it."""
    tx.run(
        """INSERT INTO roles (bot_id, name, permissions_json) VALUES (:bot, :name, :permissions)
           ON CONFLICT (bot_id, name) DO NOTHING""",
        bot=tx.bot_id,
        name=role,
        permissions=json.dumps(sorted(ROLE_PERMISSIONS[role])),
    )
    row = tx.one(
        "SELECT permissions_json FROM roles WHERE bot_id = :bot AND name = :name FOR UPDATE",
        bot=tx.bot_id,
        name=role,
    )
    assert row is not None
    return frozenset(row["permissions_json"])


def put(tx: Tx, role: str, granted: frozenset[str]) -> None:
    """Replaces the permissions of a locked role."""
    tx.run(
        "UPDATE roles SET permissions_json = :permissions WHERE bot_id = :bot AND name = :name",
        bot=tx.bot_id,
        name=role,
        permissions=json.dumps(sorted(granted)),
    )
