"""A customer is erased from every table, on both engines; figures stay, and nobody else loses anything."""

from contextlib import suppress
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.customers import customers as customers_desk
from holdline.desk.privacy import erasing
from holdline.desk.privacy.asking import ask_to_erase, erase_again
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.conversation.timeline import HistoryFilter, TimelineOrder
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.messages import BotText
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import NotAllowed
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.privacy.erased_again import apply_erasure_list
from holdline.scheduler.privacy.eraser import Eraser
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.screens.dialogs.history_lines import timeline_file_page
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.delivery import outbox
from holdline.store.errors import StoreUnavailable
from holdline.store.intake import inbox
from holdline.store.people import customers
from holdline.store.privacy import erasures, person_values
from holdline.store.privacy.erasures import Erasure
from holdline.store.privacy.person import PersonIds
from holdline.store.privacy.table_map import TABLES
from holdline.store.tx import Tx
from tests.conftest import BOT
from tests.web.conftest import Api
from tests.web.privacy.canary import CANARY, left_everywhere, places_with


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(mail_from="desk@example.org")


@pytest.fixture
def erased(tmp_path: Path) -> ErasureList:
    return ErasureList(tmp_path / "erased.jsonl", BOT)


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


async def test_everything_that_waited_has_ended_and_figures_stay(api: Api, erased: ErasureList) -> None:
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


async def test_who_writes_again_is_a_new_customer(api: Api, erased: ErasureList) -> None:
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


async def test_somebody_who_works_at_the_desk_is_not_erased(api: Api) -> None:
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


async def test_the_api_begins_an_erasure_once_and_shows_how_far_it_is(api: Api, erased: ErasureList) -> None:
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


async def test_a_second_process_at_its_start_does_not_send_an_erasure_back(
    api: Api, erased: ErasureList
) -> None:
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


async def test_a_process_that_died_after_it_wrote_the_list_still_deletes_at_telegram(
    api: Api, erased: ErasureList
) -> None:
    person = await left_everywhere(api)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id)
    erased.add(person.telegram_id, job.created_at)
    await apply_erasure_list(api.store, erased)
    now = await api.store.read(erasures.by_id, job.id)
    assert now is not None and not now.keeps_copies, "as it was asked for"


async def test_what_begins_while_the_job_waits_for_telegram_ends_too(api: Api, erased: ErasureList) -> None:
    """The customer writes, and a manager opens a dialog, after everything was ended and before the id is gone."""
    person = await left_everywhere(api)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    await api.store.act(erasing.note_listed, erasure_id=job.id, person_hash="x")
    now = await api.store.act(erasing.take_step, erasure_id=job.id)
    assert now is not None and now.state == "copies"
    await api.store.act(receive_customer_message, sender=CANARY, content=Content(text="Are you there?"))
    dialog = await api.open("Late", customer_id=person.customer_id)
    await api.store.act(receive_customer_message, sender=CANARY, content=Content(text="Hello?"))
    await Eraser(api.store, erased).drive(job.id)
    assert (await api.get(f"/dialogs/{dialog['id']}"))["state"] == "closed"
    waiting = await api.store.read(
        lambda tx: tx.all(
            "SELECT id FROM inbox_items WHERE customer_id = :id AND state = 'new'", id=person.customer_id
        )
    )
    assert waiting == []
    assert await places_with(api.store) == set()


async def test_a_call_in_flight_to_the_desk_is_waited_for(api: Api, erased: ErasureList) -> None:
    """Its item holds words, and only what is settled is emptied."""
    person = await left_everywhere(api)

    def take(tx: Tx) -> None:
        item = BotText("the kanarekowy one", [])
        to = Address(-100500)
        outbox.add(tx, [Outgoing(to, item, "k:flying", audience=Audience.DESK, dialog_id=1)])
        tx.run("UPDATE outbox SET about_customer_id = NULL, status = 'sending' WHERE key = 'k:flying'")

    await api.store.act(take)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    waiting = await Eraser(api.store, erased).drive(job.id)
    assert waiting is not None and waiting.state == "copies"
    await api.store.act(
        lambda tx: tx.run(
            "UPDATE outbox SET status = 'sent', settled_at = :at WHERE key = 'k:flying'", at=tx.at
        )
    )
    done = await Eraser(api.store, erased).drive(job.id)
    assert done is not None and done.ended_at is not None
    assert await places_with(api.store) == set()


async def test_a_quarantined_update_of_the_person_is_not_tried_again(api: Api, erased: ErasureList) -> None:
    person = await left_everywhere(api)
    await api.store.act(lambda tx: tx.run("UPDATE inbox SET state = 'quarantined', reason = 'x'"))
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    await Eraser(api.store, erased).drive(job.id)
    assert await api.store.act(inbox.replay_all) == 0, "nothing is left of it to be handled"


async def test_an_erasure_that_fails_keeps_no_other_from_its_end(api: Api, erased: ErasureList) -> None:
    jobs = [
        await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=customer.id, keeps_copies=True)
        for customer in (api.anna, api.boris)
    ]
    assert await FailingEraser(api.store, erased).work() == 1
    running = await api.store.read(erasures.list_running)
    assert [each.id for each in running] == [jobs[0].id]


class FailingEraser(Eraser):
    """Fails at the first erasure."""

    async def _take_step(self, erasure: Erasure) -> Erasure | None:
        if erasure.id == 1:
            raise OSError("no")
        return await super()._take_step(erasure)


async def test_a_log_that_is_being_read_is_tried_again_after_a_minute(
    api: Api, erased: ErasureList, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try compacts the whole file, so a long reader must not cause one every second."""
    tries = []

    async def refuse() -> None:
        tries.append(clock.now())
        raise StoreUnavailable("the log is being read")

    monkeypatch.setattr(api.store, "scrub", refuse)
    await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=api.anna.id, keeps_copies=True)
    eraser = Eraser(api.store, erased)
    assert [await eraser.work() for _ in range(3)] == [0, 0, 0]
    assert len(tries) == 1
    clock.advance(61)
    monkeypatch.undo()
    assert await eraser.work() == 1


async def test_a_lost_erasure_list_is_told_at_the_start(
    api: Api, erased: ErasureList, caplog: pytest.LogCaptureFixture
) -> None:
    await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=api.anna.id, keeps_copies=True)
    await Eraser(api.store, erased).work()
    assert await apply_erasure_list(api.store, erased) == 0 and caplog.text.count("is gone or empty") == 0
    erased.path.unlink()
    await apply_erasure_list(api.store, erased)
    assert caplog.text.count("is gone or empty") == 1


def test_a_list_that_was_deleted_gets_a_new_key_at_once(erased: ErasureList) -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    erased.add(5, at)
    erased.path.unlink()
    erased.add(5, at)
    (person,) = erased.people()
    assert person.digest == ErasureList(erased.path, BOT).digest_of(5), "the next process finds the person"


async def test_who_writes_again_while_the_job_runs_keeps_what_is_new(api: Api, erased: ErasureList) -> None:
    """Also in another bot's desk in the same database."""
    person = await left_everywhere(api)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id, keeps_copies=True)
    await api.store.act(erasing.note_listed, erasure_id=job.id, person_hash="x")
    now = await api.store.act(erasing.take_step, erasure_id=job.id)
    while now is not None and now.state != "values":
        now = await api.store.act(erasing.take_step, erasure_id=job.id)
    hello = Content(text="Hello again", chat_id=CANARY.telegram_id, tg_message_id=900)
    await api.store.act(receive_customer_message, sender=CANARY, content=hello)
    new = await api.store.read(customers.by_telegram_id, CANARY.telegram_id)
    assert new is not None

    def answer(tx: Tx) -> None:
        item = BotText("We are here", [])
        outbox.add(tx, [Outgoing(Address(CANARY.telegram_id), item, "k:new", customer_id=new.id)])
        tx.run("UPDATE outbox SET status = 'sent', settled_at = :at WHERE key = 'k:new'", at=tx.at)
        tx.run(
            """INSERT INTO telegram_messages (bot_id, chat_id, tg_message_id, role, created_at)
               VALUES (:other, :chat, 5, 'copy', :at)""",
            other=BOT + 1,
            chat=CANARY.telegram_id,
            at=tx.at,
        )

    await api.store.act(answer)
    await Eraser(api.store, erased).drive(job.id)
    kept = await api.store.read(
        lambda tx: tx.all(
            "SELECT tg_message_id FROM telegram_messages WHERE chat_id = :chat ORDER BY 1",
            chat=CANARY.telegram_id,
        )
    )
    assert [row["tg_message_id"] for row in kept] == [5, 900]
    item = await api.store.read(
        lambda tx: tx.one("SELECT chat_id, payload_json FROM outbox WHERE key = 'k:new'")
    )
    assert item is not None
    assert (item["chat_id"], item["payload_json"]["text"]) == (CANARY.telegram_id, "We are here")


async def test_the_history_of_an_erased_dialog_can_be_read_without_what_its_closer_wrote(
    api: Api, erased: ErasureList
) -> None:
    """A reason of the desk's list stays, because reports count it; one in somebody's own words is theirs."""
    own_words = "The canary sang again"
    await api.post("/close-reasons", {"name": "Refunded"}, status=201)
    dialogs = []
    for reason in (own_words, "Refunded"):
        dialogs.append(await api.open())
        closing = {"reason": reason, "outcome": "success", "send_rating_form": False}
        await api.move(dialogs[-1], "close", **closing)
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=api.anna.id, keeps_copies=True)
    await Eraser(api.store, erased).drive(job.id)
    assert await places_with(api.store, (own_words,)) == set()
    assert (await api.get(f"/dialogs/{dialogs[1]['id']}"))["close_reason"] == "Refunded"
    for dialog, language in product(dialogs, ("en", "ru", "pl")):
        page = await api.store.read(
            timeline_file_page,
            dialog_id=dialog["id"],
            order=TimelineOrder(HistoryFilter.ALL),
            skip=0,
            reader=(language, "Europe/Warsaw"),
        )
        assert page.text.count("\n") > 4


async def test_the_newest_texts_are_looked_for(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("Z, which is the last of the alphabet", "A, which is the newest one"):
        sender = MessageSender(telegram_id=api.anna.telegram_id, name="Anna")
        await api.store.act(receive_customer_message, sender=sender, content=Content(text=text))
    monkeypatch.setattr(person_values, "MOST_TEXTS", 1)
    values = await api.store.read(
        person_values.read_values, PersonIds(api.anna.id, api.anna.telegram_id)
    )
    assert values["texts"] == ["A, which is the newest one"]


async def test_deletions_in_the_persons_own_chat_are_still_counted_afterwards(
    api: Api, erased: ErasureList
) -> None:
    person = await left_everywhere(api)
    await api.store.act(
        lambda tx: tx.run(
            """INSERT INTO telegram_messages (bot_id, chat_id, tg_message_id, role, created_at)
               VALUES (:bot, :chat, 72, 'copy', :at)""",
            bot=tx.bot_id,
            chat=person.telegram_id,
            at=tx.at,
        )
    )
    job = await api.store.act(ask_to_erase, actor=SYSTEM, customer_id=person.customer_id)
    eraser = Eraser(api.store, erased)
    await eraser.work()
    await api.store.act(
        lambda tx: tx.run(
            "UPDATE outbox SET status = 'sent', settled_at = :at WHERE kind = 'erase_copies'", at=tx.at
        )
    )
    assert await eraser.work() == 1
    shown = await api.as_("admin").get(f"/erasures/{job.id}")
    assert (shown["telegram_done"], shown["telegram_waiting"]) == (1, 0)
    assert await places_with(api.store) == set()
