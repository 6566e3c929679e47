"""The model learns from people's tags, tags closed dialogs, and learns from corrections (K-07)."""

from datetime import timedelta

import pytest

from holdline.desk.tagging.choices import choose_threshold, switch_model
from holdline.desk.tagging.training import (
    ask_for_training,
    begin_here,
    begin_training,
    examples_page,
    next_training,
    restart_trainings,
)
from holdline.dialogs.manager import Manager
from holdline.scheduler.tagging.tagging_loop import TaggingLoop
from holdline.scheduler.tagging.training import plan_next, train_next
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.tagging import examples, tag_models
from holdline.store.tx import Tx
from tests.scheduler.tagging.conftest import TaggedDesk

PARCEL = "hello, where is my parcel, has the courier been here"


async def trained(desk: TaggedDesk, each: int = 12) -> None:
    await desk.has_tagged(each)
    await desk.store.act(ask_for_training, manager=desk.maria)
    assert await train_next(desk.store, desk.folder) == 1
    model = await desk.store.read(tag_models.in_use)
    assert model is not None, await desk.store.read(tag_models.newest)


@pytest.mark.row("K-07")
async def test_the_model_learns_from_people_tags_closed_dialogs_and_is_corrected(desk: TaggedDesk) -> None:
    assert await desk.count_jobs() == 0
    await trained(desk)
    dialog = await desk.closes(PARCEL)
    loop = TaggingLoop(desk.store, desk.folder)
    assert (await loop.tick(), await loop.tick()) == (1, 0)
    assert await desk.tags(dialog) == [("delivery", "model")]
    await desk.sets_tags(dialog, "refund")
    assert await desk.tags(dialog) == [("refund", "manager")]
    (right,) = await desk.store.read(examples.correctness)
    assert (right.source, right.placed, right.corrected, right.share_right) == ("model", 1, 1, 0.0)
    emptied = await desk.closes(PARCEL)
    await loop.tick()
    await desk.sets_tags(emptied)
    learnt, _ = await desk.store.read(examples_page)
    ids = await desk.tag_ids()
    assert [each["tags"] for each in learnt[:2]] == [[], [str(ids["refund"])]]
    await loop.tagger.close()


async def test_an_uncertain_choice_sends_nothing(desk: TaggedDesk) -> None:
    await trained(desk)
    await desk.store.act(choose_threshold, manager=desk.maria, threshold=0.99)
    loop = TaggingLoop(desk.store, desk.folder)
    silent = await desk.closes("the parcel, but also the refund, and the password")
    assert (await loop.tick(), await desk.tags(silent)) == (1, [])
    await desk.store.act(switch_model, manager=desk.maria)
    await desk.closes(PARCEL)
    assert await desk.count_jobs() == 0
    await loop.tagger.close()


async def test_a_tag_that_was_deleted_does_not_come_by_itself(desk: TaggedDesk) -> None:
    await trained(desk)
    dialog = await desk.closes(PARCEL)
    delivery = (await desk.tag_ids())["delivery"]
    await desk.store.act(
        lambda tx: tx.run("UPDATE lists SET deleted_at = :at WHERE id = :id", at=tx.at, id=delivery)
    )
    loop = TaggingLoop(desk.store, desk.folder)
    assert (await loop.tick(), await desk.tags(dialog)) == (1, [])
    await loop.tagger.close()


async def test_a_tag_that_was_taken_off_does_not_come_back_by_itself(desk: TaggedDesk) -> None:
    await trained(desk)
    dialog = await desk.closes(PARCEL)
    delivery = (await desk.tag_ids())["delivery"]
    await desk.store.act(
        lambda tx: tx.run(
            """INSERT INTO tag_corrections (bot_id, dialog_id, tag_id, source, created_at)
               VALUES (:bot, :dialog, :tag, 'model', :at)""",
            bot=tx.bot_id, dialog=dialog, tag=delivery, at=tx.at,
        )
    )  # fmt: skip
    loop = TaggingLoop(desk.store, desk.folder)
    assert (await loop.tick(), await desk.tags(dialog)) == (1, [])
    await loop.tagger.close()


async def test_a_failed_training_leaves_the_model_that_there_was(desk: TaggedDesk) -> None:
    await trained(desk)
    before = await desk.store.read(tag_models.in_use)

    def all_alike(tx: Tx) -> None:
        tx.run("UPDATE messages SET text = 'the very same words'")

    await desk.store.act(all_alike)
    await desk.store.act(ask_for_training, manager=desk.maria)
    await train_next(desk.store, desk.folder)
    assert await desk.store.read(tag_models.in_use) == before
    newest = await desk.store.read(tag_models.newest)
    assert newest is not None and (newest.state, newest.reason) == ("failed", "too_unsure")
    assert [file.name for file in desk.folder.iterdir()] == [before.file if before else ""]
    assert await plan_next(desk.store) == 0


async def test_too_few_examples_are_reported(desk: TaggedDesk) -> None:
    await desk.has_tagged(6)
    await desk.store.act(ask_for_training, manager=desk.maria)
    await desk.store.act(ask_for_training, manager=desk.maria)
    assert (await train_next(desk.store, desk.folder), await train_next(desk.store, desk.folder)) == (1, 0)
    newest = await desk.store.read(tag_models.newest)
    assert newest is not None and (newest.state, newest.reason) == ("failed", "too_few")
    assert newest.figures["examples"] == 18


async def test_a_starting_desk_resumes_only_its_own_trainings(desk: TaggedDesk) -> None:
    """The command line may be at work on one at that moment."""
    by_command = await desk.store.act(begin_here)
    await desk.store.act(restart_trainings)
    assert await desk.store.read(next_training) is None
    await desk.store.act(tag_models.end, by_command, state="failed", reason="too_few")
    await desk.store.act(ask_for_training, manager=desk.maria)
    asked = await desk.store.read(next_training)
    assert asked is not None
    for _ in range(3):
        assert await desk.store.act(begin_training, model=asked)
        assert await desk.store.read(next_training) is None
        await desk.store.act(restart_trainings)
        asked = await desk.store.read(next_training)
        assert asked is not None
    assert not await desk.store.act(begin_training, model=asked)
    newest = await desk.store.read(tag_models.newest)
    assert newest is not None and (newest.state, newest.reason) == ("failed", "stopped_every_time")


async def test_corrections_start_another_training(desk: TaggedDesk, clock: ManualClock) -> None:
    await trained(desk)
    assert await plan_next(desk.store) == 0
    dialog = await desk.closes(PARCEL)
    delivery = (await desk.tag_ids())["delivery"]
    clock.advance(timedelta(seconds=5).total_seconds())

    def corrections(tx: Tx) -> None:
        for _ in range(20):
            tx.run(
                """INSERT INTO tag_corrections (bot_id, dialog_id, tag_id, source, created_at)
                   VALUES (:bot, :dialog, :tag, 'model', :at)""",
                bot=tx.bot_id, dialog=dialog, tag=delivery, at=tx.at,
            )  # fmt: skip

    await desk.store.act(corrections)
    assert (await plan_next(desk.store), await plan_next(desk.store)) == (1, 0)


async def test_a_foreign_model_file_tags_nothing(desk: TaggedDesk, clock: ManualClock) -> None:
    await trained(desk)
    (file,) = desk.folder.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    dialog = await desk.closes(PARCEL)
    loop = TaggingLoop(desk.store, desk.folder)
    for _ in range(4):
        assert await loop.tick() == 1
        assert await loop.tick() == 0
        clock.advance(timedelta(hours=1).total_seconds())
    assert (await desk.count_jobs(), await desk.tags(dialog)) == (0, [])
    await loop.tagger.close()


async def test_a_killed_tagger_is_started_again_and_nothing_is_lost(
    desk: TaggedDesk, clock: ManualClock
) -> None:
    await trained(desk)
    loop = TaggingLoop(desk.store, desk.folder)
    first = await desk.closes(PARCEL)
    await loop.tick()
    assert loop.tagger.process is not None
    loop.tagger.process.kill()
    second = await desk.closes(PARCEL)
    await loop.tick()
    clock.advance(timedelta(minutes=1).total_seconds())
    await loop.tick()
    assert await desk.tags(first) == await desk.tags(second) == [("delivery", "model")]
    await loop.tagger.close()


async def test_training_and_switching_need_the_permission(desk: TaggedDesk, store: Store) -> None:
    from holdline.dialogs.refusal import NotAllowed  # noqa: PLC0415
    from holdline.store.people import managers  # noqa: PLC0415

    agent: Manager = await store.act(
        lambda tx: managers.insert(tx, telegram_id=400000079, name="Ivan", role="agent")
    )
    for use_case in (ask_for_training, switch_model):
        with pytest.raises(NotAllowed):
            await store.act(use_case, manager=agent)
    assert await desk.store.read(tag_models.newest) is None
