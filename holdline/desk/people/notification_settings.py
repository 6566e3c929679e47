"""Which events each manager is told of."""

from collections.abc import Mapping, Sequence

from holdline.dialogs.outbox.notifications import NotificationSettings, valid_settings
from holdline.dialogs.refusal import NotFound
from holdline.store.people import managers, notifications
from holdline.store.tx import Tx


def load_notifications(tx: Tx, *, manager_id: int) -> NotificationSettings:
    """NotFound where nobody of the desk has that number."""
    if managers.by_id(tx, manager_id) is None:
        raise NotFound("manager", manager_id)
    return notifications.settings_of(tx, manager_id)


def set_notifications(
    tx: Tx, *, manager_id: int, channels: Mapping[str, Sequence[str]], email: str | None
) -> NotificationSettings:
    """All of them anew; what is left out is told no more."""
    load_notifications(tx, manager_id=manager_id)
    settings = valid_settings(channels, email)
    notifications.save_settings(tx, manager_id, settings)
    return settings
