"""SLA policies."""

from holdline.dialogs.sla.calendar_input import read_calendar
from holdline.dialogs.sla.clock import TARGETS, Policy
from holdline.store.tx import Row, Tx, placeholders


def all_policies(tx: Tx) -> list[Policy]:
    """Policies that were not deleted, in the order in which they are tried."""
    return [policy for policy in _every(tx) if not policy.is_deleted]


def all_by_id(tx: Tx) -> dict[int, Policy]:
    """All policies, including deleted ones, because closed dialogs keep what was promised."""
    return {policy.id: policy for policy in _every(tx)}


def by_id(tx: Tx, policy_id: int) -> Policy | None:
    """The policy, even if it was deleted."""
    return all_by_id(tx).get(policy_id)


def insert(tx: Tx, policy: Policy, *, calendar_id: int | None) -> int:
    """Raises StoreConflict if an existing policy has exactly the same name."""
    row = tx.one(
        """INSERT INTO sla_policies (bot_id, name, conditions_json, first_response, next_response, resolution,
                                     calendar_id, position, created_at)
           VALUES (:bot, :name, :conditions, :first_response, :next_response, :resolution, :calendar, :position, :at)
           RETURNING id""",
        bot=tx.bot_id,
        at=tx.at,
        **_values(policy, calendar_id),
    )
    assert row is not None
    return int(row["id"])


def save(tx: Tx, policy: Policy, *, calendar_id: int | None) -> None:
    tx.run(
        """UPDATE sla_policies SET name = :name, conditions_json = :conditions, first_response = :first_response,
                  next_response = :next_response, resolution = :resolution, calendar_id = :calendar,
                  position = :position WHERE bot_id = :bot AND id = :id""",
        bot=tx.bot_id,
        id=policy.id,
        **_values(policy, calendar_id),
    )


def soft_delete(tx: Tx, policy_id: int) -> None:
    tx.run(
        "UPDATE sla_policies SET deleted_at = :at WHERE bot_id = :bot AND id = :id",
        at=tx.at,
        bot=tx.bot_id,
        id=policy_id,
    )


def lock_dialogs(tx: Tx, policy_ids: list[int]) -> list[int]:
    """The ids of their open dialogs. Locks the customers' chats, so it must come before the transaction's other
    locks.
    """
    if not policy_ids:
        return []
    among, values = placeholders(policy_ids)
    concerned = f"FROM dialogs WHERE sla_policy_id IN ({among}) AND state <> 'closed'"
    tx.all(
        f"""SELECT chat_id, customer_id FROM chats WHERE customer_id IN (SELECT customer_id {concerned})
            ORDER BY chat_id FOR UPDATE""",
        **values,
    )
    return [int(row["id"]) for row in tx.all(f"SELECT id {concerned} ORDER BY id", **values)]


def _every(tx: Tx) -> list[Policy]:
    rows = tx.all(
        """SELECT p.id, p.name, p.conditions_json, p.first_response, p.next_response, p.resolution, p.position,
                  p.deleted_at, c.name AS calendar_name, c.timezone, c.hours_json, c.holidays_json
           FROM sla_policies p LEFT JOIN calendars c ON c.id = p.calendar_id
           WHERE p.bot_id = :bot ORDER BY p.position, p.id""",
        bot=tx.bot_id,
    )
    return [_policy(row) for row in rows]


def _policy(row: Row) -> Policy:
    zone = row["timezone"]
    return Policy(
        id=row["id"],
        name=row["name"],
        conditions=row["conditions_json"],
        durations={name: row[name] for name in TARGETS if row[name] is not None},
        calendar_name=row["calendar_name"],
        calendar=read_calendar(zone, row["hours_json"], row["holidays_json"]) if zone else None,
        position=row["position"],
        is_deleted=row["deleted_at"] is not None,
    )


def _values(policy: Policy, calendar_id: int | None) -> dict[str, object]:
    return {
        "name": policy.name,
        "conditions": dict(policy.conditions),
        "calendar": calendar_id,
        "position": policy.position,
        **{name: policy.durations.get(name) for name in TARGETS},
    }
