"""The lists that dialogs are labelled with, and who may edit them (L-12 to L-20)."""

from holdline.dialogs.dialog import DEFAULT_TYPES, STAGES
from holdline.store import lists, settings
from holdline.store.tx import Tx

SEEDED = "lists_seeded"


def ensure_lists(tx: Tx) -> None:
    """Stages and default types, once per bot: a default that somebody deleted does not come back."""
    if settings.value(tx, SEEDED) or not settings.put_once(tx, SEEDED, True):
        return
    for name, category in STAGES:
        lists.insert(tx, "stages", name, category=category, system=True)
    for name in DEFAULT_TYPES:
        lists.insert(tx, "types", name)
