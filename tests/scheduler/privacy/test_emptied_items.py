"""An outbox item emptied by retention can still be read by later code."""

from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.outbox.marketing import MarketingSample
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.privacy.retention import OUTBOX
from holdline.store.broadcasts import samples
from holdline.store.clock import ManualClock
from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.store.privacy.retention import keep_no_longer
from holdline.store.tx import Tx

SAMPLE = MarketingSample("Our sale", media=[{"kind": "photo", "source": "F-1"}] * 2)


def add_sample(tx: Tx) -> None:
    outbox.add(tx, [Outgoing(Address(-5, 9), SAMPLE, "k:sample", audience=Audience.DESK)])
    tx.run("UPDATE outbox SET status = 'sent', settled_at = :at, tg_message_id = 70", at=tx.at)


async def test_an_emptied_sample_no_longer_counts_as_a_sample(store: Store, clock: ManualClock) -> None:
    """Also in a topic, whose number stands in the payload."""
    await store.act(add_sample)
    assert await store.read(samples.find_album, -5, 71) == SAMPLE
    clock.advance(86_400)
    _, changed = await store.act(keep_no_longer, OUTBOX, clock.now(), 0)
    assert changed == 1
    assert await store.read(samples.find_album, -5, 71) is None
