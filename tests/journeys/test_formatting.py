"""Messages arrive as they were written: formatting, length, order, and hostile text."""

from typing import Any

import pytest

from tests.journeys.kinds import carries, entered, words
from tests.journeys.world import Message, World

TEXT = "🎈 bold italic code link spoiler\nquoted words here\nand the rest @durov #tag https://example.org"
ENTITIES: list[dict[str, Any]] = [
    {"type": "bold", "offset": 3, "length": 4},
    {"type": "italic", "offset": 8, "length": 6},
    {"type": "underline", "offset": 8, "length": 6},
    {"type": "code", "offset": 15, "length": 4},
    {"type": "text_link", "offset": 20, "length": 4, "url": "https://example.org/?a=1&b=<2>"},
    {"type": "spoiler", "offset": 25, "length": 7},
    {"type": "expandable_blockquote", "offset": 33, "length": 17},
]


def marks(message: Message) -> list[tuple[str, str]]:
    """What is marked how, wherever it stands; UTF-16 as Telegram counts."""
    raw = words(message).encode("utf-16-le")
    found = message.get("entities", message.get("caption_entities", []))
    return sorted(
        (e["type"], raw[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le")) for e in found
    )


@pytest.mark.row("F-07")
async def test_formatting_is_passed_on_both_ways(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    said = maria.says(TEXT, thread, entities=ENTITIES)
    picture = maria.sends("photo", thread, caption=TEXT, entities=ENTITIES)
    got = await anna.gets(TEXT)
    seen = await anna.gets(lambda m: carries(m, picture))
    assert marks(got) == marks(said) == marks(seen) and len(marks(got)) > len(ENTITIES)
    assert got["entities"] == said["entities"] and words(got) == TEXT
    asked = anna.says("? " + TEXT, entities=[{**e, "offset": e["offset"] + 2} for e in ENTITIES])
    shown = await thread.shows(lambda m: words(m).endswith("? " + TEXT))
    extra = [] if thread.id else [("bold", f"#{thread.dialog_id} Lost parcel · Anna")]
    assert marks(shown) == sorted(marks(asked) + extra)


@pytest.mark.row("F-07")
async def test_formatting_is_kept_on_an_inbox_card(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    asked = anna.says(TEXT, entities=ENTITIES)
    shown = await maria.card(TEXT)
    assert set(marks(asked)) <= set(marks(shown))


@pytest.mark.row("F-07")
@pytest.mark.row("F-03")
async def test_an_edit_changes_the_formatting_too(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    said = maria.says("Look at this", thread, entities=[{"type": "bold", "offset": 0, "length": 4}])
    got = await anna.gets("Look at this")
    desk.box.edits(maria.id, thread.chat, said["message_id"], text="Look at https://example.org")
    changed = await anna.gets("Look at https://example.org")
    assert changed["message_id"] == got["message_id"]
    assert marks(changed) == [("url", "https://example.org")]


@pytest.mark.row("F-08")
async def test_a_text_of_greatest_length_with_a_heading_is_split_and_not_cut(place: World) -> None:
    """The longest a client sends; above it stands a heading in some places, so it needs two messages there."""
    anna = place.customer()
    thread = await place.opened(anna)
    long = "".join(f"word{number:04} " for number in range(455))[:4090] + "the🎈"
    anna.says(long)
    await thread.shows(lambda m: words(m).endswith("the🎈"))
    seen = [words(m) for m in thread.shown() if "word0" in words(m) and m["from_bot"]]
    joined = " ".join(seen).split()
    assert [w for w in joined if w.startswith("word")] == [w for w in long.split() if w.startswith("word")]
    assert all(len(text.encode("utf-16-le")) // 2 <= 4096 for text in seen)


@pytest.mark.row("C-40")
@pytest.mark.row("F-08")
async def test_a_text_over_the_limit_is_split_in_order_and_keeps_its_marks(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    body = "\n".join(f"line {number:04} of the answer" for number in range(600))
    said = {"manager_telegram_id": maria.id, "text": body}
    await place.post(f"/dialogs/{thread.dialog_id}/messages", said, 201)
    await anna.gets(lambda m: words(m).endswith("line 0599 of the answer"))
    parts = [text for text in anna.got() if text.startswith("line ")]
    assert len(parts) > 3
    assert "\n".join(parts).split("\n") == body.split("\n")


@pytest.mark.row("F-09")
async def test_five_messages_at_once_arrive_in_order_both_ways(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    await entered(maria, thread)
    for number in range(5):
        anna.says(f"question {number}")
        maria.says(f"answer {number}", thread)
    await anna.gets("answer 4")
    await thread.shows(lambda m: words(m).endswith("question 4"))
    assert [text for text in anna.got() if text.startswith("answer")] == [f"answer {n}" for n in range(5)]
    shown = [words(m).split("\n")[-1] for m in thread.shown() if m["from_bot"]]
    assert [text for text in shown if text.startswith("question")] == [f"question {n}" for n in range(5)]


@pytest.mark.row("F-09")
async def test_five_messages_of_different_kinds_stay_in_order_on_cards(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    chat = place.group or maria.id
    sent = [
        anna.says("one"),
        anna.sends("sticker"),
        anna.says("two"),
        anna.sends("voice"),
        anna.says("three"),
    ]
    await place.until(
        lambda: [m for m in place.messages(chat) if words(m).endswith("three") and m["from_bot"]], "the last"
    )
    shown = [m for m in place.messages(chat) if m["from_bot"] and any(carries(m, one) for one in sent)]
    assert [carries(m, one) for m, one in zip(shown, sent, strict=True)] == [True] * 5


HOSTILE = [
    "<b>not bold</b> <script>alert(1)</script> &lt;",
    "*not* _markup_ [x](tg://user?id=1) `'; DROP TABLE messages; --",
    "{name} {0} %s %(id)s {reason!r}",
    "\u202egnol ton\u202c a\u200d\u200bb\ufeff",
    "Z̷̢̖͔a̵͓l̶͎g̷̗o " + "\u0301" * 200,
    "/close 3 form",
    "/startle\nform:1:general:x dlg.close:1",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 100,
    "\u0000\u0007nul",
    ".",
    "#1 @all 👤 Maria:",
]


async def test_hostile_text_arrives_as_plain_text(place: World) -> None:
    """Telegram itself takes control characters out of what anybody sends; nothing else may be missing."""
    anna = place.customer(name="<i>Eve</i> /close {x} \u202e")
    thread = await place.opened(anna)
    for text in HOSTILE:
        anna.says(text)
    anna.says("after it")
    await thread.shows(lambda m: words(m).endswith("after it"))
    shown = [seen(words(m)) for m in thread.shown() if m["from_bot"]]
    for text in HOSTILE:
        assert [one for one in shown if one.endswith(seen(text))], text
    assert (await thread.dialog())["state"] == "active"


def seen(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() and sign != " ")


HOSTILE_CONTENT: dict[str, dict[str, Any]] = {
    "photo": {"caption": "<a href='x'>" + "{x}" * 200, "entities": [{"type": "bold", "offset": 0, "length": 9}]},
    "video": {"caption": "\u202e" * 50 + "x", "file_name": "../../etc/passwd"},
    "animation": {"file_name": "a\nb.gif"},
    "audio": {"title": "{0}" * 50, "performer": "<b>", "file_name": "x" * 250},
    "voice": {"caption": "%n%n%n"},
    "video_note": {},
    "document": {"file_name": "invoice.pdf\u202efdp.exe", "mime_type": "text/html"},
    "sticker": {"emoji": "😈", "set_name": "x'; DROP"},
    "location": {"latitude": -90.0, "longitude": 180.0, "horizontal_accuracy": 1500.0},
    "venue": {"title": "<b>{x}</b>", "address": "\u0000" * 3, "foursquare_id": "../"},
    "contact": {"phone_number": "+" + "9" * 30, "first_name": "{x}" * 20, "vcard": "BEGIN:VCARD\nX" * 50},
    "poll": {"question": "<q>" * 90, "options": ["{a}", "<b>"]},
    "dice": {"emoji": "🎰"},
    "story": {},
}  # fmt: skip


@pytest.mark.row("F-01")
async def test_hostile_content_of_every_kind_arrives_or_is_refused_without_delaying_others(
    place: World,
) -> None:
    anna = place.customer(name="/close {0} <b>\u202e" + "Z" * 40)
    thread = await place.opened(anna, title="<b>{x} close")
    sent = {kind: anna.sends(kind, **content) for kind, content in HOSTILE_CONTENT.items()}
    anna.says("after it")
    await thread.shows(lambda m: words(m).endswith("after it"))
    for kind, one in sent.items():
        arrived = [m for m in thread.shown() if m["from_bot"] and carries(m, one)]
        assert len(arrived) == (0 if kind == "story" else 1), kind
    await anna.gets(lambda m: "cannot be passed on" in words(m))
