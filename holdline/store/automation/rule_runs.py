"""Runs of rules: when each rule acted, and where."""

from collections.abc import Sequence
from dataclasses import replace

from holdline.dialogs.decisions.rule import Rule
from holdline.store.tx import Tx, placeholders


def add(tx: Tx, rule_id: int, *, customer_id: int, dialog_id: int | None) -> None:
    tx.run(
        """INSERT INTO rule_runs (bot_id, rule_id, customer_id, dialog_id, created_at)
           VALUES (:bot, :rule, :customer, :dialog, :at)""",
        bot=tx.bot_id,
        rule=rule_id,
        customer=customer_id,
        dialog=dialog_id,
        at=tx.at,
    )


def with_runs(tx: Tx, rules: Sequence[Rule]) -> list[Rule]:
    """The same rules, each with how often it acted and when it last did."""
    if not rules:
        return []
    among, values = placeholders([rule.id for rule in rules])
    rows = tx.all(
        f"""SELECT rule_id, COUNT(*) AS runs, MAX(created_at) AS ran_at FROM rule_runs
            WHERE bot_id = :bot AND rule_id IN ({among}) GROUP BY rule_id""",
        bot=tx.bot_id,
        **values,
    )
    found = {row["rule_id"]: row for row in rows}
    return [
        replace(rule, runs=found[rule.id]["runs"], ran_at=found[rule.id]["ran_at"])
        if rule.id in found
        else rule
        for rule in rules
    ]
