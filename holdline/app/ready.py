"""The log line that says that the desk works."""

import structlog

from holdline.app.settings import Settings
from holdline.app.wiring import WEB, port_of
from holdline.desk.notices.places import staff_group
from holdline.store.engine import Store
from holdline.store.people import bots, managers
from holdline.store.tx import Tx

log = structlog.get_logger("run")


async def log_ready(store: Store, settings: Settings, *, role: str) -> None:
    """Logs once at the start: the bot, the intake, the staff group, and the address of the status page."""
    bot, people, group = await store.read(_bot_people_and_group)
    telegram, web, port = settings.telegram, settings.web, port_of(role, settings)
    log.info(
        "ready",
        bot=f"@{bot}" if bot else "not asked yet",
        intake=telegram.intake,
        staff_group=group or "none: everybody works in their own chat",
        managers=people,
        status_page=f"http://{_host_in_url(web.host)}:{port}/status" if port else "none: web.probe_port is 0",
        next_step=_next_step(bot, role),
    )


def _next_step(bot: str, role: str) -> str:
    if bot:
        return f"write /start to https://t.me/{bot}"
    if role == WEB:
        return "start `holdline run --role intake` and `--role sender` too; they ask Telegram who the bot is"
    return "look at telegram.api_base and the network: Telegram has not said who the bot is"


def _bot_people_and_group(tx: Tx) -> tuple[str, int, int]:
    return bots.username(tx), managers.count_active(tx), staff_group(tx)


def _host_in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
