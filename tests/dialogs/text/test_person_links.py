"""Which links lead to a person's account."""

from typing import Any

import pytest

from holdline.dialogs.text.person_links import people_in, person_behind, person_of_link

pytestmark = pytest.mark.row("F-11")


@pytest.mark.parametrize(
    ("url", "person"),
    [
        ("tg://user?id=77", 77),
        ("TG://User?ID=77", 77),
        ("tg:user?id=77", 77),
        ("tg://user/?id=0077", 77),
        ("tg://user?from=menu&id=77&x=1", 77),
        ("tg://user?%69d=%377", 77),
        ("tg://openmessage?user_id=77", 77),
        ("https://t.me/@id77", 77),
        ("http://Telegram.me/@id77", 77),
        ("tg://user?name=77", None),
        ("tg://userid?id=77", None),
        ("tg://resolve?domain=anna&id=77", None),
        ("https://t.me/id77", None),
        ("https://shop.example/user?id=77", None),
        ("tg://user?id=", None),
    ],
)
def test_links_to_an_account_are_recognised(url: str, person: int | None) -> None:
    assert person_of_link(url) == person


def test_all_accounts_that_a_text_links_to_are_found() -> None:
    text = "Ask tg://user?id=5, or (tg:user?id=6) or t.me/@id7; not shop.example/?id=8"
    assert list(people_in(text)) == [5, 6, 7]


@pytest.mark.parametrize(
    ("entity", "person"),
    [
        ({"type": "text_mention", "user": {"id": 77, "first_name": "M"}}, 77),
        ({"type": "text_link", "url": "tg://user?id=77"}, 77),
        ({"type": "text_link", "url": "https://shop.example"}, None),
        ({"type": "text_mention"}, None),
        ({"type": "text_mention", "user": {"id": "77"}}, None),
        ({"type": "text_link", "url": None}, None),
        ({"type": "bold"}, None),
    ],
)
def test_formatting_that_links_to_an_account_is_recognised(
    entity: dict[str, Any], person: int | None
) -> None:
    assert person_behind(entity) == person
