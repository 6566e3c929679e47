"""Service level clocks: which policy applies to a dialog and which clocks run, checked after each event that may change
it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from holdline.desk.notices import views
from holdline.desk.record import record
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import SYSTEM, Event, EventKind
from holdline.dialogs.sla.clock import BREACHED, CONDITIONS, RUNNING, Policy, SlaClock
from holdline.dialogs.sla.decisions import Standing, breach, choose_policy, settle_clocks
from holdline.dialogs.text.times import in_zone, to_rfc3339
from holdline.store.dialogs import dialogs, sla_clocks, sla_policies
from holdline.store.tx import Tx


def choose_sla_policy(tx: Tx, event: Event) -> None:
    """Chooses the policy by type, priority and queue, unless a person named one. Reads no dialog if the desk has no
    policy.
    """
    changed = event.data.keys() & {*CONDITIONS, "sla_policy"}
    if event.kind is EventKind.DIALOG_CHANGED and not changed:
        return
    policies = sla_policies.all_policies(tx)
    dialog = dialogs.of_event(tx, event) if policies or "sla_policy" in changed else None
    if dialog is None or dialog.state == "closed":
        return
    _choose(tx, dialog, policies)
    _settle(tx, dialogs.by_id(tx, dialog.id))


def keep_clocks(tx: Tx, event: Event) -> None:
    """Updates the clocks after messages, moves and results of replies. Does nothing if no policy applies."""
    if event.before is not None and event.before.sla_policy_id is None:
        return
    for dialog_id in _dialogs_of(tx, event):
        _settle(tx, dialogs.by_id(tx, dialog_id))


def record_due_clocks(tx: Tx, *, dialog_id: int) -> bool:
    """Records warnings and breaches that are due; returns whether there were any."""
    dialog = dialogs.load_locked(tx, dialog_id)
    before = _clocks_of(tx, dialog_id)
    running = [clock for clock in before if clock.state == RUNNING]
    late = [clock for clock in running if clock.due_at < tx.at]
    soon = [clock for clock in running if clock not in late and clock.warn_at and clock.warn_at <= tx.at]
    changed = {clock.id: breach(clock) for clock in late}
    changed |= {clock.id: replace(clock, warn_at=None) for clock in soon}
    sla_clocks.put(tx, dialog_id, before, [changed.get(clock.id, clock) for clock in before])
    _record(tx, dialog, soon, EventKind.SLA_WARNED)
    _record(tx, dialog, late, EventKind.SLA_BREACHED)
    return bool(changed)


def notify_of_sla_clock(tx: Tx, event: Event) -> None:
    """Notifies the dialog's places until when the promise must be kept, or that it was not kept."""
    dialog = dialogs.of_event(tx, event)
    at = in_zone(datetime.fromisoformat(event.data["due_at"]), tx.rules.time_zone)
    words = {"id": dialog.id, "title": dialog.title, "at": f"{at:%Y-%m-%d %H:%M} {tx.rules.time_zone}"}
    views.notify_dialog(tx, dialog, f"time.{event.kind}_{event.data['clock']}", words)


def settle_dialogs(tx: Tx, dialog_ids: Iterable[int]) -> None:
    """Updates the clocks after a change of their policy or its calendar; if the policy was deleted, another that
    matches takes its place.
    """
    policies = sla_policies.all_policies(tx)
    for dialog_id in dialog_ids:
        dialog = dialogs.by_id(tx, dialog_id)
        if dialog.sla_policy_id not in [policy.id for policy in policies]:
            _choose(tx, replace(dialog, sla_policy_named=False), policies)
        _settle(tx, dialogs.by_id(tx, dialog_id))


def _choose(tx: Tx, dialog: Dialog, policies: list[Policy]) -> None:
    if dialog.sla_policy_named:
        return
    chosen = choose_policy(dialog, policies)
    policy_id = chosen.id if chosen else None
    if policy_id != dialog.sla_policy_id:
        dialogs.set_fields(tx, dialog.id, sla_policy_id=policy_id, sla_policy_named=0)


def _dialogs_of(tx: Tx, event: Event) -> list[int]:
    """The dialogs whose clocks the event may change. A message in the general chat may answer a paused dialog."""
    if event.dialog_id is None and event.kind is EventKind.CUSTOMER_WROTE:
        return []
    if event.dialog_id is None:
        return sla_clocks.list_paused(tx, event.customer_id) if sla_policies.all_policies(tx) else []
    if event.before is None and sla_clocks.policy_of(tx, event.dialog_id) is None:
        return []
    return [event.dialog_id]


def _settle(tx: Tx, dialog: Dialog) -> None:
    before = _clocks_of(tx, dialog.id)
    policy = sla_policies.by_id(tx, dialog.sla_policy_id) if dialog.sla_policy_id is not None else None
    standing = Standing(
        state=dialog.state,
        opened_at=dialog.created_at,
        waiting_since=sla_clocks.customer_waits_since(tx, dialog.customer_id, dialog.id),
        answered=sla_clocks.is_answered(tx, dialog.id),
    )
    after = settle_clocks(policy, before, standing, at=tx.at)
    if after == before:
        return
    sla_clocks.put(tx, dialog.id, before, after)
    were_late = {clock.id for clock in before if clock.state == BREACHED}
    late = [clock for clock in after if clock.state == BREACHED and clock.id not in were_late]
    _record(tx, dialog, late, EventKind.SLA_BREACHED)
    views.refresh_cards(tx, dialog, counted=True)


def _clocks_of(tx: Tx, dialog_id: int) -> list[SlaClock]:
    return sla_clocks.of_dialogs(tx, [dialog_id]).get(dialog_id, [])


def _record(tx: Tx, dialog: Dialog, clocks: Iterable[SlaClock], kind: EventKind) -> None:
    for clock in clocks:
        data = {"clock": clock.name, "policy": dialog.sla_policy, "due_at": to_rfc3339(clock.due_at)}
        record(tx, [Event(kind, SYSTEM, dialog.customer_id, dialog.id, data=data, before=dialog)])
