"""Finds the rows of the desk's lists for names from forms and the API, or refuses, naming the field."""

from collections.abc import Iterable, Mapping

from holdline.dialogs.decisions import lists as rules
from holdline.dialogs.refusal import BadInput
from holdline.store.dialogs import lists, sla_policies
from holdline.store.tx import Tx


def type_id(tx: Tx, name: str) -> int:
    return _one(tx, "types", "type", name)


def default_type_id(tx: Tx) -> int:
    return type_id(tx, default_type(tx))


def default_type(tx: Tx) -> str:
    return rules.default_type(lists.names(tx, "types"))


def stage_id(tx: Tx, name: str) -> int:
    return _one(tx, "stages", "stage", name)


def queue_id(tx: Tx, name: str) -> int:
    return _one(tx, "queues", "queue", name)


def root_cause_id(tx: Tx, name: str) -> int:
    return _one(tx, "root_causes", "root_cause", name)


def policy_id(tx: Tx, name: str | None) -> int | None:
    """The id of a policy of service level agreements, found by name or by number."""
    if name is None:
        return None
    for policy in sla_policies.all_policies(tx):
        if name.strip().casefold() in (policy.name.casefold(), str(policy.id)):
            return policy.id
    raise BadInput("sla_policy", "not_in_list")


def tag_id(tx: Tx, name: str) -> int:
    return _one(tx, "tags", "tag", name)


def label_ids(
    tx: Tx, kind: str, names: Iterable[str], *, carried: Mapping[str, int] | None = None
) -> list[int]:
    """The ids for lists of which a dialog carries several names; it may keep names that it carries, even deleted ones
    (L-15).
    """
    has = carried or {}
    return [has[name] if name in has else _one(tx, kind, kind, name) for name in names]


def _one(tx: Tx, kind: str, field: str, name: str) -> int:
    row = lists.find(tx, kind, name)
    if row is None:
        raise BadInput(field, "not_in_list")
    return int(row["id"])
