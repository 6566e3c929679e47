"""The unsubscribe button under marketing, and /subscriptions: one topic or all marketing, and back again."""

import pytest

from holdline.desk.broadcasts.creating import BroadcastOrder, send_test
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.dialogs.broadcasts.content import BroadcastContent, BroadcastVariant
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.content import Medium
from holdline.dialogs.marketing.source import MarketingSource
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.text.richtext import RichText
from holdline.store.engine import Store
from holdline.store.marketing import topics
from holdline.telegram.call import Call
from tests.bot.door import PERSON, Door
from tests.bot.staging import ADMIN, ANNA, all_sent, buttons_of, call, rendered, text_of

OFF = {
    "en": "🔕 No more about news",
    "ru": "🔕 Больше не писать: news",
    "pl": "🔕 Nie pisz więcej: news",
}


@pytest.fixture
async def door(group_desk: Store) -> Door:
    door = Door(group_desk)
    await door.says("hello")
    await all_sent(group_desk)
    return door


async def offered(
    door: Door, topic: str | None = "news", class_: MessageClass = MessageClass.FUNNEL, **source: int
) -> Call:
    """As it leaves; its Telegram message is told afterwards."""
    buttons = [[{"text": "Yes", "data": "yes"}]]
    whence = MarketingSource(topic=topic, **source)
    order = OutboundRequest(ANNA.telegram_id, class_, "Today only", buttons, source=whence)
    await door.store.act(accept_outbound, order=order)
    return await call(door.store, "message")


async def number(door: Door) -> int:
    await all_sent(door.store)
    row = await door.store.read(
        lambda tx: tx.one(
            "SELECT tg_message_id FROM outbox WHERE stream = 'marketing' ORDER BY id DESC LIMIT 1"
        )
    )
    assert row is not None
    return int(row["tg_message_id"])


async def wanted(door: Door) -> dict[str, bool]:
    customer = await door.customer()
    return await door.store.read(topics.choices, customer.id)


@pytest.mark.row("M-09")
@pytest.mark.parametrize("language", OFF)
async def test_a_message_with_a_topic_has_its_unsubscribe_button(door: Door, language: str) -> None:
    await door.says("again", **{"from": {**PERSON, "language_code": language}})
    (own, (caption, data)) = buttons_of(await offered(door))
    assert own == ("Yes", "out:yes") and caption == OFF[language]
    on = await number(door)
    await door.presses(data, {**PERSON, "language_code": language}, on=on)
    assert "news" in door.heard.toast and await wanted(door) == {"news": False}
    edit = await call(door.store, "way_out_edit")
    assert (edit.method, edit.params["message_id"]) == ("editMessageReplyMarkup", on)
    own, (_, back) = buttons_of(edit)
    assert own == ("Yes", "out:yes") and back == data.replace("off", "on")
    with pytest.raises(DeskError) as refused:
        await offered(door)
    assert refused.value.code == "opted_out" and "news" in refused.value.sentence(language)
    await door.presses(back, on=on)
    assert await wanted(door) == {"news": True}
    assert buttons_of(await call(door.store, "way_out_edit"))[1][1] == data


@pytest.mark.row("F-11")
async def test_a_button_that_opens_a_managers_account_is_left_out(door: Door) -> None:
    """For the customer, and in the sample that its author sees."""
    rows = [
        [{"text": "Maria", "url": f"tg://user?id={ADMIN}"}],
        [
            {"text": "Shop", "url": "https://shop.example"},
            {"text": "Us", "url": f"tg://openmessage?user_id={ADMIN}"},
        ],
    ]
    link = {"type": "text_link", "offset": 0, "length": 3, "url": f"tg://user?id={ADMIN}"}
    content = BroadcastContent((BroadcastVariant(RichText("Ask us", (link,))),), buttons=rows)
    order = BroadcastOrder(content)
    await door.store.act(send_test, order=order, telegram_id=ADMIN)
    shown = await call(door.store, "marketing_sample")
    await door.store.act(send_test, order=order, telegram_id=ANNA.telegram_id)
    for said in (shown, await call(door.store, "message")):
        assert [caption for caption, _ in buttons_of(said)] == ["Shop", "🔕 No more offers"]
        params = {name: value for name, value in said.params.items() if name != "chat_id"}
        assert str(ADMIN) not in str(params)


@pytest.mark.row("M-09")
async def test_a_broadcast_without_a_topic_has_a_button_for_all_marketing(door: Door) -> None:
    _, (caption, data) = buttons_of(await offered(door, None, MessageClass.BROADCAST, broadcast_id=5))
    assert caption == "🔕 No more offers"
    on = await number(door)
    await door.presses(data, on=on)
    assert (await door.customer()).opted_out_at is not None
    _, (_, back) = buttons_of(await call(door.store, "way_out_edit"))
    await door.presses(back, on=on)
    assert (await door.customer()).opted_out_at is None


@pytest.mark.row("M-09")
@pytest.mark.parametrize(("topic", "caption"), [(None, "🔕 No more offers"), ("news", OFF["en"])])
async def test_a_sample_of_a_broadcast_has_the_same_buttons(
    door: Door, topic: str | None, caption: str
) -> None:
    content = BroadcastContent((BroadcastVariant(RichText("Sale!")),))
    order = BroadcastOrder(content, topic=topic)
    await door.store.act(send_test, order=order, telegram_id=ANNA.telegram_id)
    ((shown, data),) = buttons_of(await call(door.store, "message"))
    assert shown == caption
    on = await number(door)
    await door.presses(data, on=on)
    ((_, back),) = buttons_of(await call(door.store, "way_out_edit"))
    assert back == data.replace("off", "on")


async def test_messages_of_tools_without_a_topic_and_smart_replies_get_no_unsubscribe_button(
    door: Door,
) -> None:
    for topic, class_ in ((None, MessageClass.BROADCAST), ("news", MessageClass.SMART_REPLY)):
        assert buttons_of(await offered(door, topic, class_)) == [("Yes", "out:yes")]


@pytest.mark.row("M-09")
@pytest.mark.parametrize(
    ("topic", "text", "caption"),
    [
        ("news", "Look!", "Look!\n🔕 No more of this: /subscriptions"),
        ("news", "", "🔕 No more of this: /subscriptions"),
        ("news", "x" * 1024, "x" * 1024),
        (None, "Look!", "Look!"),
    ],
)
async def test_an_album_ends_with_a_line_in_place_of_a_button(
    door: Door, topic: str | None, text: str, caption: str
) -> None:
    """Without a topic it is a tool's, which has only what its tool gave it. A line that does not fit is left out."""
    media = (Medium("photo", "A"), Medium("photo", "B"))
    source = MarketingSource(topic=topic)
    order = OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, text, media=media, source=source)
    await door.store.act(accept_outbound, order=order)
    first, second = (await call(door.store, "album")).params["media"]
    assert first["caption"] == caption and "caption" not in second


async def test_a_forged_press_or_one_from_another_chat_changes_no_message(door: Door) -> None:
    await offered(door)
    await number(door)
    for data in ("sub:off:99", "sub:off", "sub:off:x", "sub:dance:1"):
        await door.presses(data, on=9)
    assert await rendered(door.store, "way_out_edit") == []
    assert await wanted(door) == {}
    stranger = {**PERSON, "id": 999000}
    await door.presses("sub:off:1", stranger, on=9)
    assert (
        await door.store.read(lambda tx: tx.all("SELECT id FROM customers WHERE telegram_id = 999000")) == []
    )


@pytest.mark.row("M-09")
async def test_subscriptions_are_listed_and_each_press_shows_the_new_state(door: Door) -> None:
    await door.says("/subscriptions")
    assert "You get our offers now" in text_of(await call(door.store, "customer_notice"))
    for topic in ("news", "sale"):
        await offered(door, topic)
    await all_sent(door.store)
    await door.says("/subscriptions")
    shown = await call(door.store, "customer_notice")
    assert [caption for caption, _ in buttons_of(shown)] == ["✅ sale", "✅ news", "🔕 No more offers"]
    await door.presses(buttons_of(shown)[1][1], on=20)
    edit = await call(door.store, "customer_notice_edit")
    captions = [caption for caption, _ in buttons_of(edit)]
    assert sorted(captions[:2]) == ["◻️ news", "✅ sale"] and captions[2:] == [
        "🔔 All topics",
        "🔕 No more offers",
    ]
    await door.presses(buttons_of(edit)[2][1], on=20)
    assert await wanted(door) == {"news": True}
    await door.presses("sub:off:0:list", on=20)
    edit = await call(door.store, "customer_notice_edit")
    assert "no offers from us now" in text_of(edit)
    ((_, back),) = buttons_of(edit)
    await door.presses(back, on=20)
    assert (await door.customer()).opted_out_at is None


@pytest.mark.row("M-09")
async def test_stop_ends_all_marketing_and_offers_to_end_only_one_topic(door: Door) -> None:
    await door.says("/stop")
    assert "/subscriptions" not in text_of(await call(door.store, "customer_notice"))
    await door.presses("sub:on:0:list", on=20)
    for topic in ("news", "sale"):
        await offered(door, topic)
    await all_sent(door.store)
    await door.says("/stop")
    assert (await door.customer()).opted_out_at is not None
    shown = await call(door.store, "customer_notice")
    assert "/subscriptions" in text_of(shown)
    captions = [caption for caption, _ in buttons_of(shown)]
    assert captions == ["↩️ Keep the offers", "🔕 Stop only sale", "🔕 Stop only news"]
    await door.presses(buttons_of(shown)[1][1], on=20)
    assert "“sale”" in door.heard.toast and "everything else" in door.heard.toast
    assert (await door.customer()).opted_out_at is None and await wanted(door) == {"sale": False}
    edit = await call(door.store, "customer_notice_edit")
    assert [caption for caption, _ in buttons_of(edit)][:2] == ["◻️ sale", "✅ news"]
    lines = await door.store.read(
        lambda tx: tx.all("SELECT topic, given, words FROM consents ORDER BY id DESC LIMIT 2")
    )
    words = "🔕 Stop only sale"
    assert [(line["topic"], line["given"], line["words"]) for line in lines] == [
        (None, 1, words),
        ("sale", 0, words),
    ]
    with pytest.raises(DeskError):
        await offered(door, "sale")
    await offered(door, "news")
    await door.presses("sub:only:0:list", on=20)
    assert (await door.customer()).opted_out_at is None


async def test_after_stop_a_topic_that_was_ended_before_is_not_offered(door: Door) -> None:
    await offered(door, "news")
    await all_sent(door.store)
    await door.presses("sub:off:1:list", on=20)
    await door.says("/stop")
    shown = (await rendered(door.store, "customer_notice"))[-1]
    assert [caption for caption, _ in buttons_of(shown)] == ["↩️ Keep the offers"]


async def test_each_press_is_stored_with_the_text_of_its_button(door: Door) -> None:
    _, (caption, data) = buttons_of(await offered(door))
    on = await number(door)
    await door.presses(data, on=on)
    await door.presses(data, on=on)
    await door.presses(data.replace("off", "on"), on=on)
    lines = await door.store.read(
        lambda tx: tx.all("SELECT topic, given, how, words FROM consents ORDER BY id")
    )
    assert [(line["topic"], line["given"], line["how"], line["words"]) for line in lines] == [
        ("news", 0, "button", caption),
        ("news", 1, "button", "🔔 Write about news again"),
    ]


async def test_each_press_in_subscriptions_is_stored_with_the_text_of_its_button(door: Door) -> None:
    """The ledger is a proof: another button's words in it would prove nothing."""
    await offered(door)
    await all_sent(door.store)
    await door.says("/subscriptions")
    for data in ("sub:off:1:list", "sub:on:1:list", "sub:off:1:list", "sub:all:0:list", "sub:off:0:list"):
        await door.presses(data, on=20)
    lines = await door.store.read(lambda tx: tx.all("SELECT words FROM consents ORDER BY id"))
    said = list(dict.fromkeys(line["words"] for line in lines))
    assert said == ["✅ news", "◻️ news", "🔔 All topics", "🔕 No more offers"]
