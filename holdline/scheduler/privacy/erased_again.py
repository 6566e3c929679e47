"""At the start: erases everybody on the erasure list from the database that is found, before anything is sent."""

import asyncio
import logging
from datetime import datetime

from holdline.desk.privacy.asking import erase_again
from holdline.scheduler.privacy.eraser import Eraser
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.store.engine import Store
from holdline.store.privacy import erasures
from holdline.store.privacy.person import people_page

log = logging.getLogger("holdline.privacy")


async def apply_erasure_list(store: Store, erased: ErasureList) -> int:
    """Returns how many customers were erased again, as after the restore of a backup. If there is nobody, it costs a
    look at the file and two queries.
    """
    await _finish_interrupted(store, erased)
    missing = await _find_missing(store, erased)
    if not missing:
        return 0
    again, after = 0, 0
    while page := await store.read(people_page, after=after):
        for person, known_since in page:
            digest = await asyncio.to_thread(erased.digest_of, person.telegram_id)
            if digest in missing and known_since <= missing[digest]:
                await _erase(store, erased, person.customer_id, digest)
                again += 1
        after = page[-1][0].customer_id
    for digest, erased_at in missing.items():
        await store.act(erasures.insert_absent, digest, erased_at)
    if again:
        log.warning("%s customers of the erasure list were in this database and are erased again", again)
    return again


async def _finish_interrupted(store: Store, erased: ErasureList) -> None:
    """Finishes interrupted erasures of people on the list, as far as Telegram is not needed."""
    eraser = Eraser(store, erased)
    for erasure in await store.read(erasures.list_running):
        if erasure.state not in ("asked", "copies"):
            await eraser.drive(erasure.id)


async def _find_missing(store: Store, erased: ErasureList) -> dict[str, datetime]:
    people = await asyncio.to_thread(erased.people)
    known = await store.read(erasures.hash_times)
    if known and not people:
        log.warning("%s is gone or empty: a restored backup would bring erased customers back", erased.path)
    newest: dict[str, datetime] = {}
    for person in people:
        newest[person.digest] = max(person.erased_at, newest.get(person.digest, person.erased_at))
    return {digest: at for digest, at in newest.items() if digest not in known or known[digest] < at}


async def _erase(store: Store, erased: ErasureList, customer_id: int, digest: str) -> None:
    erasure_id = await store.act(erase_again, customer_id=customer_id, person_hash=digest)
    erasure = await Eraser(store, erased).drive(erasure_id)
    if erasure is not None and erasure.ended_at is None:
        log.warning("erasure %s goes on after the start", erasure_id)
