"""Rules that tag dialogs at their close, and who may edit them (desk/tagging/at_close.py applies them)."""

from dataclasses import asdict, replace
from typing import Any

from holdline.desk.dialogs.labels import tag_id
from holdline.desk.people.managers import require_permission
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act
from holdline.dialogs.tagging.tag_rules import TagRule
from holdline.dialogs.text.patterns import valid_regex, valid_words
from holdline.store.people import admin_log
from holdline.store.tagging import tag_rules
from holdline.store.tx import Tx


def list_rules(tx: Tx) -> list[TagRule]:
    """All rules, the oldest first, with the number of corrections of their tags."""
    corrected = tag_rules.count_corrections(tx)
    return [replace(rule, corrected=corrected.get(rule.tag_id, 0)) for rule in tag_rules.all_rules(tx)]


def add_rule(tx: Tx, *, manager: Manager | None, values: dict[str, Any]) -> TagRule:
    """Adds a rule. `values`: tag, any_of, regex, and enabled (default: true)."""
    require_permission(tx, manager, Act.EDIT_DESK)
    added = _rule(tx, tag_rules.insert(tx, _columns(tx, values)))
    admin_log.add(tx, manager, "tag_rule_added", about=f"tag_rule:{added.id}", after=asdict(added))
    return added


def replace_rule(tx: Tx, *, manager: Manager | None, rule_id: int, values: dict[str, Any]) -> TagRule:
    """Replaces a rule; dialogs already closed keep their tags."""
    require_permission(tx, manager, Act.EDIT_DESK)
    return _change(tx, manager, _rule(tx, rule_id), _columns(tx, values))


def switch_rule(tx: Tx, *, manager: Manager | None, rule_id: int) -> TagRule:
    """Turns the rule on or off, also one whose tag was deleted."""
    require_permission(tx, manager, Act.EDIT_DESK)
    rule = _rule(tx, rule_id)
    kept = {"tag_id": rule.tag_id, "words": list(rule.any_of), "regex": rule.regex}
    return _change(tx, manager, rule, {**kept, "enabled": not rule.enabled})


def remove_rule(tx: Tx, *, manager: Manager | None, rule_id: int) -> None:
    """Deletes the rule; tags that it added stay."""
    require_permission(tx, manager, Act.EDIT_DESK)
    before = _rule(tx, rule_id)
    tag_rules.delete(tx, rule_id)
    admin_log.add(tx, manager, "tag_rule_deleted", about=f"tag_rule:{rule_id}", before=asdict(before))


def _change(tx: Tx, manager: Manager | None, before: TagRule, columns: dict[str, Any]) -> TagRule:
    tag_rules.update(tx, before.id, columns)
    after = _rule(tx, before.id)
    about = f"tag_rule:{before.id}"
    admin_log.add(tx, manager, "tag_rule_changed", about=about, before=asdict(before), after=asdict(after))
    return after


def _rule(tx: Tx, rule_id: int) -> TagRule:
    for rule in list_rules(tx):
        if rule.id == rule_id:
            return rule
    raise NotFound("tag_rule", rule_id)


def _columns(tx: Tx, values: dict[str, Any]) -> dict[str, Any]:
    words, regex = valid_words(values["any_of"]), valid_regex(values["regex"])
    if not words and regex is None:
        raise BadInput("any_of", "past.rule_empty")
    return {
        "tag_id": tag_id(tx, values["tag"]),
        "words": words,
        "regex": regex,
        "enabled": values.get("enabled", True),
    }
