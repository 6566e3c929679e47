"""Personal values: which ones identify a person, how a text is searched for them, and how JSON is emptied of words."""

import json
import re
from collections.abc import Iterable, Set
from html import escape
from typing import Any

NO_WORD = "—"
SHORTEST_VALUE = 5
"""A shorter name occurs in too many other words to be searched for."""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(Z|[+-]\d\d:?\d\d)?")
_PHONE = re.compile(r"\+?\d[\d ()-]{7,}\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d?-\d\d?-\d{4}")


def contacts_in(texts: Iterable[str]) -> list[str]:
    """E-mail addresses and telephone numbers in the texts, as they were written. A date is none: it stands in nearly
    every row of its day.
    """
    found: dict[str, None] = {}
    for text in texts:
        for pattern in (_EMAIL, _PHONE):
            found |= dict.fromkeys(each for each in pattern.findall(text) if not _DATE.match(each))
    return list(found)


def names_person(value: Any, *, customer_id: int, telegram_id: int, dialog_ids: Set[int]) -> bool:
    """Whether a field of the JSON names the person or one of their dialogs by its id. What people wrote does not count,
    because anybody can write anything.
    """
    ids: dict[str, Set[int]] = {
        "customer_id": {customer_id},
        "customer": {customer_id},
        "telegram_id": {telegram_id},
        "dialog_id": dialog_ids,
        "dialog": dialog_ids,
    }
    waiting = [("", value)]
    while waiting:
        name, part = waiting.pop()
        if isinstance(part, dict):
            if part.get("id") in ids.get(name, ()):
                return True
            waiting += part.items()
        elif isinstance(part, list):
            waiting += (("", each) for each in part)
        elif type(part) is int and part in ids.get(name, ()):
            return True
    return False


def forms_of_value(value: str) -> set[str]:
    """The value as it is written in plain text, in JSON with and without escapes, and in HTML."""
    return {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        escape(value),
    }


def forms_of(values: Iterable[str]) -> list[str]:
    """All written forms of the values that are long enough to be looked for."""
    return sorted(
        {form for value in values if len(value) >= SHORTEST_VALUE for form in forms_of_value(value)}
    )


def without_words(value: Any, *, telegram_id: int) -> Any:
    """The same JSON with its numbers and moments, but for the person's id, and a dash for every word."""
    if isinstance(value, dict):
        return {name: without_words(part, telegram_id=telegram_id) for name, part in value.items()}
    if isinstance(value, list):
        return [without_words(part, telegram_id=telegram_id) for part in value]
    if isinstance(value, str):
        return value if _MOMENT.fullmatch(value) else NO_WORD
    return 0 if value == telegram_id and not isinstance(value, bool) else value
