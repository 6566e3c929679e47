"""Customers' commands: text next to a command is never lost, and /stop with text asks first."""

from typing import Any

import pytest

from holdline.store.engine import Store
from holdline.store.people import bots
from holdline.telegram.call import Call
from tests.bot.door import PERSON, Door, message
from tests.bot.staging import buttons_of, opened, rendered, text_of

PHOTO = [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9}]


@pytest.fixture
def door(group_desk: Store) -> Door:
    return Door(group_desk)


async def started_with(door: Door) -> list[Any]:
    rows = await door.store.read(
        lambda tx: tx.all("SELECT data_json FROM history WHERE kind = 'customer_started' ORDER BY id")
    )
    return [row["data_json"]["payload"] for row in rows]


WORDS = [
    "/start Hello, my order 4521 has not arrived",
    "/start Здравствуйте",
    "/start@HoldlineBot where is it?",
    "/start\nHello",
    "/START " + "x" * 65,
    "/help I cannot log in, error E77",
    "/help\nI cannot log in\nerror E77",
    "/language why is the invoice in German, case 3131",
    "/stop the delivery of order 9913, I paid twice",
    "/stop@holdlinebot\nthe delivery",
    "/refund 12",
    "/start@another_bot hello",
]


@pytest.mark.parametrize("words", WORDS)
async def test_text_after_a_command_reaches_the_desk(door: Door, words: str) -> None:
    await door.store.act(bots.save, username="HoldlineBot", topics_in_private=False)
    await door.says(words)
    assert await door.said("inbox_card") == [f"👤 Anna · id 510000001\n{words}"]
    assert (await door.customer()).opted_out_at is None


@pytest.mark.parametrize(
    "words", ["/start", "/start promo_7-B", "/help", "/stop", "/language", "/language Polski"]
)
async def test_a_command_alone_is_not_shown_to_the_desk(door: Door, words: str) -> None:
    await door.says(words)
    assert await door.said("inbox_card") == []


async def test_only_a_valid_payload_is_stored(door: Door) -> None:
    for words in ("/start promo_7-B", "/start Hello, my order", "/start"):
        await door.says(words)
    assert await started_with(door) == ["promo_7-B", "", ""]


async def test_a_language_may_be_given_by_its_name(door: Door) -> None:
    for words, code in (("/language Polski", "pl"), ("/language русский", "ru"), ("/language EN", "en")):
        await door.says(words)
        assert (await door.customer()).language == code


async def stop_question(door: Door) -> Call:
    found = [one for one in await rendered(door.store, "customer_notice") if isinstance(one, Call)]
    return found[-1]


@pytest.mark.row("M-09")
@pytest.mark.parametrize("language", ["en", "ru", "pl"])
async def test_stop_with_text_asks_and_unsubscribes_at_the_press(door: Door, language: str) -> None:
    await door.says("/stop the delivery of order 9913", **{"from": {**PERSON, "language_code": language}})
    asked = await stop_question(door)
    assert [data for _, data in buttons_of(asked)] == ["offers:stop", "offers:keep"]
    await door.presses("offers:keep")
    assert (await door.customer()).opted_out_at is None
    await door.presses("offers:stop")
    assert (await door.customer()).opted_out_at is not None
    said = await door.said("customer_notice")
    await door.presses("offers:stop")
    assert await door.said("customer_notice") == said, "said once"
    await door.says("/stop it all")
    assert await door.said("customer_notice") == said, "who has stopped offers is not asked again"


async def test_a_picture_with_a_command_is_passed_on_and_the_command_acts(door: Door) -> None:
    await door.comes(message=message(photo=PHOTO, caption="/help"))
    await door.comes(message=message(photo=PHOTO, caption="/stop"))
    assert len(await door.said("inbox_card")) == 2
    assert len(await door.said("customer_notice")) == 2
    assert (await door.customer()).opted_out_at is None, (
        "asked, because the picture says more than the command"
    )


async def test_every_picture_of_an_album_is_passed_on(door: Door) -> None:
    await door.comes(message=message(photo=PHOTO, media_group_id="77"))
    await door.comes(message=message(photo=PHOTO, media_group_id="77", caption="/start Hello"))
    stored = await door.store.read(lambda tx: tx.all("SELECT text FROM messages ORDER BY id"))
    assert [row["text"] for row in stored] == ["", "/start Hello"]


@pytest.mark.row("M-09")
@pytest.mark.parametrize(
    ("words", "language", "asked"),
    [
        ("Stop!", "en", "stop receiving offers"),
        ("отпишите меня", "ru", "отказаться от предложений"),
        ("wypisz mnie", "pl", "zrezygnować z ofert"),
    ],
)
async def test_a_bare_stop_is_passed_on_and_asked_about(
    door: Door, words: str, language: str, asked: str
) -> None:
    await door.says(words, **{"from": {**PERSON, "language_code": language}})
    assert [card.endswith(words) for card in await door.said("inbox_card")] == [True]
    question = await stop_question(door)
    assert asked in text_of(question)
    assert [data for _, data in buttons_of(question)] == ["offers:stop", "offers:keep"]


async def test_a_bare_stop_in_a_dialog_or_after_unsubscribing_causes_no_question(door: Door) -> None:
    await door.says("hello")
    await opened(door.store)
    await door.says("Stop!")
    assert await door.said("customer_notice") == [], "it means the case"
    await door.presses("solved:1")
    await door.says("/stop")
    told = await door.said("customer_notice")
    await door.says("Stop!")
    assert await door.said("customer_notice") == told


@pytest.mark.parametrize(
    ("words", "language", "told"),
    [
        ("/language de", "en", "We do not speak that language yet"),
        ("/language Deutsch", "en", "We do not speak that language yet"),
        ("/language немецкий", "ru", "мы пока не говорим"),
        ("/language po niemiecku", "pl", "Tego języka jeszcze nie znamy"),
        ("/language uk-UA", "pl", "Tego języka jeszcze nie znamy"),
    ],
)
async def test_an_unavailable_language_is_reported_to_the_customer(
    door: Door, words: str, language: str, told: str
) -> None:
    await door.says(words, **{"from": {**PERSON, "language_code": language}})
    answer = await stop_question(door)
    assert told in text_of(answer)
    assert [data for _, data in buttons_of(answer)] == ["lang:en", "lang:ru", "lang:pl"]
    assert await door.said("inbox_card") == [], "it is no question to the desk"


async def test_a_language_is_understood_however_it_is_called(door: Door) -> None:
    for words, code in (("pl-PL", "pl"), ("по-польски", "pl"), ("angielski", "en"), ("rosyjski", "ru")):
        await door.says(f"/language {words}")
        assert (await door.customer()).language == code


async def test_a_language_command_with_another_text_still_reaches_the_desk(door: Door) -> None:
    await door.says("/language help")
    assert len(await door.said("inbox_card")) == 1
