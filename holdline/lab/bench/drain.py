"""How fast a full outbox is sent to different chats with the limits off, beside a bare loop of the same calls."""

from pathlib import Path

from holdline.app.configuration import load_configuration
from holdline.app.open_store import open_store
from holdline.app.wiring import prepare
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.gate import MessageClass
from holdline.lab.bench.fake_telegram import FakeTelegram
from holdline.lab.bench.processes import name_with_processes, run_desk, run_floor
from holdline.lab.bench.scenario import Scenario
from holdline.lab.replay.stage_setup import TOKEN, DeskSetup, free_port, write_config
from holdline.store.crowd import FIRST_TELEGRAM_ID, gather_statistics, settle_audience
from holdline.store.tx import Tx

MESSAGES, PIECE, PATIENCE_SECONDS = 3_000, 250, 180.0
AIM = (
    "at least 0.6 of the floor, and 1,000 a second with PostgreSQL; the floor posts the same, stores nothing"
)


async def measure(
    folder: Path, *, store: str | None, processes: int = 1, messages: int = MESSAGES
) -> list[Scenario]:
    """Messages a second, each to another customer. `store` names an empty database."""
    telegram = FakeTelegram()
    async with telegram.serve() as url:
        setup = DeskSetup(url, free_port(), store, group=0)
        await _fill(folder, setup, messages)
        async with run_desk(folder, setup, processes=processes):
            await telegram.wait_for(messages, patience=PATIENCE_SECONDS)
        figure = _per_second(telegram.sent_at[:messages])
        bodies = folder / "bodies"
        bodies.write_bytes(b"\n".join(telegram.sent[:messages]))
        telegram.sent_at.clear()
        telegram.sent.clear()
        async with run_floor(f"post_all({f'{url}/bot{TOKEN}/sendMessage'!r}, {str(bodies)!r})"):
            await telegram.wait_for(messages, patience=PATIENCE_SECONDS)
    floor = _per_second(telegram.sent_at)
    return [
        Scenario(name_with_processes("drain_without_limits", processes), figure, "messages/s", floor, AIM)
    ]


def _per_second(moments: list[float]) -> float:
    return (len(moments) - 1) / (moments[-1] - moments[0])


async def _fill(folder: Path, setup: DeskSetup, messages: int) -> None:
    async with open_store(load_configuration(write_config(folder, setup)), may_create=True) as store:
        await prepare(store)
        await store.act(settle_audience, first=0, last=messages - 1)
        for first in range(0, messages, PIECE):
            await store.act(_queue, first=first, last=min(first + PIECE, messages))
        if store.engine.name == "postgres":
            await store.act(gather_statistics)


def _queue(tx: Tx, *, first: int, last: int) -> None:
    for number in range(first, last):
        text = f"Your parcel number {number} has been sent."
        accept_outbound(tx, order=OutboundRequest(FIRST_TELEGRAM_ID + number, MessageClass.FUNNEL, text))
