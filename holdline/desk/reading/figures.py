"""The figures of reports; each can be counted again from messages and history (docs/decisions/0060)."""

from collections import defaultdict
from datetime import date, timedelta

from holdline.desk.reading.report_scope import scope_of
from holdline.desk.reading.report_times import count_times
from holdline.desk.reading.reports import UNASSIGNED
from holdline.dialogs import rating
from holdline.dialogs.event import EventKind
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.reports.holds import Marketing, Move, count_holds, hold_spans, waits_behind
from holdline.dialogs.reports.kinds import DayCount, DeskReport, Figures, ReportKind, ReportQuery, ReportScope
from holdline.dialogs.reports.numbers import Span, per_cent
from holdline.dialogs.sla.clock import TARGETS
from holdline.dialogs.text.times import zone_of
from holdline.store.people import managers
from holdline.store.reports import counts, gate, promises, spans
from holdline.store.tx import EPOCH, Tx

PAUSING = frozenset({EventKind.DIALOG_PAUSED, EventKind.DIALOG_UNMERGED})
"""After these events a dialog is paused: a dialog that is taken back from a merge does not replace an active one."""


def make_report(tx: Tx, *, kind: ReportKind, asked: ReportQuery) -> DeskReport:
    """Makes a report, with figures as the API gives them. Reads many rows."""
    within = scope_of(tx, asked)
    if kind is ReportKind.TIMES:
        figures, working = count_times(tx, within)
        return DeskReport(kind, within, figures, [], tx.rules.time_zone, working)
    days = _daily_dialogs(tx, within) if kind is ReportKind.DIALOGS else []
    return DeskReport(kind, within, _REPORTS[kind](tx, within), days, tx.rules.time_zone)


def _daily_dialogs(tx: Tx, within: ReportScope) -> list[DayCount]:
    """Dialogs of each day in the desk's zone; for long periods only days that had any."""
    zone, days = zone_of(tx.rules.time_zone), defaultdict[date, list[int]](lambda: [0, 0])
    if within.to_at - within.from_at < timedelta(days=366):
        for number in range(-((within.from_at - within.to_at) // timedelta(days=1))):
            days[(within.from_at + timedelta(days=number)).astimezone(zone).date()] = [0, 0]
    for place, closed in enumerate((False, True)):
        for row in counts.by_hour(tx, within, closed=closed):
            days[(EPOCH + timedelta(hours=row["hour"])).astimezone(zone).date()][place] += row["n"]
    return [DayCount(day, *days[day]) for day in sorted(days)]


def _dialogs(tx: Tx, within: ReportScope) -> Figures:
    opened = counts.openings(tx, within)
    closed = sum(row["closed"] for row in counts.closes(tx, within))
    end = min(within.to_at, tx.at)
    unclosed = [row for row in counts.open_at_end(tx, within) if row["last_move"] != EventKind.DIALOG_CLOSED]
    paused = sum(row["last_move"] in PAUSING for row in unclosed)
    overdue = sum(row["due_at"] is not None and row["due_at"] <= end for row in unclosed)
    return {
        "opened": opened["dialogs"],
        "closed": closed,
        "active": len(unclosed) - paused,
        "paused": paused,
        "overdue": overdue,
        "customers": opened["customers"],
    }


def _satisfaction(tx: Tx, within: ReportScope) -> Figures:
    forms, scores = counts.forms(tx, within), counts.customer_scores(tx, within)
    by_value = {row["value"]: row["n"] for row in counts.ratings(tx, within)}
    answers = sum(by_value.values())
    total = sum(value * n for value, n in by_value.items())
    shares = {str(value): per_cent(by_value.get(value, 0), answers) for value in rating.SCALE}
    return {
        "sent": forms["sent"],
        "answers": answers,
        "mean": total / answers if answers else None,
        "score": shares[str(max(rating.SCALE))],
        "shares": shares,
        "response_rate": per_cent(forms["replied"], forms["sent"]),
        "customer_score": {"count": scores["count"], "mean": scores["mean"]},
    }


def _sla(tx: Tx, within: ReportScope) -> Figures:
    number = {(row["name"], row["met"]): row["n"] for row in promises.count_promises(tx, within)}
    figures: Figures = {}
    for clock in TARGETS:
        met, breached = number.get((clock, 1), 0), number.get((clock, 0), 0)
        figures[clock] = {"met": met, "breached": breached, "kept": per_cent(met, met + breached)}
    return figures


def _gate(tx: Tx, within: ReportScope) -> Figures:
    moves: dict[int, list[Move]] = defaultdict(list)
    for row in gate.moves(tx, within):
        moves[row["customer_id"]].append(Move(row["dialog_id"], EventKind(row["kind"]), row["created_at"]))
    holds = {customer: hold_spans(lines, now=tx.at) for customer, lines in moves.items()}
    waits, dropped = [], 0
    for row in gate.find_marketing(tx, within):
        message = Marketing(row["customer_id"], row["created_at"], row["settled_at"], row["status"])
        if row["class"] != MessageClass.SMART_REPLY:
            waits.append((message, waits_behind(holds.get(message.customer_id, []), message, now=tx.at)))
        if message.status == "dropped" or row["dropped_by_hand"]:
            dropped += message.settled_at is not None and message.settled_at < within.to_at
    figures = {**count_holds(waits, period=Span(within.from_at, within.to_at)), "dropped": dropped}
    return {**figures, "smart_replies": counts.smart_replies(tx, within)}


def _managers(tx: Tx, within: ReportScope) -> Figures:
    """Replies and closes of each manager; closes by nobody of the desk count as unassigned."""
    replies = {row["manager_id"]: row["replies"] for row in spans.reply_counts(tx, within)}
    closed = {row["manager_id"]: row["closed"] for row in counts.closes(tx, within)}
    people = {row["id"]: row for row in managers.list_names(tx)}
    items = [
        {
            "telegram_id": people[who]["telegram_id"] if who in people else None,
            "name": people[who]["name"] if who in people else UNASSIGNED,
            "replies": replies.get(who, 0),
            "closed": closed.get(who, 0),
        }
        for who in replies.keys() | closed.keys()
    ]
    return {"items": sorted(items, key=lambda item: (-item["replies"], -item["closed"], item["name"]))}


def _tags(tx: Tx, within: ReportScope) -> Figures:
    return {"items": [{"tag": row["tag"], "dialogs": row["dialogs"]} for row in counts.tags(tx, within)]}


def _outcomes(tx: Tx, within: ReportScope) -> Figures:
    """Reasons and outcomes, the most frequent first; among equals, the desk's own reasons first."""
    columns = ("reason", "outcome", "dialogs")
    items = [{name: row[name] for name in columns} for row in counts.outcomes(tx, within)]
    items.sort(key=lambda each: (-each["dialogs"], each["reason"] or "\uffff", each["outcome"] or ""))
    return {"items": items}


_REPORTS = {
    ReportKind.DIALOGS: _dialogs,
    ReportKind.SATISFACTION: _satisfaction,
    ReportKind.SLA: _sla,
    ReportKind.GATE: _gate,
    ReportKind.MANAGERS: _managers,
    ReportKind.TAGS: _tags,
    ReportKind.OUTCOMES: _outcomes,
}
