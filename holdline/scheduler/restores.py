"""After a restore: carries out the decisions, and skips the chores that would act on outdated silence."""

from collections.abc import Awaitable, Callable

from holdline.desk.restores.decision import carry_out_decisions
from holdline.store.engine import Store
from holdline.store.restores import held_work, restores

CHUNKS_A_TURN = 200


async def carry_out(store: Store) -> int:
    """Releases or discards the decided items, in short transactions; returns their number. Looking for them is a
    reading, because the database's only writer is not to search a long hold every second.
    """
    done = 0
    if not await store.read(held_work.is_any_decided):
        return done
    for _ in range(CHUNKS_A_TURN):
        some = await store.act(carry_out_decisions)
        if not some:
            break
        done += some
    return done


async def unless_on_hold(store: Store, do: Callable[[], Awaitable[int]]) -> int:
    """Skips the chore while the database is on hold: a customer who seems silent may have written since the backup."""
    return 0 if await store.read(restores.is_on_hold) else await do()
