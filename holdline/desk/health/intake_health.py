"""Whether Telegram delivers updates: since when it does not, why, and the notification of the administrators."""

from datetime import datetime, timedelta

from holdline.desk.health.readiness import outage
from holdline.desk.notices.alarms import notify_editors
from holdline.store.screens import settings
from holdline.store.tx import Tx

DEAF_SECONDS = 25.0  # shorter gaps are normal
_TROUBLE = "intake_trouble"
_WORTH_TELLING = timedelta(minutes=15)


def record_intake_failure(tx: Tx, *, reason: str, since: datetime, rival: bool) -> None:
    """Records that Telegram delivered no updates. Administrators are notified once, unless sending fails too."""
    before = settings.value(tx, _TROUBLE) or {}
    began = before.get("since", since.isoformat())
    settings.put(tx, _TROUBLE, {"since": began, "reason": reason[:200], "rival": rival})
    if deaf_seconds(tx) >= DEAF_SECONDS and outage(tx) is None:
        key = "desk_notices.deaf_rival" if rival else "desk_notices.deaf"
        clock = datetime.fromisoformat(began).strftime("%H:%M UTC")
        notify_editors(tx, key, {"since": clock, "reason": reason[:200]}, cause=began, lasts=_WORTH_TELLING)


def record_intake_success(tx: Tx) -> None:
    """Records that Telegram delivers updates, or has promised to."""
    settings.put(tx, _TROUBLE, None)


def deaf_seconds(tx: Tx) -> float:
    """How long Telegram has delivered nothing; 0 if there is no problem."""
    trouble = settings.value(tx, _TROUBLE)
    return max(0.0, (tx.at - datetime.fromisoformat(trouble["since"])).total_seconds()) if trouble else 0.0


def intake_reasons(tx: Tx) -> list[str]:
    """A sentence for those who monitor the desk; none if there is no problem."""
    seconds = deaf_seconds(tx)
    if seconds < DEAF_SECONDS:
        return []
    trouble = settings.value(tx, _TROUBLE)
    cure = (
        "Another program receives this bot's updates: stop it, or revoke the token at @BotFather."
        if trouble["rival"]
        else "Look at the network and at telegram.api_base."
    )
    return [f"Nothing is received from Telegram for {seconds:.0f} s ({trouble['reason']}). {cure}"]
