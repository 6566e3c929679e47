"""The events of which each manager is notified."""

from collections.abc import Mapping, Sequence

from holdline.dialogs.outbox.notifications import NotificationSettings, valid_settings
from holdline.dialogs.refusal import NotFound
from holdline.store.people import managers, notifications
from holdline.store.tx import Tx


def load_notifications(tx: Tx, *, manager_id: int) -> NotificationSettings:
    """The manager's settings; raises NotFound if no manager has that id."""
    if managers.by_id(tx, manager_id) is None:
        raise NotFound("manager", manager_id)
    return notifications.settings_of(tx, manager_id)


def set_notifications(
    tx: Tx, *, manager_id: int, channels: Mapping[str, Sequence[str]], email: str | None
) -> NotificationSettings:
    """Replaces all settings; events left out are not notified any longer."""
    load_notifications(tx, manager_id=manager_id)
    settings = valid_settings(channels, email)
    notifications.save_settings(tx, manager_id, settings)
    return settings
