"""Rules of the desk, and the customers whose silence some of them wait for."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from holdline.dialogs.decisions.rule import Conditions, Rule
from holdline.dialogs.refusal import NotFound
from holdline.store.tx import Row, Tx


def list_all(tx: Tx) -> list[Rule]:
    """All rules that were not deleted, in the order in which they act."""
    rows = tx.all(
        """SELECT id, name, trigger_name, conditions_json, steps_json, active, position FROM desk_rules
           WHERE bot_id = :bot AND deleted_at IS NULL ORDER BY position, id""",
        bot=tx.bot_id,
    )
    return [_rule(row) for row in rows]


def by_id(tx: Tx, rule_id: int) -> Rule:
    """Raises NotFound if the rule was deleted or never existed."""
    for rule in list_all(tx):
        if rule.id == rule_id:
            return rule
    raise NotFound("rule", rule_id)


def insert(tx: Tx, rule: Rule) -> Rule:
    """Puts the rule last unless it has a position. Raises StoreConflict if an existing rule has the same name."""
    last = max((other.position for other in list_all(tx)), default=0)
    row = tx.one(
        """INSERT INTO desk_rules (bot_id, name, trigger_name, conditions_json, steps_json, active, position,
                                   created_at)
           VALUES (:bot, :name, :trigger, :conditions, :steps, :active, :position, :at) RETURNING *""",
        bot=tx.bot_id,
        at=tx.at,
        **_columns(replace(rule, position=rule.position or last + 1)),
    )
    assert row is not None
    return _rule(row)


def update(tx: Tx, rule: Rule) -> None:
    tx.run(
        """UPDATE desk_rules SET name = :name, trigger_name = :trigger, conditions_json = :conditions,
                  steps_json = :steps, active = :active, position = :position WHERE bot_id = :bot AND id = :id""",
        bot=tx.bot_id,
        id=rule.id,
        **_columns(rule),
    )


def soft_delete(tx: Tx, rule_id: int) -> None:
    """Deletes the rule, with its waits for a silence."""
    tx.run(
        "UPDATE desk_rules SET deleted_at = :at WHERE bot_id = :bot AND id = :id",
        at=tx.at,
        bot=tx.bot_id,
        id=rule_id,
    )
    tx.run("DELETE FROM rule_waits WHERE rule_id = :id", id=rule_id)


def wait_for_silence(
    tx: Tx, rule_id: int, *, customer_id: int, dialog_id: int | None, due_at: datetime
) -> None:
    """Starts at the oldest unanswered message; later messages change nothing."""
    tx.run(
        """INSERT INTO rule_waits (rule_id, customer_id, bot_id, dialog_id, due_at)
           VALUES (:rule, :customer, :bot, :dialog, :due) ON CONFLICT (rule_id, customer_id) DO NOTHING""",
        rule=rule_id,
        customer=customer_id,
        bot=tx.bot_id,
        dialog=dialog_id,
        due=due_at,
    )


def end_waits(tx: Tx, customer_id: int) -> None:
    """Called when the customer was answered, or no answer is due."""
    tx.run("DELETE FROM rule_waits WHERE customer_id = :customer", customer=customer_id)


def bring_back(tx: Tx) -> None:
    """After the clock was put back: no wait is longer than the rule's silence."""
    for rule in list_all(tx):
        if rule.trigger == "no_reply":
            tx.post(
                "UPDATE rule_waits SET due_at = :longest WHERE rule_id = :rule AND due_at > :longest",
                rule=rule.id,
                longest=tx.at + rule.silence,
            )


def next_due(tx: Tx, *, skip: int = 0) -> Row | None:
    """The wait that became due first, after skipping `skip` others: rule_id, customer_id, dialog_id."""
    return tx.one(
        """SELECT rule_id, customer_id, dialog_id FROM rule_waits WHERE bot_id = :bot AND due_at <= :at
           ORDER BY due_at, rule_id, customer_id LIMIT 1 OFFSET :skip""",
        bot=tx.bot_id,
        at=tx.at,
        skip=skip,
    )


def take_wait(tx: Tx, wait: Row) -> bool:
    """Deletes the wait; returns whether it still existed."""
    return bool(
        tx.run(
            "DELETE FROM rule_waits WHERE rule_id = :rule AND customer_id = :customer",
            rule=wait["rule_id"],
            customer=wait["customer_id"],
        )
    )


def words_of_dialog(tx: Tx, dialog_id: int) -> str:
    """The texts of all messages of the dialog, including those it took up, in order; deleted ones are left out."""
    rows = tx.all(
        """SELECT text FROM messages WHERE deleted_at IS NULL AND (dialog_id = :dialog OR (
               moved_to_dialog_id = :dialog AND class IN ('customer', 'manager') AND status <> 'refused'))
           ORDER BY id""",
        dialog=dialog_id,
    )
    return "\n".join(row["text"] for row in rows)


def _columns(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "trigger": rule.trigger,
        "conditions": rule.conditions.given,
        "steps": list(rule.steps),
        "active": rule.active,
        "position": rule.position,
    }


def _rule(row: Row) -> Rule:
    return Rule(
        id=row["id"],
        name=row["name"],
        trigger=row["trigger_name"],
        conditions=Conditions.of(row["conditions_json"]),
        steps=tuple(row["steps_json"]),
        active=bool(row["active"]),
        position=row["position"],
    )
