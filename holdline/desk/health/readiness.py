"""Whether this desk is ready to work, in sentences for those who monitor it; nothing about people."""

from datetime import datetime, timedelta
from typing import Any

from holdline.desk.delivery.group_health import group_problems
from holdline.desk.notices.places import staff_group
from holdline.desk.restores.hold import current_hold
from holdline.desk.restores.summary import describe_hold
from holdline.store import clock_steps
from holdline.store.delivery import chats
from holdline.store.engines import leases
from holdline.store.intake import counts
from holdline.store.screens import settings
from holdline.store.tx import Tx
from holdline.telegram.group_rights import explain_problems, stops_work

LATE_SECONDS = 60
CLOCK_TOLD_FOR = timedelta(hours=1)
_OUTAGE = "outage"
_DUTIES = {
    "intake": "Nobody handles updates: no process holds the intake's lease. Start `holdline run`"
    " (or `--role intake`).",
    "sender": "Nobody sends: no process holds the sender's lease. Start `holdline run` (or `--role sender`).",
}


def reasons(tx: Tx) -> list[str]:
    """Problems that need attention now; empty if there are none."""
    reasons_or_none = [*_idle(tx), _late(tx), _outage(tx), _frozen(tx), _group_problem(tx)]
    return [sentence for sentence in reasons_or_none if sentence]


def is_at_work(tx: Tx) -> bool:
    """Whether any process takes in updates or sends, for this bot and from this database."""
    return len(_idle(tx)) < len(_DUTIES)


def notes(tx: Tx) -> list[str]:
    """Notes that are no reason against readiness: missing minor rights, a clock that was set lately, a restore."""
    return [*_minor_group_problems(tx), *_clock(tx), *_restore(tx)]


def _minor_group_problems(tx: Tx) -> list[str]:
    lacks = group_problems(tx)
    return [] if not lacks or stops_work(lacks) else [" ".join(explain_problems(staff_group(tx), lacks))]


def _restore(tx: Tx) -> list[str]:
    hold = current_hold(tx)
    return [describe_hold(hold)] if hold else []


def _clock(tx: Tx) -> list[str]:
    step = clock_steps.last_step(tx)
    if step is None or abs(tx.at - datetime.fromisoformat(step["at"])) > CLOCK_TOLD_FOR:
        return []
    at, seconds = datetime.fromisoformat(step["at"]).strftime("%H:%M:%S UTC"), abs(step["seconds"])
    if step["seconds"] < 0:
        return [
            f"The clock of this machine was put back by {seconds:,} s, noticed at {at}; what waited for the old time "
            "goes on at once. Let the machine follow a time server (NTP)."
        ]
    return [
        f"The clock of this machine was put forward by {seconds:,} s, or the machine slept so long, noticed at {at}; "
        "nothing is repeated for it. Let the machine follow a time server (NTP)."
    ]


def record_outage(tx: Tx, *, reason: str | None, token_refused: bool = False) -> None:
    """Stores the sender's view of Telegram, for every process that is asked; a reason of None means that there is no
    problem.
    """
    before = settings.value(tx, _OUTAGE)
    since = before["since"] if before else tx.at.isoformat()
    now = {"since": since, "reason": reason[:200], "token_refused": token_refused} if reason else None
    settings.put(tx, _OUTAGE, now)


def outage(tx: Tx) -> dict[str, Any] | None:
    """since, reason, token_refused; None while Telegram answers."""
    stored: dict[str, Any] | None = settings.value(tx, _OUTAGE)
    return stored


def frozen_seconds(tx: Tx) -> dict[str, float]:
    """How many seconds Telegram's 429 still stops all sending, and marketing."""
    lease = leases.current(tx, "sender") or {}
    columns = {"everything": "frozen_until_at", "marketing": "marketing_frozen_until_at"}
    return {what: _seconds_to(tx, lease.get(column)) for what, column in columns.items()}


def _idle(tx: Tx) -> list[str]:
    reasons_found = []
    for role, sentence in _DUTIES.items():
        lease = leases.current(tx, role)
        if lease is None or lease["epoch"] == 0 or lease["expires_at"] <= tx.at:
            reasons_found.append(sentence)
    return reasons_found


def _late(tx: Tx) -> str:
    _, oldest = counts.update_backlog(tx)
    late = (tx.at - oldest).total_seconds() if oldest else 0.0
    return f"The oldest update waits for {late:.0f} s." if late > LATE_SECONDS else ""


def _outage(tx: Tx) -> str:
    current = outage(tx)
    if current is None:
        return ""
    since = datetime.fromisoformat(current["since"]).strftime("%H:%M:%S UTC")
    if current["token_refused"]:
        return (
            f"Telegram refuses the bot's token since {since}; everything is kept. "
            "Put the present token into telegram.token and start again."
        )
    return f"Telegram is out of reach since {since} ({current['reason']}); everything is kept and goes out later."


def _frozen(tx: Tx) -> str:
    """The sentence if sending stays stopped for long; a short stop is normal."""
    seconds = frozen_seconds(tx)["everything"]
    if seconds <= LATE_SECONDS:
        return ""
    return f"Telegram asked for silence (429): nothing is sent for another {seconds:.0f} s."


def _group_problem(tx: Tx) -> str:
    group, lacks = staff_group(tx), group_problems(tx)
    if stops_work(lacks):
        sentence, remedy = explain_problems(group, lacks)
        return f"{sentence} Everything is kept and goes on by itself afterwards. {remedy}"
    words = chats.stop_reason(tx, group)
    if words is None:
        return ""
    return (
        f"The staff group {group} does not take the bot's messages ({words}); everything is kept. "
        "Let the bot write there again, as an administrator."
    )


def _seconds_to(tx: Tx, moment: datetime | None) -> float:
    return max(0.0, (moment - tx.at).total_seconds()) if moment else 0.0
