"""The data of a button: written, parsed, refused; and the verbs of buttons that were sent earlier."""

import pytest

from holdline.dialogs.refusal import NotFound
from holdline.dialogs.verbs import (
    Argument,
    CustomerVerb,
    DeskVerb,
    DialogVerb,
    Verb,
    button_data,
    parse_button_data,
    verb_of,
)

VERBS: list[Verb] = [*CustomerVerb, *DialogVerb, *DeskVerb]
IN_CHATS = [
    "rate",
    "solved",
    "lang",
    "offers",
    "offers_back",
    "sub",
    "dlg.pause",
    "dlg.pause!",
    "dlg.resume",
    "dlg.resume!",
    "dlg.keep",
    "dlg.close",
    "dlg.new",
    "dlg.go",
    "dlg.history",
    "dlg.file",
    "dlg.lines",
    "dlg.held",
    "held",
    "cast",
    "dlg.title",
    "dlg.type",
    "dlg.participants",
    "dlg.reasons",
    "dlg.components",
    "dlg.tags",
    "dlg.take",
    "assign",
    "assign.team",
    "undo",
    "again",
    "card.open",
    "card.new",
    "card.ignore",
    "card.back",
    "card.answer",
    "card.dialogs",
    "card.past",
    "form",
    "which",
    "list",
    "card.data",
    "card.mute",
    "card.person",
    "card.export",
    "card.erase",
    "card.erase!",
    "card.unmute",
    "list.by",
    "row",
    "row!",
    "row.answer",
    "settings.page",
    "task.done",
    "aside.again",
    "aside.all",
    "restore",
    "restore.ask",
    "restore!",
]


def test_every_button_ever_sent_is_recognised() -> None:
    assert [word for word in IN_CHATS if verb_of(word) is None] == []


def test_no_two_verbs_are_the_same_word() -> None:
    assert len({verb.value for verb in VERBS}) == len(VERBS)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("further", [False, True])
def test_button_data_is_parsed_as_it_was_written(verb: Verb, further: bool) -> None:
    types = (*verb.takes, *verb.may_take) if further else verb.takes
    args: list[Argument] = [7 if type_ is int else "inbox" for type_ in types]
    carried = parse_button_data(button_data(verb, *args))
    assert (carried.verb, list(carried.args)) == (verb, args)


@pytest.mark.parametrize(
    ("data", "verb", "args"),
    [
        ("rate:k3J_x-9:3", CustomerVerb.RATE, ("k3J_x-9", 3)),
        ("offers_back", CustomerVerb.RESUME_OFFERS, ()),
        ("offers_back:help", CustomerVerb.RESUME_OFFERS, ("help",)),
        ("dlg.pause!:12", DialogVerb.CONFIRM_PAUSE, (12,)),
        ("assign:12:0", DialogVerb.ASSIGN, (12, 0)),
        ("again:5", DialogVerb.RESEND_MESSAGE, (5,)),
        ("again:5:12", DialogVerb.RESEND_MESSAGE, (5, 12)),
        ("form:3:reset!", DeskVerb.PRESS_FORM, (3, "reset!")),
        ("form:3:page:8", DeskVerb.PRESS_FORM, (3, "page", "8")),
        ("list:history.n:0:12", DeskVerb.TURN_PAGE, ("history.n", 0, 12)),
        ("list:all:0:0:P2", DeskVerb.TURN_PAGE, ("all", 0, 0, "P2")),
        ("aside.all", DeskVerb.RETRY_ALL_UPDATES, ()),
        ("dlg.close:1:1", DialogVerb.CLOSE, (1,)),
    ],
)
def test_a_button_of_an_earlier_version_is_read(data: str, verb: Verb, args: tuple[Argument, ...]) -> None:
    carried = parse_button_data(data)
    assert (carried.verb, carried.args) == (verb, args)


@pytest.mark.parametrize(
    "data", ["", "out:yes", "dlg.fly:1", "dlg.close", "dlg.close:x", "dlg.close:" + "9" * 19, "assign:1"]
)
def test_foreign_button_data_is_refused(data: str) -> None:
    with pytest.raises(NotFound):
        parse_button_data(data)


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        (DialogVerb.CLOSE, ()),
        (DialogVerb.CLOSE, ("12",)),
        (DialogVerb.CLOSE, (12, 13)),
        (DeskVerb.OPEN_SETTINGS, (3,)),
        (DeskVerb.OPEN_SETTINGS, ("я" * 32,)),
    ],
)
def test_a_button_that_could_not_be_parsed_again_is_not_created(
    verb: Verb, args: tuple[Argument, ...]
) -> None:
    with pytest.raises(ValueError, match=r"does not take|longer than 64 bytes"):
        button_data(verb, *args)
