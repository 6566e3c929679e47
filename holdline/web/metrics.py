"""Prometheus metrics: counts and ages from the store and calls of this process, without personal data or chat ids."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from holdline.desk.delivery.pace import current_pace
from holdline.desk.health.intake_health import deaf_seconds
from holdline.desk.health.readiness import frozen_seconds, outage
from holdline.desk.restores.hold import current_hold
from holdline.store.engines.disk_reserve import DiskReserve
from holdline.store.intake import counts
from holdline.store.intake.counts import CountsByLabels
from holdline.store.tx import Tx

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class MetricsSnapshot:
    """A snapshot of the counts of everything that waits, with ages in seconds."""

    updates: int
    updates_age: float
    deaf_seconds: float
    quarantined: int
    unsent: CountsByLabels
    due_ages: dict[tuple[str, ...], float]
    held: int
    held_age: float
    uncertain: int
    repeats: int
    floods: int
    dropped: int
    smart_replies: CountsByLabels
    out_of_reach: CountsByLabels
    frozen: dict[str, float]
    pace: float
    inbox_items: int
    inbox_items_age: float
    dialogs: CountsByLabels
    customers: CountsByLabels
    last_talk_at: dict[str, datetime]
    webhooks: CountsByLabels
    webhooks_age: float
    restore_waiting: int


def metrics_snapshot(tx: Tx) -> MetricsSnapshot:
    """Queried for each scrape, so that gauges are current."""
    updates, updates_at = counts.update_backlog(tx)
    items, items_at = counts.inbox_item_backlog(tx)
    return MetricsSnapshot(
        updates=updates,
        updates_age=_age(tx, updates_at),
        deaf_seconds=deaf_seconds(tx),
        quarantined=counts.updates_in_quarantine(tx),
        unsent=counts.outbox_backlog(tx),
        due_ages={chat: _age(tx, since) for chat, since in counts.oldest_due(tx).items()},
        held=counts.gate_backlog(tx),
        held_age=_age(tx, counts.oldest_held(tx)),
        uncertain=counts.uncertain_messages(tx),
        repeats=counts.repeat_calls(tx),
        floods=counts.floods(tx),
        dropped=counts.smart_replies_dropped(tx),
        smart_replies=counts.smart_replies_by_feedback(tx),
        out_of_reach=_out_of_reach(tx),
        frozen=frozen_seconds(tx),
        pace=current_pace(tx),
        inbox_items=items,
        inbox_items_age=_age(tx, items_at),
        dialogs=counts.dialogs_by_state(tx),
        customers=counts.customers_by_reach(tx),
        last_talk_at=counts.last_message_times(tx),
        webhooks=counts.webhook_backlog(tx),
        webhooks_age=_age(tx, counts.oldest_webhook_delivery(tx)),
        restore_waiting=hold.total if (hold := current_hold(tx)) else 0,
    )


class Metrics:
    """Uses its own registry, so that two apps in one process do not share metrics."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._up = self._gauge("store_up", "Whether the store answered this scrape.")
        self._updates = self._gauge("updates_waiting", "Updates stored and not handled yet.")
        self._updates_age = self._gauge("updates_oldest_seconds", "Age of the oldest of them.")
        self._deaf = self._gauge("intake_deaf_seconds", "How long Telegram has handed out no updates.")
        self._quarantined = self._gauge("updates_quarantined", "Updates put aside after three tries.")
        self._unsent = self._gauge(
            "outbox_messages", "Messages queued, sending or parked.", "stream", "status"
        )
        self._due = self._gauge(
            "outbox_oldest_due_seconds", "How late the oldest due one is.", "chat", "stream"
        )
        self._held = self._gauge("outbox_held", "Marketing messages that wait for a dialog to end.")
        self._held_age = self._gauge("outbox_held_oldest_seconds", "How long the first one is held.")
        self._uncertain = self._gauge("outbox_uncertain", "Messages to be repeated after a lost answer.")
        self._repeats = self._gauge("outbox_repeats", "Calls repeated after a lost answer.")
        self._floods = self._gauge("outbox_floods", "Calls that Telegram answered with 429.")
        self._dropped = self._gauge("outbox_dropped", "Smart replies never sent, because of a dialog.")
        self._smart = self._gauge("smart_replies", "Automatic answers, by what customers said.", "feedback")
        self._reach = self._gauge("telegram_out_of_reach", "1 while the sender waits for Telegram.", "why")
        self._frozen = self._gauge("outbox_frozen_seconds", "Silence that a 429 still asks for.", "what")
        self._pace = self._gauge("outbox_pace", "Calls a second now; 429s lower it, clean minutes raise it.")
        self._items = self._gauge("inbox_items_new", "Inbox items that wait for the desk.")
        self._items_age = self._gauge("inbox_items_oldest_seconds", "Age of the oldest of them.")
        self._dialogs = self._gauge("dialogs", "Dialogs by state.", "state")
        self._customers = self._gauge("customers", "Customers by reach.", "reach")
        self._webhooks = self._gauge(
            "webhook_deliveries", "Deliveries to webhooks that wait, or were given up.", "status"
        )
        self._webhooks_age = self._gauge("webhook_oldest_seconds", "Age of the oldest that waits.")
        self._restore = self._gauge("restore_waiting", "What a restore holds until somebody decides.")
        self._tasks = self._gauge("tasks", "Tasks of the event loop; more and more of them are a leak.")
        self._disk = self._gauge("disk_trouble", "1 while the disk is full, or has no reserve.", "what")
        self.calls = Counter("holdline_http_calls", "HTTP calls.", _CALL_LABELS, registry=self.registry)
        self.seconds = Histogram(
            "holdline_http_seconds", "Time to answer.", ("route",), buckets=BUCKETS, registry=self.registry
        )

    def _gauge(self, name: str, description: str, *labels: str) -> Gauge:
        return Gauge(f"holdline_{name}", description, labels, registry=self.registry)

    def text(self, snapshot: MetricsSnapshot | None, reserve: DiskReserve | None) -> bytes:
        """Returns the text format. None as snapshot means that the store is down; its metrics are left out.

        Call it within the event loop.
        """
        self._tasks.set(len(asyncio.all_tasks()))
        self._disk.labels("full").set(reserve is not None and reserve.is_full)
        self._disk.labels("no_reserve").set(reserve is not None and reserve.is_missing)
        self._up.set(snapshot is not None)
        if snapshot is not None:
            self._fill(snapshot)
        return generate_latest(self.registry)

    @property
    def memory(self) -> float | None:
        """Resident memory of this process in bytes, or None if the system does not report it."""
        return self.registry.get_sample_value("process_resident_memory_bytes")

    def _fill(self, values: MetricsSnapshot) -> None:
        self._updates.set(values.updates)
        self._updates_age.set(values.updates_age)
        self._deaf.set(values.deaf_seconds)
        self._quarantined.set(values.quarantined)
        self._held.set(values.held)
        self._held_age.set(values.held_age)
        self._uncertain.set(values.uncertain)
        self._repeats.set(values.repeats)
        self._floods.set(values.floods)
        self._dropped.set(values.dropped)
        _fill(self._smart, values.smart_replies, [("none",), ("helped",), ("person",)])
        _fill(self._reach, values.out_of_reach, [("outage",), ("token",)])
        self._restore.set(values.restore_waiting)
        self._webhooks_age.set(values.webhooks_age)
        _fill(self._webhooks, values.webhooks, [("queued",), ("failed",)])
        for what, seconds in values.frozen.items():
            self._frozen.labels(what).set(seconds)
        self._pace.set(values.pace)
        self._items.set(values.inbox_items)
        self._items_age.set(values.inbox_items_age)
        unsent = [(stream, status) for stream in _STREAMS for status in ("queued", "sending", "parked")]
        _fill(self._unsent, values.unsent, unsent)
        _fill(
            self._due,
            values.due_ages,
            [(chat, stream) for chat in ("private", "group") for stream in _STREAMS],
        )
        _fill(self._dialogs, values.dialogs, [("active",), ("paused",), ("closed",)])
        _fill(self._customers, values.customers, [("ok",), ("blocked",), ("deactivated",), ("unknown",)])


_STREAMS = ("dialog", "marketing")
_CALL_LABELS = ("method", "route", "status")


def _fill(gauge: Gauge, values: Mapping[tuple[str, ...], float], every: Sequence[tuple[str, ...]]) -> None:
    """Also sets zeros, because a metric that disappears looks like a failed scrape."""
    for labels in every:
        gauge.labels(*labels).set(values.get(labels, 0))


def _out_of_reach(tx: Tx) -> CountsByLabels:
    current = outage(tx)
    return {} if current is None else {("token" if current["token_refused"] else "outage",): 1}


def _age(tx: Tx, since: datetime | None) -> float:
    return max(0.0, (tx.at - since).total_seconds()) if since else 0.0
