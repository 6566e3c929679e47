"""Assembles the intake: polling or webhook, the worker, the handlers. In this room only it loads aiogram."""

import asyncio
from functools import cache

from aiogram import Dispatcher

from holdline.app.settings import Settings
from holdline.bot.commands_menu import announce_commands
from holdline.bot.dispatcher import build_dispatcher, build_feed
from holdline.bot.gateway import Gateway
from holdline.bot.handlers import (
    callbacks,
    customer,
    customer_presses,
    edits,
    membership,
    reactions,
    staff,
    strangers,
)
from holdline.bot.handlers.albums import AlbumLoop
from holdline.bot.intake import quarantine_report
from holdline.bot.intake.bot_api import direct_caller
from holdline.bot.intake.health_recorder import IntakeHealthRecorder
from holdline.bot.intake.interruptible import run_unless_stopped
from holdline.bot.intake.polling import Poller, PollingConflict, TokenRefused
from holdline.bot.intake.webhook import WebhookRefused, open_webhook
from holdline.bot.intake.worker import Worker
from holdline.desk.notices.places import staff_group
from holdline.desk.smart_replies.choosing import learn_questions
from holdline.dialogs.manager import Manager
from holdline.scheduler.loops import Fatal, Loop, run_all
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx

MENU_SECONDS = 3600
_ROUTERS = (
    strangers.router,
    membership.router,
    staff.staff_router,
    customer.router,
    edits.router,
    reactions.router,
    customer_presses.router,
    callbacks.callbacks_router,
)
"""In this order: groups that are not ours, a group that moved, the desk's chats, customers; presses by verb."""


def build_intake_loop(store: Store, gateway: Gateway, settings: Settings, can_receive: asyncio.Event) -> Loop:
    """Everything that needs the intake's lease, as one loop. Sets `can_receive` when updates can arrive."""
    feed = build_feed(desk_dispatcher(), store.bot_id, store=store, gateway=gateway)
    worker = Worker(store, feed, report_quarantined=quarantine_report.report_quarantined)
    arriving = _webhook_loop if settings.telegram.intake == "webhook" else _poll_loop

    async def run(stop: asyncio.Event) -> None:
        await store.read(learn_questions)
        await run_all(
            {
                "arriving": arriving(store, gateway, settings, can_receive),
                "worker": worker.run,
                "albums": AlbumLoop(store, gateway).run,
                "menus": _menu_loop(store, gateway),
            },
            stop,
        )

    return run


@cache
def desk_dispatcher() -> Dispatcher:
    """Built once per process, because aiogram inspects the signature of every handler and filter."""
    return build_dispatcher([router() for router in _ROUTERS])


def _poll_loop(store: Store, gateway: Gateway, _settings: Settings, can_receive: asyncio.Event) -> Loop:
    async def run(stop: asyncio.Event) -> None:
        can_receive.set()
        try:
            await Poller(store, direct_caller(gateway)).run(stop)
        except (PollingConflict, TokenRefused) as end:
            raise Fatal(str(end)) from end

    return run


def _webhook_loop(store: Store, gateway: Gateway, settings: Settings, can_receive: asyncio.Event) -> Loop:
    telegram = settings.telegram

    async def run(stop: asyncio.Event) -> None:
        secret = telegram.webhook_secret.get_secret_value()
        try:
            await open_webhook(
                direct_caller(gateway), IntakeHealthRecorder(store), url=telegram.webhook_url, secret=secret
            )
        except (WebhookRefused, TokenRefused) as end:
            raise Fatal(str(end)) from end
        can_receive.set()
        await stop.wait()

    return run


def _menu_loop(store: Store, gateway: Gateway) -> Loop:
    """Updates the command menus when managers change. Nothing waits for it."""

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            people, group = await store.read(_people_and_group)
            await run_unless_stopped(stop, announce_commands(gateway, people, group))
            await run_unless_stopped(stop, store.bells.wait("managers", MENU_SECONDS))

    return run


def _people_and_group(tx: Tx) -> tuple[list[Manager], int]:
    return managers.page(tx, limit=1000), staff_group(tx)
