"""The table of lists on both engines."""

import asyncio

from holdline.store.dialogs import lists
from holdline.store.engine import Store
from holdline.store.errors import StoreConflict


async def test_a_name_is_found_whatever_its_letter_case_in_every_alphabet(store: Store) -> None:
    made = await store.act(lists.insert, "tags", "Żółty Ёж")

    assert await store.read(lists.find, "tags", "żÓŁTY ёЖ") == made
    assert await store.read(lists.find, "reasons", "Żółty Ёж") is None


async def test_an_exact_match_goes_before_one_in_another_letter_case(store: Store) -> None:
    await store.act(lists.insert, "tags", "VIP")
    made = await store.act(lists.insert, "tags", "vip")

    assert await store.read(lists.find, "tags", "vip") == made


async def test_a_deleted_value_is_no_longer_offered(store: Store) -> None:
    made = await store.act(lists.insert, "tags", "vip")

    assert await store.act(lists.soft_delete, made["id"])
    assert not await store.act(lists.soft_delete, made["id"])
    assert await store.read(lists.names, "tags") == []
    assert await store.read(lists.find, "tags", "vip") is None


async def test_two_simultaneous_values_of_one_name_leave_one(store: Store) -> None:
    outcomes = await asyncio.gather(
        *(store.act(lists.insert, "tags", "vip") for _ in range(3)), return_exceptions=True
    )

    assert sum(isinstance(outcome, StoreConflict) for outcome in outcomes) == 2
    assert await store.read(lists.names, "tags") == ["vip"]


async def test_values_of_another_bot_are_not_seen(store: Store) -> None:
    made = await store.act(lists.insert, "tags", "vip")
    store.bot_id += 1

    assert await store.read(lists.names, "tags") == []
    assert await store.read(lists.find, "tags", "vip") is None
    assert not await store.act(lists.soft_delete, made["id"])
