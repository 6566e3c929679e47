"""The janitor: calls that never came back, messages that are worth nothing any more."""

from holdline.desk import delivery
from holdline.scheduler.lead import Lead
from holdline.scheduler.sender import Sender
from holdline.scheduler.ticks import Ticks
from holdline.store.engine import Store

REAP_SECONDS, EXPIRE_SECONDS = 3.0, 5.0


def tidy(ticks: Ticks, store: Store, sender: Sender, lead: Lead | None = None) -> None:
    """Puts the sender's own passes on the clock; on standby they do nothing."""

    async def reap() -> None:
        if lead is None or lead.held:
            await sender.reap()

    async def expire() -> None:
        if lead is None or lead.held:
            await store.act(delivery.expire_old)

    ticks.add("reap", reap, seconds=REAP_SECONDS)
    ticks.add("expire", expire, seconds=EXPIRE_SECONDS)
