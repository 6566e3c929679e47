"""Notification settings of managers."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.people import notification_settings as desk
from holdline.web.calls import Read, Write
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.managers import NotificationsIn, NotificationsOut


def notifications_router() -> APIRouter:
    """New dialogs are reported to everybody who subscribes; all other topics only to those who work on the dialog."""
    router = api_router("notifications")

    @reads(router, "/managers/{manager_id}/notifications", shows=NotificationsOut, scopes=("admin", "read"))
    async def read_notifications(call: Read, manager_id: PathId) -> Response:
        """Shows which notifications a manager gets. By default these are assignments, in Telegram."""
        return await call.show(NotificationsOut.of, desk.load_notifications, manager_id=manager_id)

    @writes(router, "PUT", "/managers/{manager_id}/notifications", shows=NotificationsOut, scope="admin")
    async def set_notifications(call: Write, manager_id: PathId, body: NotificationsIn) -> Response:
        """Replaces all settings of a manager's notifications. Nobody is notified of their own actions; several
        notifications within seconds become one message.
        """
        words: dict[str, Any] = {"manager_id": manager_id, **body.choice}
        return await call.show(NotificationsOut.of, desk.set_notifications, **words)

    return router
