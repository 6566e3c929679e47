"""Funnels with all their versions; a version is never changed."""

from collections.abc import Iterable
from typing import Any

from holdline.dialogs.funnels.enrolment import Funnel, RefusedStep
from holdline.dialogs.refusal import NotFound
from holdline.store.tx import Row, Tx

_SELECT = """SELECT f.id, f.name, f.version, f.active, f.pause_reason, f.pause_version, f.pause_step,
                    v.id AS version_id, v.definition_json
             FROM funnels f JOIN funnel_versions v ON v.funnel_id = f.id AND v.version = f.version
             WHERE f.deleted_at IS NULL AND"""


def load(tx: Tx, funnel_id: int) -> Funnel:
    """Raises NotFound if this bot has no such funnel."""
    found = by_id(tx, funnel_id)
    if found is None:
        raise NotFound("funnel", funnel_id)
    return found


def by_id(tx: Tx, funnel_id: int) -> Funnel | None:
    row = tx.one(f"{_SELECT} f.bot_id = :bot AND f.id = :id", bot=tx.bot_id, id=funnel_id)
    return _funnel(row) if row else None


def load_version(tx: Tx, funnel_id: int, version: int) -> Funnel:
    """The funnel in that version. Raises NotFound if the funnel has no such version."""
    row = tx.one(
        """SELECT f.id, f.name, v.version, f.active, f.pause_reason, f.pause_version, f.pause_step, v.id AS version_id,
                  v.definition_json
           FROM funnels f JOIN funnel_versions v ON v.funnel_id = f.id
           WHERE f.bot_id = :bot AND f.id = :id AND v.version = :version""",
        bot=tx.bot_id,
        id=funnel_id,
        version=version,
    )
    if row is None:
        raise NotFound("funnel_version", version)
    return _funnel(row)


def by_name(tx: Tx, name: str) -> Funnel | None:
    row = tx.one(f"{_SELECT} f.bot_id = :bot AND f.name = :name", bot=tx.bot_id, name=name)
    return _funnel(row) if row else None


def page(tx: Tx, *, after: int = 0, limit: int = 1000) -> list[Funnel]:
    """In order of id."""
    rows = tx.all(
        f"{_SELECT} f.bot_id = :bot AND f.id > :after ORDER BY f.id LIMIT :limit",
        bot=tx.bot_id,
        after=after,
        limit=limit,
    )
    return [_funnel(row) for row in rows]


def of_entry(tx: Tx, kind: str, values: Iterable[str], *, also_paused: bool = False) -> list[int]:
    """The funnels that one of the values leads into, in order of id; paused ones only if wanted."""
    found: set[int] = set()
    for value in values:
        rows = tx.all(
            """SELECT e.funnel_id FROM funnel_entries e JOIN funnels f ON f.id = e.funnel_id
               WHERE e.bot_id = :bot AND e.kind = :kind AND e.value = :value AND f.active >= :active""",
            active=0 if also_paused else 1,
            bot=tx.bot_id,
            kind=kind,
            value=value,
        )
        found |= {int(row["funnel_id"]) for row in rows}
    return sorted(found)


def list_entered_alike(tx: Tx, funnel_id: int) -> list[Row]:
    """Entries that lead into this funnel and into another that is not paused: the other's `name`, `kind`, `value`."""
    return tx.all(
        """SELECT f.name, theirs.kind, theirs.value FROM funnel_entries ours
           JOIN funnel_entries theirs ON theirs.bot_id = ours.bot_id AND theirs.kind = ours.kind
                AND theirs.value = ours.value AND theirs.funnel_id <> ours.funnel_id
           JOIN funnels f ON f.id = theirs.funnel_id
           WHERE ours.bot_id = :bot AND ours.funnel_id = :funnel AND ours.kind IN ('start', 'tag') AND f.active = 1
           ORDER BY theirs.kind, theirs.value, f.name""",
        bot=tx.bot_id,
        funnel=funnel_id,
    )


def insert(tx: Tx, name: str) -> int:
    """Adds a funnel without any version. Raises StoreConflict if one has that name."""
    row = tx.one(
        """INSERT INTO funnels (bot_id, name, version, created_at, changed_at)
           VALUES (:bot, :name, 0, :at, :at) RETURNING id""",
        bot=tx.bot_id,
        name=name,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


def add_version(
    tx: Tx, funnel_id: int, *, name: str, definition: dict[str, Any], entries: Iterable[tuple[str, str]]
) -> None:
    """Adds the next version, which all new enrolments use, and the entries that lead into it."""
    row = tx.one(
        """UPDATE funnels SET version = version + 1, name = :name, changed_at = :at
           WHERE bot_id = :bot AND id = :id RETURNING version""",
        name=name,
        at=tx.at,
        bot=tx.bot_id,
        id=funnel_id,
    )
    assert row is not None
    tx.run(
        """INSERT INTO funnel_versions (funnel_id, version, definition_json, created_at)
           VALUES (:funnel, :version, :definition, :at)""",
        funnel=funnel_id,
        version=row["version"],
        definition=definition,
        at=tx.at,
    )
    tx.run("DELETE FROM funnel_entries WHERE funnel_id = :funnel", funnel=funnel_id)
    for kind, value in dict.fromkeys(entries):
        tx.run(
            "INSERT INTO funnel_entries (bot_id, funnel_id, kind, value) VALUES (:bot, :funnel, :kind, :value)",
            bot=tx.bot_id,
            funnel=funnel_id,
            kind=kind,
            value=value,
        )


def lock(tx: Tx, funnel_id: int) -> Funnel:
    """The funnel, locked, so that two changes of it follow each other."""
    tx.one("SELECT id FROM funnels WHERE bot_id = :bot AND id = :id FOR UPDATE", bot=tx.bot_id, id=funnel_id)
    return load(tx, funnel_id)


def hold(tx: Tx, funnel_id: int) -> bool:
    """Keeps the funnel from being deleted until the transaction ends; returns False if it is deleted already."""
    row = tx.one(
        "SELECT id FROM funnels WHERE bot_id = :bot AND id = :id AND deleted_at IS NULL FOR KEY SHARE",
        bot=tx.bot_id,
        id=funnel_id,
    )
    return row is not None


def is_active(tx: Tx, funnel_id: int) -> bool:
    """Whether the funnel is neither paused nor deleted."""
    row = tx.one("SELECT active FROM funnels WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=funnel_id)
    return row is not None and bool(row["active"])


def delete(tx: Tx, funnel_id: int) -> None:
    """Nothing leads into it any longer, and its name is free. Its enrolments, which are over, stay."""
    tx.run(
        "UPDATE funnels SET active = 0, deleted_at = :at, changed_at = :at WHERE bot_id = :bot AND id = :id",
        at=tx.at,
        bot=tx.bot_id,
        id=funnel_id,
    )
    tx.run("DELETE FROM funnel_entries WHERE funnel_id = :funnel", funnel=funnel_id)


def set_active(tx: Tx, funnel_id: int, *, active: bool) -> None:
    """Also forgets why the funnel has paused by itself."""
    tx.run(
        """UPDATE funnels SET active = :active, pause_reason = NULL, pause_version = NULL, pause_step = NULL,
                  changed_at = :at WHERE bot_id = :bot AND id = :id""",
        active=active,
        at=tx.at,
        bot=tx.bot_id,
        id=funnel_id,
    )


def pause_refused(tx: Tx, funnel_id: int, refused: RefusedStep) -> bool:
    """Pauses the funnel because of that refusal of that step; returns whether it was active until now."""
    return bool(
        tx.run(
            """UPDATE funnels SET active = 0, pause_reason = :reason, pause_version = :version, pause_step = :step,
                      changed_at = :at
               WHERE bot_id = :bot AND id = :id AND active = 1""",
            reason=refused.reason,
            version=refused.version,
            step=refused.address,
            at=tx.at,
            bot=tx.bot_id,
            id=funnel_id,
        )
    )


def name_of(tx: Tx, funnel_id: int) -> str:
    """The funnel's name, also of a deleted one."""
    row = tx.one("SELECT name FROM funnels WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=funnel_id)
    return str(row["name"]) if row is not None else ""


def definition_of(tx: Tx, version_id: int) -> dict[str, Any]:
    """The definition that an enrolment of that version uses."""
    row = tx.one("SELECT definition_json FROM funnel_versions WHERE id = :id", id=version_id)
    if row is None:
        raise LookupError(f"there is no version {version_id} of any funnel; run `holdline doctor`")
    definition: dict[str, Any] = row["definition_json"]
    return definition


def _funnel(row: Row) -> Funnel:
    return Funnel(
        id=row["id"],
        name=row["name"],
        version=row["version"],
        version_id=row["version_id"],
        active=bool(row["active"]),
        definition=row["definition_json"],
        refused=_refusal(row),
    )


def _refusal(row: Row) -> RefusedStep | None:
    if row["pause_reason"] is None:
        return None
    return RefusedStep(row["pause_version"], row["pause_step"], row["pause_reason"])
