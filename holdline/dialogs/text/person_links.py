"""Links that open the account of a person, in every form that Telegram's programs follow."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

_PERSON = re.compile(
    r"""tg:(?://)?(?:user/?\?(?:[^#\s]*&)?id|openmessage/?\?(?:[^#\s]*&)?user_id)=(\d{1,18})
        |(?:t\.me|telegram\.(?:me|dog))/@id(\d{1,18})""",
    re.IGNORECASE | re.VERBOSE,
)
"""The first form as TDLib reads it (LinkManager::get_link_user_id), the others as the apps open them."""


def people_in(text: str) -> Iterator[int]:
    """The Telegram ids in links in the text, where Telegram makes them links by itself."""
    for found in _PERSON.finditer(text):
        yield int(found[1] or found[2])


def person_behind(entity: Mapping[str, Any]) -> int | None:
    """The Telegram id that a mention or a link below other words leads to."""
    match entity:
        case {"type": "text_mention", "user": {"id": int(person)}}:
            return person
        case {"type": "text_link", "url": str(url)}:
            return person_of_link(url)
    return None


def person_of_link(url: str) -> int | None:
    return next(people_in(unquote(url)), None)
