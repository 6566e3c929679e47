"""What managers want to be notified of, and the notifications that wait."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdline.dialogs.outbox.notifications import NotificationSettings
from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class WaitingDigest:
    """A manager's waiting notifications in one channel: since when, and when the last ones were sent."""

    manager_id: int
    channel: str
    first_at: datetime
    last_sent_at: datetime | None


def all_settings(tx: Tx) -> dict[int, NotificationSettings]:
    """Settings by manager; managers who have chosen nothing are missing."""
    rows = tx.all(
        "SELECT manager_id, channels_json, email FROM notification_settings WHERE bot_id = :bot",
        bot=tx.bot_id,
    )
    return {row["manager_id"]: NotificationSettings(row["channels_json"], row["email"]) for row in rows}


def settings_of(tx: Tx, manager_id: int) -> NotificationSettings:
    """The manager's settings, or the defaults if they have chosen nothing."""
    return all_settings(tx).get(manager_id, NotificationSettings())


def save_settings(tx: Tx, manager_id: int, settings: NotificationSettings) -> None:
    tx.run(
        """INSERT INTO notification_settings (manager_id, bot_id, channels_json, email)
           VALUES (:manager, :bot, :channels, :email)
           ON CONFLICT (manager_id) DO UPDATE SET channels_json = excluded.channels_json, email = excluded.email""",
        manager=manager_id,
        bot=tx.bot_id,
        channels=dict(settings.channels),
        email=settings.email,
    )


def insert(
    tx: Tx, *, manager_id: int, dialog_id: int, channel: str, topic: str, words: dict[str, Any]
) -> None:
    tx.run(
        """INSERT INTO notifications (bot_id, manager_id, dialog_id, channel, topic, words_json, created_at)
           VALUES (:bot, :manager, :dialog, :channel, :topic, :words, :at)""",
        bot=tx.bot_id,
        manager=manager_id,
        dialog=dialog_id,
        channel=channel,
        topic=topic,
        words=words,
        at=tx.at,
    )


def list_waiting(tx: Tx) -> list[WaitingDigest]:
    """One for each manager and channel."""
    rows = tx.all(
        """SELECT n.manager_id, n.channel, MIN(n.created_at) AS first_at,
                  (SELECT MAX(s.sent_at) FROM notifications s WHERE s.bot_id = n.bot_id
                   AND s.manager_id = n.manager_id AND s.channel = n.channel
                   AND s.sent_at IS NOT NULL) AS last_sent_at
           FROM notifications n WHERE n.bot_id = :bot AND n.sent_at IS NULL
           GROUP BY n.bot_id, n.manager_id, n.channel ORDER BY n.manager_id, n.channel""",
        bot=tx.bot_id,
    )
    return [WaitingDigest(**row) for row in rows]


def take(tx: Tx, digest: WaitingDigest) -> list[Row]:
    """Marks the waiting notifications as sent and returns them, oldest first: dialog_id, topic, words_json."""
    rows = tx.all(
        """UPDATE notifications SET sent_at = :at
           WHERE bot_id = :bot AND manager_id = :manager AND channel = :channel AND sent_at IS NULL
           RETURNING id, dialog_id, topic, words_json""",
        bot=tx.bot_id,
        at=tx.at,
        manager=digest.manager_id,
        channel=digest.channel,
    )
    return sorted(rows, key=lambda row: int(row["id"]))


def forget_sent(tx: Tx, *, before: datetime) -> None:
    """Deletes notifications that were sent before that time."""
    tx.run(
        "DELETE FROM notifications WHERE bot_id = :bot AND sent_at < :before", bot=tx.bot_id, before=before
    )


def bring_back(tx: Tx, *, ahead: datetime) -> None:
    """Notifications written or sent by a clock ahead of this one count as written or sent now."""
    tx.post(
        """UPDATE notifications SET created_at = :at
           WHERE bot_id = :bot AND sent_at IS NULL AND created_at > :ahead""",
        bot=tx.bot_id,
        at=tx.at,
        ahead=ahead,
    )
    tx.post(
        "UPDATE notifications SET sent_at = :at WHERE bot_id = :bot AND sent_at > :ahead",
        bot=tx.bot_id,
        at=tx.at,
        ahead=ahead,
    )
