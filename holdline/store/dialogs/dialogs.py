"""Dialogs, loaded completely: the row, its people and its labels by name."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Event
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.sla.clock import Sla, sla_at
from holdline.store.delivery import chats
from holdline.store.dialogs import desk_fields, sla_clocks, sla_policies
from holdline.store.dialogs.dialog_filter import AFTER, ORDERS, DialogFilter
from holdline.store.tx import Row, Tx, placeholders

_COLUMNS = """
SELECT d.*, t.name AS type_name, s.name AS stage_name, q.name AS queue_name, r.name AS root_cause_name,
       team.name AS team_name, COALESCE(bots.username, '') AS inbox,
       m.telegram_id AS assignee_telegram_id, m.name AS assignee_name,
       (SELECT w.created_at FROM messages w WHERE w.dialog_id = d.id ORDER BY w.id DESC LIMIT 1) AS last_message_at
"""
_FROM = """
FROM dialogs d
LEFT JOIN bots ON bots.id = d.bot_id
LEFT JOIN lists t ON t.id = d.type_id
LEFT JOIN lists s ON s.id = d.stage_id
LEFT JOIN lists q ON q.id = d.queue_id
LEFT JOIN lists r ON r.id = d.root_cause_id
LEFT JOIN teams team ON team.id = d.team_id
LEFT JOIN managers m ON m.id = d.assignee_id
"""
_SELECT = f"{_COLUMNS}{_FROM}"


def by_id(tx: Tx, dialog_id: int) -> Dialog:
    """Raises NotFound if this bot has no such dialog."""
    dialogs = _with_people_and_labels(
        tx, tx.all(f"{_SELECT} WHERE d.bot_id = :bot AND d.id = :id", bot=tx.bot_id, id=dialog_id)
    )
    if not dialogs:
        raise NotFound("dialog", f"#{dialog_id}")
    return dialogs[0]


def of_event(tx: Tx, event: Event) -> Dialog:
    """The dialog of the event, as it is now."""
    assert event.dialog_id is not None
    return by_id(tx, event.dialog_id)


def load_locked(tx: Tx, dialog_id: int) -> Dialog:
    """The dialog, after locking its customer's chat; the chat is always locked first."""
    chats.lock_for_dialog(tx, dialog_id)
    return by_id(tx, dialog_id)


def active_id(tx: Tx, customer_id: int) -> int | None:
    row = tx.one(
        "SELECT id FROM dialogs WHERE bot_id = :bot AND customer_id = :customer AND state = 'active'",
        bot=tx.bot_id,
        customer=customer_id,
    )
    return int(row["id"]) if row else None


def active_of(tx: Tx, customer_id: int) -> Dialog | None:
    rows = tx.all(
        f"{_SELECT} WHERE d.bot_id = :bot AND d.customer_id = :customer AND d.state = 'active'",
        bot=tx.bot_id,
        customer=customer_id,
    )
    return _with_people_and_labels(tx, rows)[0] if rows else None


def list_paused(tx: Tx, customer_id: int, *, limit: int) -> list[Dialog]:
    """The customer's paused dialogs, the most recently paused first."""
    rows = tx.all(
        f"""{_SELECT} WHERE +d.bot_id = :bot AND d.customer_id = :customer AND d.state = 'paused'
            ORDER BY d.changed_at DESC, d.id DESC LIMIT :limit""",
        bot=tx.bot_id,
        customer=customer_id,
        limit=limit,
    )
    return _with_people_and_labels(tx, rows)


def last_closed(tx: Tx, customer_id: int, *, since: datetime, until: datetime) -> Dialog | None:
    """The customer's dialog that was closed last between these times."""
    rows = tx.all(
        f"""{_SELECT} WHERE +d.bot_id = :bot AND d.customer_id = :customer AND d.closed_at > :since
            AND d.closed_at <= :until ORDER BY d.closed_at DESC, d.id DESC LIMIT 1""",
        bot=tx.bot_id,
        customer=customer_id,
        since=since,
        until=until,
    )
    return _with_people_and_labels(tx, rows)[0] if rows else None


def page(
    tx: Tx, narrowed: DialogFilter, *, order: str = "oldest", after: int | None = None, limit: int = 50
) -> list[Dialog]:
    """`order`: oldest, newest, due (the next date first, dialogs without a date last), changed (the latest first).

    `after` is the last id of the previous page.
    """
    columns, direction, step = ORDERS[order]
    rare_tag = narrowed.has_rare_tag(tx)
    conditions, values = narrowed.sql(tx, rare_tag=rare_tag)
    if after is not None:
        values["after"] = after
        last = AFTER.get(order)
        conditions.append(
            f"({columns}) {step} (SELECT {last} FROM dialogs a WHERE a.id = :after)"
            if last
            else f"d.id {step} :after"
        )
    # If only bot_id narrows the list, an index on it would mean sorting all dialogs; `+` keeps it from being used.
    # A few dialogs are faster to sort than to find in sorted order.
    few = narrowed.open or rare_tag
    bot = "d.bot_id" if narrowed.state or narrowed.open or (order in AFTER and not few) else "+d.bot_id"
    keys = [f"+{key}" if few else key for key in columns.rsplit(", ", 1)]
    sorting = ", ".join(f"{key} {direction}" for key in keys)
    chosen = f"SELECT d.id {_FROM} WHERE {' AND '.join([f'{bot} = :bot', *conditions])}"
    rows = tx.all(
        f"{_SELECT} WHERE d.id IN ({chosen} ORDER BY {sorting} LIMIT :limit) ORDER BY {sorting}",
        bot=tx.bot_id,
        limit=limit,
        **values,
    )
    return _with_people_and_labels(tx, rows)


def ids_of(tx: Tx, narrowed: DialogFilter, *, limit: int) -> list[int]:
    """The ids of all dialogs that match, oldest first."""
    narrowing, values = narrowed.sql(tx, rare_tag=narrowed.has_rare_tag(tx))
    conditions = " AND ".join(["d.bot_id = :bot", *narrowing])
    rows = tx.all(
        f"SELECT d.id {_FROM} WHERE {conditions} ORDER BY d.id LIMIT :limit",
        bot=tx.bot_id,
        limit=limit,
        **values,
    )
    return [row["id"] for row in rows]


def insert(tx: Tx, fields: dict[str, Any]) -> int:
    """Adds an active dialog; the partial unique index ensures that a customer has only one."""
    row = tx.one(
        """INSERT INTO dialogs (bot_id, customer_id, title, state, type_id, stage_id, assignee_id, description,
                                follow_up_of, created_by, created_at, changed_at)
           VALUES (:bot, :customer_id, :title, 'active', :type_id, :stage_id, :assignee_id, :description,
                   :follow_up_of, :created_by, :at, :at) RETURNING id""",
        bot=tx.bot_id,
        at=tx.at,
        **fields,
    )
    assert row is not None
    return int(row["id"])


def set_fields(tx: Tx, dialog_id: int, **fields: Any) -> None:
    """Takes only column names written in this code, never names from outside; `dialog_people` sets the assignee.

    Without fields it only records that rows beside the dialog have changed: labels, people, messages that it took
    up.
    """
    assignments = ", ".join([*(f"{name} = :{name}" for name in fields), "changed_at = :changed"])
    tx.run(
        f"UPDATE dialogs SET {assignments} WHERE bot_id = :bot AND id = :dialog_id",
        bot=tx.bot_id,
        dialog_id=dialog_id,
        changed=tx.at,
        **fields,
    )


def labels(tx: Tx, dialog_id: int, kind: str) -> dict[str, int]:
    """Name → id of the dialog's labels of that kind, including values deleted from the list."""
    rows = tx.all(
        """SELECT l.id, l.name FROM dialog_labels x JOIN lists l ON l.id = x.list_id
           WHERE x.dialog_id = :dialog AND l.kind = :kind""",
        dialog=dialog_id,
        kind=kind,
    )
    return {row["name"]: row["id"] for row in rows}


def set_labels(
    tx: Tx, dialog_id: int, kind: str, list_ids: Iterable[int], *, source: str = "manager"
) -> None:
    """Sets the labels of one kind to exactly these; those that stay keep their source. `source`: as for `add_label`."""
    wanted = dict.fromkeys(list_ids)
    for list_id in labels(tx, dialog_id, kind).values():
        if list_id not in wanted:
            tx.run(
                "DELETE FROM dialog_labels WHERE dialog_id = :dialog AND list_id = :list",
                dialog=dialog_id,
                list=list_id,
            )
    for list_id in wanted:
        add_label(tx, dialog_id, list_id, source=source)


def add_label(tx: Tx, dialog_id: int, list_id: int, *, source: str) -> bool:
    """Adds the label; returns whether the dialog did not have it yet. `source`: manager, rule, model or service."""
    return bool(
        tx.run(
            """INSERT INTO dialog_labels (dialog_id, list_id, source) VALUES (:dialog, :list, :source)
               ON CONFLICT (dialog_id, list_id) DO NOTHING""",
            dialog=dialog_id,
            list=list_id,
            source=source,
        )
    )


def _with_people_and_labels(tx: Tx, rows: list[Row]) -> list[Dialog]:
    if not rows:
        return []
    among, ids = placeholders([row["id"] for row in rows])
    attached = tx.all(
        f"""SELECT p.dialog_id, 'people' AS kind, m.id, m.telegram_id, m.name, '' AS source, p.added_at AS rank
            FROM dialog_participants p JOIN managers m ON m.id = p.manager_id WHERE p.dialog_id IN ({among})
            UNION ALL
            SELECT x.dialog_id, l.kind, 0 AS id, 0 AS telegram_id, l.name, x.source, 0 AS rank
            FROM dialog_labels x JOIN lists l ON l.id = x.list_id WHERE x.dialog_id IN ({among})
            ORDER BY rank, id, name""",
        **ids,
    )
    people = [row for row in attached if row["kind"] == "people"]
    labels = [row for row in attached if row["kind"] != "people"]
    slas = _slas(tx, rows)
    return [_dialog(tx, row, people, labels=labels, sla=slas.get(row["id"])) for row in rows]


def _slas(tx: Tx, rows: list[Row]) -> dict[int, Sla]:
    """The SLA of each dialog to which a policy applies; runs no query if there are none."""
    promised = {row["id"]: row["sla_policy_id"] for row in rows if row["sla_policy_id"] is not None}
    if not promised:
        return {}
    policies, clocks = sla_policies.all_by_id(tx), sla_clocks.of_dialogs(tx, promised)
    return {
        each: sla_at(policies[policy_id], clocks.get(each, []), at=tx.at)
        for each, policy_id in promised.items()
        if policy_id in policies
    }


def _dialog(tx: Tx, row: Row, people: list[Row], *, labels: list[Row], sla: Sla | None) -> Dialog:
    def named(kind: str) -> tuple[str, ...]:
        return tuple(x["name"] for x in labels if x["dialog_id"] == row["id"] and x["kind"] == kind)

    assignee = (
        Person(row["assignee_id"], row["assignee_telegram_id"], row["assignee_name"])
        if row["assignee_id"] is not None
        else None
    )
    return Dialog(
        **{name: row[name] for name in _AS_STORED},
        type=row["type_name"],
        stage=row["stage_name"],
        assignee=assignee,
        participants=tuple(
            Person(p["id"], p["telegram_id"], p["name"]) for p in people if p["dialog_id"] == row["id"]
        ),
        reasons=named("reasons"),
        components=named("components"),
        tags=named("tags"),
        automatic_tags=tuple(
            x["name"]
            for x in labels
            if x["dialog_id"] == row["id"] and x["kind"] == "tags" and x["source"] != "manager"
        ),
        root_causes=named("root_causes"),
        fields=desk_fields.by_name(tx, row["fields_json"]),
        team=row["team_name"],
        queue=row["queue_name"],
        sla_policy_named=bool(row["sla_policy_named"]),
        sla=sla,
        overdue=row["due_at"] is not None and row["due_at"] <= tx.at and row["state"] != "closed",
        root_cause=row["root_cause_name"],
        attachments=row["attachment_count"],
    )


_AS_STORED = (
    "id", "bot_id", "customer_id", "title", "state", "priority", "description", "due_at", "sla_policy_id", "outcome",
    "follow_up_of", "merged_into",
    "service_rating", "customer_score", "close_reason", "close_comment", "channel", "inbox",
    "created_at", "changed_at", "closed_at", "last_message_at",
    "paused_until_at",
)  # fmt: skip
"""Columns that `Dialog` has under the same names."""
