"""Storing funnels: a definition is checked, stored as written, and never changed; a change makes a new version."""

import json
from functools import lru_cache
from typing import Any

from holdline.desk.people.managers import require_permission
from holdline.dialogs.funnels.definition import Definition
from holdline.dialogs.funnels.dry_run import messages_of, run_dry
from holdline.dialogs.funnels.enrolment import Funnel
from holdline.dialogs.funnels.reading.customer import read_customer
from holdline.dialogs.funnels.reading.definition import read_definition
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, DeskError, NotFound
from holdline.dialogs.rights import Act
from holdline.store.delivery import waiting_marketing
from holdline.store.funnels import enrolments, funnels, step_refusals, waiting_entries
from holdline.store.people import admin_log
from holdline.store.tx import Tx

OURS = ("id", "version", "active", "refused", "created_at", "counts")
"""Keys that the API adds to a definition; they may be sent back and are ignored."""


def add_funnel(tx: Tx, *, written: dict[str, Any]) -> Funnel:
    """Adds a funnel at version 1; raises BadInput with the path of the first fault, or for a name that is taken."""
    definition = read_definition(_without_ours(written))
    if funnels.by_name(tx, definition.name) is not None:
        raise BadInput("name", "mends.taken", name=definition.name)
    funnel_id = funnels.insert(tx, definition.name)
    return _add_version(tx, funnel_id, definition, written)


def change_funnel(tx: Tx, *, funnel_id: int, written: dict[str, Any]) -> Funnel:
    """Stores the next version, for customers who enter from now on; the same definition makes no new version."""
    definition = read_definition(_without_ours(written))
    before = funnels.lock(tx, funnel_id)
    other = funnels.by_name(tx, definition.name)
    if other is not None and other.id != funnel_id:
        raise BadInput("name", "mends.taken", name=definition.name)
    if before.definition == _without_ours(written):
        return before
    return _add_version(tx, funnel_id, definition, written)


def load_funnel(tx: Tx, *, written: dict[str, Any]) -> tuple[Funnel, bool]:
    """Loads a file: a new funnel, or the next version of the funnel with its name. Returns the funnel and whether
    anything is new.
    """
    known = funnels.by_name(tx, read_definition(_without_ours(written)).name)
    if known is None:
        return add_funnel(tx, written=written), True
    funnel = change_funnel(tx, funnel_id=known.id, written=written)
    return funnel, funnel.version != known.version


def funnel_by_name(tx: Tx, *, name: str) -> Funnel:
    """The funnel; raises NotFound if there is none of that name."""
    funnel = funnels.by_name(tx, name)
    if funnel is None:
        raise NotFound("funnel", name)
    return funnel


def switch_funnel(tx: Tx, *, funnel_id: int, active: bool, manager: Manager | None = None) -> Funnel:
    """Pauses or resumes a funnel. While paused, nobody enters it and enrolments stand still; afterwards what was due
    continues.
    """
    require_permission(tx, manager, Act.RUN_FUNNELS)
    before = funnels.lock(tx, funnel_id)
    if before.active is not active:
        funnels.set_active(tx, funnel_id, active=active)
        change = "funnel_resumed" if active else "funnel_paused"
        admin_log.add(tx, manager, change, about=f"funnel:{funnel_id}", after=before.name)
        if active:
            step_refusals.forget(tx, version_id=before.version_id)
            waiting_marketing.release_of_funnel(tx, funnel_id)
    return funnels.load(tx, funnel_id)


def delete_funnel(tx: Tx, *, funnel_id: int, manager: Manager | None = None) -> None:
    """Deletes a funnel that nobody is in; refused while somebody is. What has happened in it stays in the history."""
    require_permission(tx, manager, Act.RUN_FUNNELS)
    funnel = funnels.lock(tx, funnel_id)
    running = enrolments.counts(tx, funnel_id).get(funnel_id, {}).get("running", 0)
    if running:
        raise DeskError("funnel_running", obj=funnel.as_object, title=funnel.name, count=running)
    waiting_entries.forget_funnel(tx, funnel_id)
    funnels.delete(tx, funnel_id)
    admin_log.add(tx, manager, "funnel_deleted", about=f"funnel:{funnel_id}", before=funnel.name)


def try_funnel(tx: Tx, *, written: dict[str, Any], profile: Any) -> list[tuple[int, str]]:
    """What a customer with that profile would get: seconds after entering, and the words. Stores nothing."""
    definition = read_definition(_without_ours(written))
    return messages_of(run_dry(definition, read_customer(profile, "profile"), tx.at))


def definition_of(tx: Tx, version_id: int) -> Definition:
    """The definition; each text is parsed only once per process."""
    return _parse(json.dumps(funnels.definition_of(tx, version_id), sort_keys=True))


@lru_cache(maxsize=256)
def _parse(text: str) -> Definition:
    return read_definition(json.loads(text))


def _add_version(tx: Tx, funnel_id: int, definition: Definition, written: dict[str, Any]) -> Funnel:
    entries = [
        *(("start", payload) for payload in definition.entries.starts),
        *(("tag", tag) for tag in definition.entries.tags),
        *([("dialog_closed", "")] if definition.entries.dialog_closed else []),
    ]
    kept = _without_ours(written)
    funnels.add_version(tx, funnel_id, name=definition.name, definition=kept, entries=entries)
    funnel = funnels.load(tx, funnel_id)
    admin_log.add(
        tx, None, "funnel_loaded", about=f"funnel:{funnel_id}", after=f"{funnel.name} {funnel.version}"
    )
    return funnel


def _without_ours(written: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in written.items() if key not in OURS}
