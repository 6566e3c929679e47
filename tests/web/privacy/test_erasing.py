"""A customer is erased from every table, on both engines; figures are kept, and nobody else loses anything."""

from contextlib import suppress
from pathlib import Path

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.customers import customers as customers_desk
from holdline.desk.privacy import erasing
from holdline.desk.privacy.asking import ask_to_erase, erase_again
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotAllowed
from holdline.scheduler.privacy.erased_again import apply_erasure_list
from holdline.scheduler.privacy.eraser import Eraser
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.store import invariants
from holdline.store.people import customers
from holdline.store.privacy import erasures
from holdline.store.privacy.erasures import Erasure
from holdline.store.privacy.table_map import TABLES
from holdline.store.tx import Tx
from tests.web.conftest import Api
from tests.web.privacy.canary import CANARY, left_everywhere, places_with


@pytest.mark.row("O-05")
async def test_nothing_of_the_person_is_left_in_any_table(api: Api, erased: ErasureList) -> None:
    person = await left_everywhere(api)
    before = await places_with(api.store)
    assert len(before) > 25, sorted(before)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    done = await Eraser(api.store, erased).drive(job.id)
    assert done is not None and done.ended_at is not None and done.kept_values == {}
    assert await places_with(api.store) == set()
    assert await api.store.read(invariants.find_violations) == []


async def test_an_erasure_ends_all_waiting_items_and_keeps_figures(api: Api, erased: ErasureList) -> None:
    person = await left_everywhere(api)
    counted = await api.store.read(count_rows)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    await api.store.act(erasing.note_listed, erasure_id=job.id, person_hash="x")
    await api.store.act(erasing.take_step, erasure_id=job.id)
    reports = {kind: await api.get(f"/reports/{kind}") for kind in REPORTS}
    await Eraser(api.store, erased).drive(job.id)
    assert {kind: await api.get(f"/reports/{kind}") for kind in REPORTS} == reports
    dialog = await api.get("/dialogs/1")
    assert (dialog["state"], dialog["title"]) == ("closed", "—")
    assert (
        await api.store.read(
            lambda tx: tx.all("SELECT id FROM outbox WHERE status = 'queued' AND customer_id = 3")
        )
        == []
    )
    after = await api.store.read(count_rows)
    assert {
        name: after[name] for name in ("messages", "dialogs", "notes", "drafts", "consents", "presses")
    } == {name: counted[name] for name in ("messages", "dialogs", "notes", "drafts", "consents", "presses")}


REPORTS = ("dialogs", "times", "satisfaction", "sla", "gate", "managers", "tags", "outcomes")


def count_rows(tx: Tx) -> dict[str, int]:
    found = {}
    for rule in TABLES:
        row = tx.one(f"SELECT COUNT(*) AS number FROM {rule.name}")
        assert row is not None
        found[rule.name] = row["number"]
    return found


async def test_an_erased_person_who_writes_again_is_a_new_customer(api: Api, erased: ErasureList) -> None:
    person = await left_everywhere(api)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    await Eraser(api.store, erased).drive(job.id)
    again = await api.store.act(receive_customer_message, sender=CANARY, content=Content(text="Hello again"))
    assert again is not None
    found = await api.store.read(customers.by_telegram_id, CANARY.telegram_id)
    assert found is not None and found.id != person.customer_id
    assert await apply_erasure_list(api.store, erased) == 0, "the new customer is not on the list"
    assert (await api.store.read(customers.by_telegram_id, CANARY.telegram_id)) == found


async def test_a_restored_backup_is_erased_again_before_anything_is_sent(
    api: Api, erased: ErasureList, tmp_path: Path
) -> None:
    """The list alone tells it: the database is as it was before."""
    person = await left_everywhere(api)
    erased.add(person.telegram_id, api.store.clock.now())
    assert await apply_erasure_list(api.store, erased) == 1
    assert await places_with(api.store) == set()
    assert await apply_erasure_list(api.store, erased) == 0
    assert str(person.telegram_id) not in erased.path.read_text(), "the list does not say who they are"
    assert erased.path.stat().st_mode & 0o777 == 0o600


async def test_an_erasure_killed_at_any_commit_is_finished_by_the_next_process(
    api: Api, erased: ErasureList
) -> None:
    """Each transaction in turn is the last one of a process; another begins where it ended."""
    person = await left_everywhere(api)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    eraser, steps = DyingEraser(api.store, erased), 0
    while await api.store.read(erasures.list_running):
        with suppress(KilledError):
            await eraser.drive(job.id)
        steps += 1
    assert steps > 5
    assert await places_with(api.store) == set()
    assert await api.store.read(invariants.find_violations) == []


async def test_a_manager_of_the_desk_is_not_erased(api: Api) -> None:
    sender = MessageSender(telegram_id=api.maria.telegram_id, name="Maria")
    customer = await api.store.act(customers_desk.get_or_create_customer, sender=sender)
    with pytest.raises(NotAllowed, match="not_allowed"):
        await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=customer.id)


class KilledError(Exception):
    pass


class DyingEraser(Eraser):
    async def _take_step(self, erasure: Erasure) -> Erasure | None:
        await super()._take_step(erasure)
        raise KilledError


async def test_the_api_starts_an_erasure_once_and_shows_its_progress(api: Api, erased: ErasureList) -> None:
    person = await left_everywhere(api)
    admin = api.as_("admin")
    path = f"/customers/{person.customer_id}/erase"
    asked = await admin.post(path, {"keep_copies": True}, status=202)
    again = await admin.post(path, {}, status=202)
    assert (asked["state"], again["id"]) == ("running", asked["id"])
    assert await Eraser(api.store, erased).work() == 1
    done = await admin.get(f"/erasures/{asked['id']}")
    assert (done["state"], done["step"], done["telegram_waiting"]) == ("done", "done", 0)
    assert done["rows"] > 20
    assert (await api.get(f"/customers/{person.customer_id}"))["name"] == "—"
    (entry,) = (await api.get(f"/customers/{person.customer_id}/history", kind="customer_erased"))["items"]
    assert entry["actor"]["kind"] == "system"


async def test_a_second_starting_process_does_not_restart_an_erasure(api: Api, erased: ErasureList) -> None:
    """Both found the person in a restored database; the slower one asks when the identity is gone already."""
    person = await left_everywhere(api)
    digest = erased.add(person.telegram_id, api.store.clock.now())
    words = {"customer_id": person.customer_id, "person_hash": digest}
    erasure_id = await api.store.act(erase_again, **words)
    now = await api.store.read(erasures.by_id, erasure_id)
    while now is not None and now.state != "values":
        now = await api.store.act(erasing.take_step, erasure_id=erasure_id)
    assert await api.store.act(erase_again, **words) == erasure_id
    await api.store.act(erasing.note_listed, erasure_id=erasure_id, person_hash=digest)
    done = await Eraser(api.store, erased).drive(erasure_id)
    assert done is not None and done.ended_at is not None
    assert await places_with(api.store) == set()
