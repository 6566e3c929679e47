"""Edits, replies and reactions on a message of merged lines (decision 0029)."""

import pytest

from holdline.desk.conversation.incoming import mirror_reaction
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.dialogs.audience import Audience
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from tests.scheduler.conftest import ANNA, GROUP, Bench, sent
from tests.scheduler.delivery.merged_kit import (
    LINES,
    THREAD,
    copy_of,
    edits,
    holds,
    in_dialog,
    merged_begun,
    next_in_group,
    says,
    texts,
)


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(staff_group=GROUP)


async def test_an_edit_before_during_and_after_the_call_is_shown_among_its_lines(bench: Bench) -> None:
    await in_dialog(bench)
    await says(bench, *(f"line {number}" for number in range(1, 10)))
    await edits(bench, 5, "line five")
    for _ in range(3):
        await bench.settle(await next_in_group(bench))
    begun = await next_in_group(bench)
    assert begun.call.params["text"] == LINES.replace("line 5", "line five")
    bench.clock.advance(1)
    await edits(bench, 6, "line six")
    await edits(bench, 9, "line nine")
    await bench.settle(begun)
    changed = (
        LINES.replace("line 5", "line five").replace("line 6", "line six").replace("line 9", "line nine")
    )
    assert await texts(bench) == [changed]
    await edits(bench, 4, "line four")
    (edit,) = await sent(bench, 60)
    assert edit.method == "editMessageText" and edit.params["text"] == changed.replace("line 4", "line four")
    await holds(bench)


@pytest.mark.parametrize("number", [4, 9])
async def test_a_line_too_long_for_the_merged_message_becomes_its_own(bench: Bench, number: int) -> None:
    await in_dialog(bench)
    await bench.settle(await merged_begun(bench))
    bench.clock.advance(60)
    await edits(bench, number, "x" * 4090)
    rest = [line for line in LINES.splitlines() if line != f"line {number}"]
    said = await texts(bench)
    assert sorted(said, key=len) == ["\n".join(rest), "x" * 4090]
    await edits(bench, 5, "line five")
    assert await texts(bench) == ["\n".join(rest).replace("line 5", "line five")]
    await edits(bench, number, "short again")
    assert await texts(bench) == ["short again"]
    await holds(bench)


async def test_a_line_that_outgrows_the_others_in_flight_is_shown_whole(bench: Bench) -> None:
    await in_dialog(bench)
    begun = await merged_begun(bench)
    bench.clock.advance(1)
    await edits(bench, 7, "x" * 5000)
    await bench.settle(begun)
    said = await texts(bench)
    assert "\n".join(line for line in LINES.splitlines() if line != "line 7") in said
    assert "".join(text for text in said if text.startswith("x")) == "x" * 5000
    await holds(bench)


async def test_several_lines_that_outgrow_the_others_in_flight_are_all_shown(bench: Bench) -> None:
    await in_dialog(bench)
    begun = await merged_begun(bench)
    bench.clock.advance(1)
    grown = {number: f"{number}" * 4000 for number in (5, 7, 9)}
    for number, text in grown.items():
        await edits(bench, number, text)
    await bench.settle(begun)
    await holds(bench)
    said = await texts(bench)
    assert sorted(text for text in said if len(text) == 4000) == sorted(grown.values())
    assert "line 4\nline 6\nline 8" in said
    await holds(bench)


async def test_a_reply_to_it_goes_to_its_dialog_and_quotes_the_line_that_was_marked(bench: Bench) -> None:
    dialog_id = await in_dialog(bench)
    await bench.settle(await merged_begun(bench))
    shown = (await copy_of(bench, 6))["tg_message_id"]
    for text, data, quoted in (("yes", {}, 9), ("that", {"quote": {"text": "line 6"}}, 6)):
        content = Content(
            text=text, chat_id=GROUP, thread_id=THREAD, tg_message_id=9000 + quoted, reply_to_tg_id=shown, data=data
        )  # fmt: skip
        origin = Origin(chat_id=GROUP, tg_message_id=9000 + quoted)
        await bench.store.act(
            write_in_dialog, manager=bench.maria, dialog_id=dialog_id, content=content, origin=origin
        )
        calls = [call for call in await sent(bench, 10) if call.params["chat_id"] == ANNA.telegram_id]
        assert [(call.params["text"], call.params["reply_parameters"]["message_id"]) for call in calls] == [
            (text, quoted)
        ]


async def test_a_reaction_to_it_is_shown_at_the_customers_newest_line(bench: Bench) -> None:
    await in_dialog(bench)
    await bench.settle(await merged_begun(bench))
    shown = (await copy_of(bench, 6))["tg_message_id"]
    await bench.store.act(
        mirror_reaction, reader=Audience.DESK, chat_id=GROUP, tg_message_id=shown, emoji="👍"
    )
    (call,) = [call for call in await sent(bench, 10) if call.method == "setMessageReaction"]
    assert (call.params["chat_id"], call.params["message_id"]) == (ANNA.telegram_id, 9)
