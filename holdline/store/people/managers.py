"""Managers, with their permissions: their own set, or that of their role as the desk edited it."""

from collections.abc import Iterable

from holdline.dialogs.conversation.mentions import Addressee
from holdline.dialogs.dialog import Person
from holdline.dialogs.manager import PERMISSIONS, ROLE_PERMISSIONS, Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.store.tx import Row, Tx, placeholders

_SELECT = """
SELECT m.id, m.bot_id, m.telegram_id, m.name, m.username, m.role, m.permissions_json, m.ready, m.active,
       m.language, m.language_is_default, m.entered_dialog_id, m.entered_at, m.time_zone,
       r.permissions_json AS role_permissions_json
FROM managers m LEFT JOIN roles r ON r.bot_id = m.bot_id AND r.name = m.role
WHERE m.bot_id = :bot
"""
_CHANGEABLE = frozenset(
    {
        "name",
        "username",
        "role",
        "permissions",
        "ready",
        "away_at",
        "active",
        "language",
        "language_is_default",
        "entered_dialog_id",
        "entered_at",
        "time_zone",
    }
)

_TOLD = frozenset({"role", "permissions", "active", "language"})
"""Fields that are cached elsewhere, so that a change rings a bell."""


def by_telegram_id(tx: Tx, telegram_id: int) -> Manager | None:
    return _one(tx, _SELECT + " AND m.telegram_id = :id", telegram_id)


def by_id(tx: Tx, manager_id: int) -> Manager | None:
    return _one(tx, _SELECT + " AND m.id = :id", manager_id)


def load_locked(tx: Tx, manager_id: int) -> Manager | None:
    """The manager, locked until the end of the transaction."""
    return _one(tx, _SELECT + " AND m.id = :id FOR UPDATE OF m", manager_id)


def lock_before_leaving(tx: Tx, manager_id: int) -> Manager | None:
    """The manager, locked until the end of the transaction, even against those that only write something for them to
    read.
    """
    return _one(tx, _SELECT + " AND m.id = :id FOR KEY UPDATE OF m", manager_id)


def lock_readers_who_left(tx: Tx, chat_ids: Iterable[int]) -> list[int]:
    """Which of these private chats belong to people who left the desk. Nobody else can leave before this transaction
    ends.
    """
    among, values = placeholders(sorted(chat_ids))
    rows = tx.all(
        f"""SELECT telegram_id, active FROM managers WHERE bot_id = :bot AND telegram_id IN ({among})
            ORDER BY id FOR KEY SHARE""",
        bot=tx.bot_id,
        **values,
    )
    return [
        row["telegram_id"] for row in rows if not row["active"] and row["telegram_id"] not in tx.rules.admins
    ]


def keep_active(tx: Tx, telegram_id: int) -> Manager | None:
    """The manager, who cannot leave the desk before this transaction ends; None if they left or never belonged to it.

    Any number of transactions may keep the same manager, in any order: two that name each other do not wait.
    """
    manager = _one(tx, _SELECT + " AND m.telegram_id = :id FOR KEY SHARE OF m", telegram_id)
    return manager if manager is not None and manager.active else None


def page(tx: Tx, *, after: int = 0, limit: int = 50, active_only: bool = False) -> list[Manager]:
    """In order of id; `after` is the last id of the previous page."""
    rows = tx.all(
        _SELECT + " AND m.id > :after AND (m.active = 1 OR :all = 1) ORDER BY m.id LIMIT :limit",
        bot=tx.bot_id,
        after=after,
        all=not active_only,
        limit=limit,
    )
    return [_manager(tx, row) for row in rows]


def list_addressees(tx: Tx) -> list[Addressee]:
    """All active managers, with the names by which a note may address them."""
    rows = tx.all(
        "SELECT id, telegram_id, name, username FROM managers WHERE bot_id = :bot AND active = 1 ORDER BY id",
        bot=tx.bot_id,
    )
    return [Addressee(Person(row["id"], row["telegram_id"], row["name"]), row["username"]) for row in rows]


def list_names(tx: Tx) -> list[Row]:
    """id, telegram_id and name of all present and former managers."""
    return tx.all("SELECT id, telegram_id, name FROM managers WHERE bot_id = :bot", bot=tx.bot_id)


def count_active(tx: Tx) -> int:
    row = tx.one("SELECT COUNT(*) AS n FROM managers WHERE bot_id = :bot AND active = 1", bot=tx.bot_id)
    return int(row["n"]) if row else 0


def list_permitted(tx: Tx, act: Act) -> list[Manager]:
    """All active managers who may do it: for requests to managers, and to keep the last one from being lost."""
    rows = tx.all(_SELECT + " ORDER BY m.id", bot=tx.bot_id)
    return [manager for row in rows if is_allowed(manager := _manager(tx, row), act)]


def list_followers_of_role(tx: Tx, role: str) -> list[Manager]:
    """Active managers whose rights are those of the role: without rights of their own, and not in the configuration,
    which gives every right.
    """
    rows = tx.all(
        _SELECT + " AND m.active = 1 AND m.role = :role AND m.permissions_json IS NULL ORDER BY m.id",
        bot=tx.bot_id,
        role=role,
    )
    return [_manager(tx, row) for row in rows if row["telegram_id"] not in tx.rules.admins]


def insert(tx: Tx, *, telegram_id: int, name: str, role: str) -> Manager:
    """Adds a manager; if the Telegram id is known, returns that manager unchanged.

    A person who was a customer keeps their language; for others the desk's is assumed until they write.
    """
    tx.run(
        """INSERT INTO managers (bot_id, telegram_id, name, role, language, language_is_default, created_at)
           VALUES (:bot, :telegram, :name, :role, COALESCE(
               (SELECT language FROM customers WHERE bot_id = :bot AND telegram_id = :telegram), :language),
               CASE WHEN EXISTS (SELECT 1 FROM customers WHERE bot_id = :bot AND telegram_id = :telegram)
                    THEN 0 ELSE 1 END, :at)
           ON CONFLICT (bot_id, telegram_id) DO NOTHING""",
        bot=tx.bot_id,
        telegram=telegram_id,
        name=name,
        role=role,
        language=tx.rules.language,
        at=tx.at,
    )
    tx.wake("managers")
    inserted = by_telegram_id(tx, telegram_id)
    assert inserted is not None
    return inserted


def update(tx: Tx, manager_id: int, **changes: object) -> Manager:
    """Changes columns by name; `permissions` is a set, or None to follow the role again. Raises LookupError if there is
    no such manager.

    A language that is set here no longer counts as assumed.
    """
    unknown = set(changes) - _CHANGEABLE
    if unknown:
        raise ValueError(f"a manager has no such column: {sorted(unknown)}")
    if "language" in changes:
        changes.setdefault("language_is_default", False)
    if changes:
        columns = ", ".join(f"{_column(name)} = :{_column(name)}" for name in changes)
        tx.run(
            f"UPDATE managers SET {columns} WHERE bot_id = :bot AND id = :id",
            bot=tx.bot_id,
            id=manager_id,
            **{_column(name): _column_value(name, value) for name, value in changes.items()},
        )
        if _TOLD & changes.keys():
            tx.wake("managers")
    changed = by_id(tx, manager_id)
    if changed is None:
        raise LookupError(f"manager {manager_id} does not exist")
    return changed


def _column(name: str) -> str:
    return "permissions_json" if name == "permissions" else name


def _column_value(name: str, value: object) -> object:
    if name == "permissions" and isinstance(value, set | frozenset | list | tuple):
        return sorted(value)
    return value


def _one(tx: Tx, sql: str, key: int) -> Manager | None:
    row = tx.one(sql, bot=tx.bot_id, id=key)
    return None if row is None else _manager(tx, row)


def _manager(tx: Tx, row: Row) -> Manager:
    """Anyone named in the configuration is an administrator even if the table differs, so that nobody is locked out."""
    configured = row["telegram_id"] in tx.rules.admins
    return Manager(
        id=row["id"],
        bot_id=row["bot_id"],
        telegram_id=row["telegram_id"],
        name=row["name"],
        role="admin" if configured else row["role"],
        permissions=frozenset(PERMISSIONS) if configured else _permissions(row),
        ready=bool(row["ready"]),
        active=configured or bool(row["active"]),
        language=row["language"],
        language_is_default=bool(row["language_is_default"]),
        entered_dialog_id=row["entered_dialog_id"],
        entered_at=row["entered_at"],
        time_zone=row["time_zone"],
    )


def _permissions(row: Row) -> frozenset[str]:
    own = row["permissions_json"]
    if own is not None:
        return frozenset(own)
    edited = row["role_permissions_json"]
    return frozenset(edited) if edited is not None else ROLE_PERMISSIONS.get(row["role"], frozenset())
