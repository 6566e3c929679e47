"""The search of managers."""

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.customers import customers
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.reading.reading import dialog_by_id
from holdline.desk.reading.search import find_customers, find_dialogs
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.refusal import BadInput, NotAllowed
from holdline.store.people import managers
from holdline.store.tx import Row, Tx
from tests.desk.conftest import Desk, text

ZOFIA = MessageSender(telegram_id=510000002, name="Zofia Żak", username="Zofia_100")


async def opened(desk: Desk, sender: MessageSender, title: str, *said: str) -> int:
    customer = await desk.store.act(customers.get_or_create_customer, sender=sender)
    opening = Opening(customer_id=customer.id, title=title)
    dialog = await desk.store.act(open_dialog, manager=desk.maria, opening=opening)
    for n, words in enumerate(said):
        await desk.store.act(
            receive_customer_message, sender=sender, content=text(words, 1000 + n, sender.telegram_id)
        )
    await desk.store.act(close_dialog, manager=desk.maria, dialog_id=dialog.id, closing=Closing())
    return dialog.id


@pytest.fixture
async def ids(desk: Desk) -> list[int]:
    """Two of Anna's, one of Zofia's, in the order of time."""
    anna = MessageSender(desk.anna.telegram_id, "Анна Ёлкина", "anna")
    return [
        await opened(desk, anna, "Lost parcel", "Где моя ПОСЫЛКА?"),
        await opened(desk, anna, "Скидка 50%"),
        await opened(desk, ZOFIA, "Zwrot pieniędzy", "Gdzie są PIENIĄDZE z konta a_b!"),
    ]


async def found(desk: Desk, wanted: str) -> list[int]:
    return [dialog.id for dialog in await desk.store.read(find_dialogs, manager=desk.ivan, text=wanted)]


async def test_a_number_with_a_hash_finds_only_that_dialog(desk: Desk, ids: list[int]) -> None:
    assert await found(desk, f"#{ids[1]}") == [ids[1]]
    assert await found(desk, f"# {ids[1]} ") == [ids[1]]
    assert await found(desk, "#999999") == []


@pytest.mark.parametrize("wanted", ["посылка", "ПОСЫЛКА", "Посылк", "lost PARCEL", " lost\tparcel "])
async def test_titles_and_messages_are_found_in_any_letter_case(
    desk: Desk, ids: list[int], wanted: str
) -> None:
    assert await found(desk, wanted) == [ids[0]]


@pytest.mark.parametrize("wanted", ["ZWROT PIENIĘDZY", "pieniądze", "żak", "Zofia_1", "@ZOFIA", "510000002"])
async def test_a_customer_is_found_by_name_username_and_telegram_id(
    desk: Desk, ids: list[int], wanted: str
) -> None:
    assert await found(desk, wanted) == [ids[2]]


async def test_search_results_are_newest_first(desk: Desk, ids: list[int]) -> None:
    assert await found(desk, "анна") == [ids[1], ids[0]]
    assert await found(desk, "елкина") == [ids[1], ids[0]]


@pytest.mark.parametrize(
    ("wanted", "which"),
    [("50%", [1]), ("%", [1]), ("a_b!", [2]), ("axb", []), ("!", [2]), ("'; DROP TABLE dialogs; --", [])],
)
async def test_wildcards_are_ordinary_characters_in_a_search(
    desk: Desk, ids: list[int], wanted: str, which: list[int]
) -> None:
    assert await found(desk, wanted) == [ids[n] for n in which]


@pytest.mark.parametrize("wanted", ["9" * 50, "#" + "9" * 50, "#٣", "@", "#", "\x00parcel?", "half \ud800"])
async def test_unusual_characters_find_nothing_and_break_nothing(
    desk: Desk, ids: list[int], wanted: str
) -> None:
    assert await found(desk, wanted) == []


@pytest.mark.parametrize("wanted", ["", "  ", "\x00", "x" * 201])
async def test_an_empty_search_is_refused_with_a_sentence(desk: Desk, wanted: str) -> None:
    with pytest.raises(BadInput) as refused:
        await desk.store.read(find_dialogs, manager=desk.ivan, text=wanted)

    assert "mends" not in refused.value.sentence("pl")


async def test_a_list_of_results_has_a_maximum_length(desk: Desk, ids: list[int]) -> None:
    page = await desk.store.read(find_dialogs, manager=desk.ivan, text="анна", limit=1)

    assert [dialog.id for dialog in page] == [ids[1]]


async def test_a_former_manager_finds_nothing(desk: Desk, ids: list[int]) -> None:
    await desk.store.act(managers.update, desk.ivan.id, active=False)

    for search in (find_dialogs, find_customers):
        with pytest.raises(NotAllowed):
            await desk.store.read(search, manager=desk.ivan, text="parcel")


async def test_another_bots_desk_finds_nothing(desk: Desk, ids: list[int]) -> None:
    desk.store.bot_id += 1
    stranger = await desk.store.act(managers.insert, telegram_id=5, name="Olga", role="admin")

    for wanted in ("parcel", f"#{ids[0]}", str(desk.anna.telegram_id), "@anna"):
        assert await desk.store.read(find_dialogs, manager=stranger, text=wanted) == []
        assert await desk.store.read(find_customers, manager=stranger, text=wanted) == []


async def test_customers_without_a_dialog_are_found_by_their_messages(desk: Desk) -> None:
    await desk.store.act(
        receive_customer_message, sender=ZOFIA, content=text("ŻÓŁTY szalik", 5, ZOFIA.telegram_id)
    )

    for wanted in ("żółty", "zofia", "@zofia_100", "510000002"):
        (customer,) = await desk.store.read(find_customers, manager=desk.ivan, text=wanted)
        assert customer.telegram_id == ZOFIA.telegram_id
    assert await found(desk, "żółty") == []


@pytest.mark.row("W-11")
async def test_searching_assigns_nobody_and_writes_nothing(desk: Desk, ids: list[int]) -> None:
    def everything(tx: Tx) -> list[Row]:
        return tx.all("SELECT COUNT(*) AS n FROM history UNION ALL SELECT COUNT(*) FROM outbox")

    before, dialog = await desk.store.read(everything), await desk.store.read(dialog_by_id, dialog_id=ids[0])
    await found(desk, "parcel")

    assert await desk.store.read(everything) == before
    assert await desk.store.read(dialog_by_id, dialog_id=ids[0]) == dialog
