"""Who an @name in a note means."""

import pytest

from holdline.dialogs.conversation.mentions import Addressee, find_mentioned
from holdline.dialogs.dialog import Person

DESK = (
    Addressee(Person(1, 101, "Maria Nowak"), "maria_n"),
    Addressee(Person(2, 102, "Ivan"), None),
    Addressee(Person(3, 103, "Анна Петрова"), None),
    Addressee(Person(4, 104, "Maria Lis"), None),
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("@maria_n please look", [1]),
        ("see @MariaNowak, and @ivan.", [1, 2]),
        ("@анна посмотри", [3]),
        ("@maria", []),
        ("@ivan @ivan", [2]),
        ("ivan@example.org", []),
        ("@nobody", []),
        ("nothing", []),
    ],
)
def test_a_mention_matches_one_person_or_nobody(text: str, ids: list[int]) -> None:
    assert [person.id for person in find_mentioned(text, DESK)] == ids
