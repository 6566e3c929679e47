"""The bot's own texts, as the desk rewrites them."""

import pytest

from holdline.desk.settings import standard_messages as standard
from holdline.dialogs.refusal import BadInput, NotAllowed
from holdline.dialogs.standard_message import NAMES
from holdline.store.people import admin_log, managers
from holdline.texts import LANGUAGES
from tests.desk.conftest import Desk

GREAT = {
    "en": ("Bad", "Okay", "Great"),
    "ru": ("Плохо", "Нормально", "Отлично"),
    "pl": ("Źle", "Dobrze", "Świetnie"),
}


@pytest.fixture
async def head(desk: Desk) -> Desk:
    await desk.store.act(managers.update, desk.maria.id, role="admin")
    return desk


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_standard_message_has_a_default_in_every_language(desk: Desk, language: str) -> None:
    page = await desk.store.read(standard.standard_messages_page, language=language)

    assert [message.name for message in page] == list(NAMES)
    assert all(message.text.strip() and not message.changed for message in page)


@pytest.mark.row("L-60")
@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_rating_request_has_exactly_three_buttons(desk: Desk, language: str) -> None:
    _, buttons = await desk.store.read(standard.standard_message, name="rating_request", language=language)

    assert buttons == GREAT[language]


@pytest.mark.row("L-61")
async def test_text_and_captions_can_be_rewritten_and_reset(head: Desk) -> None:
    default = await head.store.read(standard.standard_message, name="rating_request", language="en")
    await head.store.act(
        standard.set_standard_message,
        manager=head.maria,
        name="rating_request",
        language="en",
        text="How was it?",
        buttons=["👎", "👌", "👍"],
    )
    assert await head.store.read(standard.standard_message, name="rating_request", language="en") == (
        "How was it?",
        ("👎", "👌", "👍"),
    )

    await head.store.act(
        standard.reset_standard_message, manager=head.maria, name="rating_request", language="en"
    )
    assert await head.store.read(standard.standard_message, name="rating_request", language="en") == default


async def test_one_language_rewritten_leaves_the_others(head: Desk) -> None:
    await head.store.act(
        standard.set_standard_message, manager=head.maria, name="greeting", language="pl", text="Cześć!"
    )

    assert (await head.store.read(standard.standard_message, name="greeting", language="pl"))[0] == "Cześć!"
    assert (await head.store.read(standard.standard_message, name="greeting", language="ru"))[0] != "Cześć!"


async def test_rewriting_the_text_alone_keeps_the_captions(head: Desk) -> None:
    for text, buttons in (("First", ["1", "2", "3"]), ("Second", None)):
        await head.store.act(
            standard.set_standard_message,
            manager=head.maria,
            name="rating_request",
            language="ru",
            text=text,
            buttons=buttons,
        )

    assert await head.store.read(standard.standard_message, name="rating_request", language="ru") == (
        "Second",
        ("1", "2", "3"),
    )


@pytest.mark.row("L-60")
@pytest.mark.parametrize(
    ("name", "buttons"),
    [
        ("rating_request", []),
        ("rating_request", ["a", "b"]),
        ("rating_request", ["a", "b", "c", "d"]),
        ("rating_request", ["a", "b", " "]),
        ("rating_request", ["a", "b", "B"]),
        ("rating_request", ["a", "b", "x" * 65]),
        ("rating_request", "abc"),
        ("greeting", ["a"]),
    ],
)
async def test_other_buttons_are_refused_with_a_sentence(head: Desk, name: str, buttons: list[str]) -> None:
    with pytest.raises(BadInput) as refused:
        await head.store.act(
            standard.set_standard_message,
            manager=head.maria,
            name=name,
            language="en",
            text="How was it?",
            buttons=buttons,
        )

    assert refused.value.field == "buttons"
    assert "mends" not in refused.value.sentence("ru")


@pytest.mark.parametrize("text", ["", " \n ", "x" * 4097, "😀" * 2049, "{title}" * 40])
async def test_a_text_too_long_for_one_message_is_refused(head: Desk, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        await head.store.act(
            standard.set_standard_message, manager=head.maria, name="greeting", language="en", text=text
        )

    assert refused.value.field == "text"


async def test_a_text_of_exactly_the_limit_is_accepted(head: Desk) -> None:
    await head.store.act(
        standard.set_standard_message, manager=head.maria, name="greeting", language="en", text="x" * 4096
    )


async def test_known_variables_are_filled_in_and_other_braces_stay(head: Desk) -> None:
    await head.store.act(
        standard.set_standard_message,
        manager=head.maria,
        name="dialog_opened",
        language="en",
        text="“{title}” {oops} {0} {} {title.__class__} {",
    )

    text, _ = await head.store.read(
        standard.standard_message, name="dialog_opened", language="en", words={"title": "{name} %s"}
    )

    assert text == "“{name} %s” {oops} {0} {} {title.__class__} {"


async def test_the_preview_shows_what_the_customer_would_see(head: Desk) -> None:
    shown = await head.store.read(
        standard.preview_standard_message,
        name="rating_request",
        language="en",
        text="How was “{title}”?",
        buttons=["1", "2", "3"],
    )

    assert shown == ("How was “Delivery”?", ("1", "2", "3"))
    now = await head.store.read(standard.standard_message, name="rating_request", language="en")
    assert now[1] == GREAT["en"], "a preview saves nothing"


async def test_without_the_permission_nothing_is_rewritten(desk: Desk) -> None:
    for use_case, more in (
        (standard.set_standard_message, {"text": "Hi"}),
        (standard.reset_standard_message, {}),
    ):
        with pytest.raises(NotAllowed) as refused:
            await desk.store.act(use_case, manager=desk.ivan, name="greeting", language="en", **more)
        assert "messages.edit" in refused.value.sentence()


@pytest.mark.parametrize(("name", "language"), [("gretting", "en"), ("greeting", "de")])
async def test_unknown_names_and_languages_are_refused(head: Desk, name: str, language: str) -> None:
    with pytest.raises(BadInput):
        await head.store.act(
            standard.set_standard_message, manager=head.maria, name=name, language=language, text="Hi"
        )


async def test_a_customer_with_another_language_is_answered_in_the_default_one(desk: Desk) -> None:
    assert await desk.store.read(
        standard.standard_message, name="greeting", language="de"
    ) == await desk.store.read(standard.standard_message, name="greeting", language="en")


async def test_rewritten_messages_are_in_the_admin_log(head: Desk) -> None:
    await head.store.act(
        standard.set_standard_message, manager=head.maria, name="greeting", language="en", text="Hi"
    )

    (line,) = await head.store.read(admin_log.page)

    assert line["object"] == "standard_message:greeting:en"
    assert line["after_json"]["text"] == "Hi"
    assert line["before_json"]["text"] != "Hi"
