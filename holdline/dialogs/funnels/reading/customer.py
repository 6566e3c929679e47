"""Reads the customer of a dry run: the `profile` of the API, with all keys optional."""

from contextlib import suppress
from typing import Any

from holdline.dialogs.funnels.conditions import DIALOG_STATES, FunnelProfile
from holdline.dialogs.funnels.dry_run import DryCustomer
from holdline.dialogs.funnels.reading.node import BadDefinition, Node, TooManyFaults
from holdline.dialogs.funnels.reading.values import read_fields
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import TEXT_LIMIT
from holdline.dialogs.text.times import UTC_NAME, require_zone
from holdline.texts.catalog import DEFAULT, LANGUAGES

KEYS = ("name", "tags", "fields", "says", "language", "timezone", "dialog", "branches")
MOST_SAID = 50


def read_customer(written: Any, path: str = "") -> DryCustomer:
    """Raises BadDefinition if something is wrong. `says` are answers and button captions, in order."""
    faults: list[BadInput] = []
    customer = None
    with suppress(TooManyFaults):
        customer = _read(Node(written, path, faults))
    if faults or customer is None:
        raise BadDefinition(faults)
    return customer


def _read(node: Node) -> DryCustomer:
    keys = node.table(KEYS)
    profile = FunnelProfile(
        key="dry-run",
        name=keys["name"].name() if "name" in keys else "",
        language=keys["language"].one_of(LANGUAGES) if "language" in keys else DEFAULT,
        time_zone=_read_zone(keys["timezone"]) if "timezone" in keys else UTC_NAME,
        tags=frozenset(item.name() for item in keys["tags"].items()) if "tags" in keys else frozenset(),
        fields=dict(read_fields(keys["fields"])) if "fields" in keys and keys["fields"].value != {} else {},
        dialog=keys["dialog"].one_of(DIALOG_STATES) if "dialog" in keys else "none",
        branches=tuple(item.name() for item in keys["branches"].items()) if "branches" in keys else (),
    )
    says = tuple(item.name(TEXT_LIMIT) for item in keys["says"].items(MOST_SAID)) if "says" in keys else ()
    return DryCustomer(profile, says)


def _read_zone(node: Node) -> str:
    zone = node.name()
    if zone:
        node.attempt_inside(lambda: require_zone(zone), None)
    return zone
