"""Which loops each role runs. A role imports only what it needs."""

import asyncio
from collections.abc import Callable
from functools import cache

from starlette.types import ASGIApp

from holdline.app.check.startup import StartupChecks
from holdline.app.leader import run_as_leader
from holdline.app.process_status import ProcessStatus
from holdline.app.restores.watch import hold_if_copy
from holdline.app.section import ServiceSection
from holdline.app.settings import Settings
from holdline.app.tuning import quick_imports
from holdline.bot.gateway import Gateway
from holdline.bot.intake.bot_api import direct_caller
from holdline.desk.delivery.group_migration import reconcile_staff_group
from holdline.desk.marketing.new_days import decide_put_off_anew, have_days_changed
from holdline.desk.people.leaving import find_unfinished_leavers, finish_leaving
from holdline.desk.people.managers import ensure_admins
from holdline.desk.settings.lists import ensure_lists
from holdline.scheduler import activity
from holdline.scheduler.attached_files import FETCH_SECONDS, AttachedFiles
from holdline.scheduler.broadcast_loop import BroadcastLoop
from holdline.scheduler.language_service import LanguageService
from holdline.scheduler.leadership import Leadership
from holdline.scheduler.loops import Loop, run_all
from holdline.scheduler.mail_loop import MailLoop
from holdline.scheduler.members import TURN_SECONDS, MembershipCheck
from holdline.scheduler.privacy.eraser import Eraser
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.scheduler.privacy.retaining import Retainer
from holdline.scheduler.reserve import keep_reserve
from holdline.scheduler.sender import Sender
from holdline.scheduler.smart_replies.smart_reply_loop import SmartReplyLoop
from holdline.scheduler.smtp import MailServer
from holdline.scheduler.tagging.tagging_loop import TaggingLoop, TrainingLoop
from holdline.scheduler.timers import Chore, Timers, chores_of
from holdline.scheduler.webhooks.webhook_loop import WebhookLoop
from holdline.scheduler.webhooks.webhook_wire import WebhookWire
from holdline.screens.render import render
from holdline.store.engine import Store
from holdline.web.own_paths import webhook_path

ALL, INTAKE, SENDER, WEB = "all", "intake", "sender", "web"


def erasure_list_of(store: Store, settings: Settings) -> ErasureList:
    return ErasureList(store.base / settings.privacy.erasure_list, store.bot_id)


async def prepare(store: Store) -> None:
    """Prepares the database at each start: lists, the configured administrators, managers who left, and the
    consequences of a changed configuration. A restored database is put on hold before anything else.
    """
    await hold_if_copy(store)
    await store.act(ensure_lists)
    await store.act(ensure_admins)
    await store.act(reconcile_staff_group)
    for manager_id in await store.read(find_unfinished_leavers):
        await store.act(finish_leaving, manager_id=manager_id)
    after: int | None = 0 if await store.read(have_days_changed) else None
    while after is not None:
        after = await store.act(decide_put_off_anew, after=after)


async def loops_of(
    role: str,
    store: Store,
    gateway: Gateway,
    *,
    settings: Settings,
    leads: list[Leadership],
    can_receive: asyncio.Event,
) -> dict[str, Loop]:
    """The loops without the web server. Fills `leads`; sets `can_receive` when updates can arrive, or none will. Raises
    Fatal if Telegram refuses the token."""
    if role in (WEB, SENDER):
        can_receive.set()
    if role == WEB:
        return {}
    startup_checks = StartupChecks(store, settings, direct_caller(gateway))
    await startup_checks.at_start()
    loops: dict[str, Loop] = {"introduction": startup_checks.run}
    if store.reserve is not None:
        loops["reserve"] = keep_reserve(store, store.reserve)
    if role in (ALL, INTAKE):
        leads.append(lead := Leadership(store, "intake", standby=role != ALL))
        loops["intake"] = run_as_leader(lead, intake_builder()(store, gateway, settings, can_receive))
    if role in (ALL, SENDER):
        leads.append(lead := Leadership(store, "sender", standby=role != ALL))
        sender = Sender(store, render=render, gateway=gateway, lead=lead)
        timers = Timers([*chores_of(store, sender), *_chores_of_process(store, gateway, sender, settings)])
        sending = {
            "sending": sender.run,
            "timers": timers.run,
            "broadcasts": BroadcastLoop(store).run,
            **_loops_outward(store, settings),
            **_loops_of_tags(store, settings),
            **_loop_of_smart_replies(store, settings),
        }
        loops["sender"] = run_as_leader(lead, lambda end: run_all(sending, end))
    return loops


def _chores_of_process(store: Store, gateway: Gateway, sender: Sender, settings: Settings) -> list[Chore]:
    """Those that need more than the store."""
    members = MembershipCheck(store, gateway, sender.outage)
    return [
        Chore("members", TURN_SECONDS, members.look),
        Chore("attachments", FETCH_SECONDS, AttachedFiles(store, gateway).fetch),
        Chore("activity", activity.TURN_SECONDS, activity.ActivityLog(store).write_line),
        Chore("retention", 60, Retainer(store, settings.retention.as_value()).work),
        Chore("erasures", 1, Eraser(store, erasure_list_of(store, settings)).work),
    ]


def mail_server_of(settings: Settings) -> MailServer | None:
    """The mail server, or None if the desk sends no mail."""
    mail = settings.mail
    return MailServer(mail.smtp_url.get_secret_value(), mail.sender) if mail.sender else None


def webhook_wire_of(store: Store) -> WebhookWire:
    """Not opened yet; the user of it opens it."""
    return WebhookWire(store.clock, to_private=store.rules.webhooks_to_private)


def _loops_outward(store: Store, settings: Settings) -> dict[str, Loop]:
    """The loops that send to people and tools outside Telegram."""
    server = mail_server_of(settings)
    mail = {"mail": MailLoop(store, server).run} if server else {}
    return {"webhooks": WebhookLoop(store, webhook_wire_of(store)).run, **mail}


def _loops_of_tags(store: Store, settings: Settings) -> dict[str, Loop]:
    """They idle if automatic tags are off. The libraries of the model are loaded in other processes."""
    tags, folder = settings.tags, store.base / settings.tags.folder
    service = _language_service(tags)
    tagging = TaggingLoop(store, folder, service)
    return {"tagging": tagging.run, "training": TrainingLoop(store, folder).run}


def _loop_of_smart_replies(store: Store, settings: Settings) -> dict[str, Loop]:
    service = _language_service(settings.smart_replies)
    return {"smart replies": SmartReplyLoop(store, service).run} if service else {}


def _language_service(section: ServiceSection) -> LanguageService | None:
    """The language service, or None if the configuration names none."""
    if not section.service:
        return None
    return LanguageService(
        url=section.service_url,
        model=section.service_model,
        key=section.service_key.get_secret_value(),
        seconds=section.service_seconds,
        calls_a_day=section.service_per_day,
    )


@cache
def intake_builder() -> Callable[[Store, Gateway, Settings, asyncio.Event], Loop]:
    """Call once per process: it imports aiogram, which takes a second and sixty megabytes."""
    with quick_imports():
        from holdline.app.intake_loop import build_intake_loop  # noqa: PLC0415
    return build_intake_loop


def web_of(role: str, store: Store, settings: Settings, status: ProcessStatus) -> ASGIApp:
    """API, probes and, in webhook mode, the webhook endpoint at its own path. Other roles have only the probes."""
    if role not in (ALL, WEB):
        from holdline.web.probes import build_probes  # noqa: PLC0415 - only some roles serve

        return build_probes(store, readiness=status.reasons, notes=status.notes)
    from holdline.web.app import build_app  # noqa: PLC0415
    from holdline.web.webhook_endpoint import webhook_route  # noqa: PLC0415

    telegram, webhook = settings.telegram, None
    if telegram.intake == "webhook":
        webhook = webhook_route(
            webhook_path(telegram.webhook_url), telegram.webhook_secret.get_secret_value(), store
        )
    return build_app(store, webhook=webhook, readiness=status.reasons)


def port_of(role: str, settings: Settings) -> int | None:
    """The port of the role, or None if it does not listen."""
    if role in (ALL, WEB):
        return settings.web.port
    return settings.web.probe_port or None
