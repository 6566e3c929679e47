"""Messages deleted before they were copied still arrive, from their stored files."""

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.dialogs.message import Content
from holdline.screens.render import render
from holdline.telegram.call import Reply
from holdline.telegram.outcomes import Outcome, Sent, judge
from tests.scheduler.conftest import ANNA, Bench, opened, sent, to_anna

GONE = "Bad Request: message to copy not found"


def not_found(method: str) -> Outcome:
    return judge(Reply(400, {"ok": False, "error_code": 400, "description": GONE}), method=method)


def photo(chat: int, number: int, album: str | None = None) -> Content:
    data = {"file_id": f"F{number}", "file_unique_id": f"U{number}"}
    return Content("photo", "look", data=data, chat_id=chat, tg_message_id=number, album_id=album)


async def refuse_copies(bench: Bench) -> None:
    """Until one was refused; everything else arrives."""
    for _ in range(20):
        bench.clock.advance(1)
        refused = False
        for begun in await bench.begin(render=render):
            copies = begun.call.method in {"copyMessage", "copyMessages"}
            await bench.settle(begun, not_found(begun.call.method) if copies else None)
            refused = refused or copies
        if refused:
            return


async def test_a_managers_deleted_picture_reaches_the_customer(bench: Bench) -> None:
    await sent_by_maria(bench, 77)
    await refuse_copies(bench)
    assert [call.method for call in await to_anna(bench)] == ["sendPhoto"]


async def test_an_album_is_sent_with_the_text_that_was_accepted(bench: Bench) -> None:
    """A copy would show the caption that its original has by then."""
    await sent_by_maria(bench, 77, 78, album="a")
    (call,) = await to_anna(bench)
    assert call.method == "sendMediaGroup"
    assert [medium["caption"] for medium in call.params["media"]] == ["look", "look"]


async def test_a_single_file_is_sent_with_the_text_that_was_accepted(bench: Bench) -> None:
    await sent_by_maria(bench, 77)
    (call,) = await to_anna(bench)
    assert (call.method, call.params["caption"]) == ("copyMessage", "look")


async def sent_by_maria(bench: Bench, *numbers: int, album: str | None = None) -> None:
    dialog = await opened(bench)
    for number in numbers:
        content = photo(bench.maria.telegram_id, number, album)
        where = {"origin": Origin(bench.maria.telegram_id, number), "dialog_id": dialog.id}
        await bench.store.act(write_in_dialog, manager=bench.maria, content=content, **where)


async def test_a_customers_deleted_picture_is_shown(bench: Bench) -> None:
    await bench.store.act(receive_customer_message, sender=ANNA, content=photo(ANNA.telegram_id, 5))
    await refuse_copies(bench)
    (shown,) = [call for call in await sent(bench) if call.method == "sendPhoto"]
    assert shown.params["photo"] == "F5" and shown.params["caption"].endswith("look")


async def test_a_message_without_a_file_is_described(bench: Bench) -> None:
    poll = Content(
        "poll", data={"question": "Which?", "options": ["A"]}, chat_id=ANNA.telegram_id, tg_message_id=5
    )
    await bench.store.act(receive_customer_message, sender=ANNA, content=poll)
    await refuse_copies(bench)
    assert any("Which?" in call.params.get("text", "") for call in await sent(bench))


async def test_an_album_whose_part_was_deleted_is_shown_whole(bench: Bench) -> None:
    """copyMessages answers with fewer numbers, and nothing says which part is missing."""
    await opened(bench)
    await bench.store.act(lambda tx: tx.run("UPDATE places SET mode = 'topic', thread_id = 9"))
    for number in (5, 6, 7):
        content = photo(ANNA.telegram_id, number, album="a")
        await bench.store.act(receive_customer_message, sender=ANNA, content=content)
    copied = await copy_all_but_one(bench)
    calls = await sent(bench)
    assert sorted(call.params["message_id"] for call in calls if call.method == "deleteMessage") == sorted(
        copied
    )
    assert copied
    anew = [call for call in calls if call.method == "sendMediaGroup"]
    assert anew and all([one["media"] for one in call.params["media"]] == ["F5", "F6", "F7"] for call in anew)


async def copy_all_but_one(bench: Bench) -> list[int]:
    """The numbers of what was copied without the last part, wherever the album was shown."""
    copied: list[int] = []
    for _ in range(20):
        bench.clock.advance(1)
        for begun in await bench.begin(render=render):
            outcome = None
            if begun.call.method == "copyMessages":
                came = [next(bench.ids) for _ in begun.call.params["message_ids"][1:]]
                outcome = Sent([{"message_id": number} for number in came])
                copied += came
            await bench.settle(begun, outcome)
        if copied:
            break
    return copied
