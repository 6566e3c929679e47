"""Forms survive a restart and serve two taps one after the other."""

import asyncio

import pytest

from holdline.desk.dialogs import forms
from holdline.dialogs.refusal import NotFound
from holdline.store.clock import ManualClock
from holdline.store.screens.forms import find_awaiting_text
from holdline.store.tx import Row
from tests.desk.conftest import Desk

CHAT = -1001


async def opened(desk: Desk, *, thread_id: int | None = None, awaits: bool = True) -> int:
    values = {"title": "Żółć", "thread_id": thread_id}
    form_id = await desk.store.act(
        forms.open_form, manager=desk.ivan, chat_id=CHAT, kind="open", step="title", values=values
    )
    await desk.store.act(
        forms.save_form, form_id=form_id, step="title", values=values, awaits_text=awaits, tg_message_id=7
    )
    return form_id


async def awaiting(desk: Desk, *, thread: int = -1) -> Row | None:
    return await desk.store.read(find_awaiting_text, desk.ivan.id, CHAT, thread)


async def test_the_values_of_a_form_are_loaded_again(desk: Desk) -> None:
    form_id = await opened(desk)
    row = await desk.store.act(forms.form_by_id, form_id=form_id)

    assert row["values_json"] == {"title": "Żółć", "thread_id": None}
    assert (row["manager_id"], row["kind"], row["step"], row["tg_message_id"]) == (
        desk.ivan.id,
        "open",
        "title",
        7,
    )


async def test_saving_a_form_without_a_message_keeps_its_message(desk: Desk) -> None:
    form_id = await opened(desk)
    await desk.store.act(forms.save_form, form_id=form_id, step="type", values={})

    row = await desk.store.act(forms.form_by_id, form_id=form_id)

    assert (row["step"], row["tg_message_id"], row["awaits_text"]) == ("type", 7, 0)


async def test_the_newest_waiting_form_takes_the_text(desk: Desk) -> None:
    first, second = await opened(desk), await opened(desk)

    row = await awaiting(desk)
    assert row is not None
    assert row["id"] == second
    await desk.store.act(forms.finish_form, form_id=second)
    assert await awaiting(desk) is None, f"form {first} was superseded and must not wake up again"


async def test_forms_in_different_threads_do_not_take_each_others_text(desk: Desk) -> None:
    one, two = await opened(desk, thread_id=11), await opened(desk, thread_id=22)

    first, second = await awaiting(desk, thread=11), await awaiting(desk, thread=22)

    assert first is not None
    assert second is not None
    assert (first["id"], second["id"]) == (one, two)
    assert await awaiting(desk, thread=0) is None
    assert await awaiting(desk) is not None


async def test_a_form_takes_no_text_of_another_manager(desk: Desk) -> None:
    await opened(desk)

    assert await desk.store.read(find_awaiting_text, desk.maria.id, CHAT, 0) is None


async def test_of_two_taps_on_send_only_one_does_the_work(desk: Desk) -> None:
    form_id = await opened(desk)

    done = await asyncio.gather(*(desk.store.act(forms.finish_form, form_id=form_id) for _ in range(3)))

    assert sorted(done) == [False, False, True]


async def test_a_finished_form_does_not_change(desk: Desk) -> None:
    form_id = await opened(desk)
    await desk.store.act(forms.finish_form, form_id=form_id)
    await desk.store.act(forms.save_form, form_id=form_id, step="again", values={}, awaits_text=True)

    row = await desk.store.act(forms.form_by_id, form_id=form_id)

    assert (row["step"], row["awaits_text"]) == ("title", 0)
    assert row["done_at"] is not None


async def test_old_forms_are_deleted(desk: Desk, clock: ManualClock) -> None:
    old = await opened(desk)
    clock.advance(forms.KEPT.total_seconds() + 1)
    young = await opened(desk)

    assert await desk.store.act(forms.forget_old_forms) == 1

    with pytest.raises(NotFound):
        await desk.store.act(forms.form_by_id, form_id=old)
    await desk.store.act(forms.form_by_id, form_id=young)
