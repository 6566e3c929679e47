"""Events are recorded by one function; every kind of event is recorded somewhere and has its texts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from holdline.desk.reactions import REACTIONS
from holdline.dialogs.event import NOT_IN_HISTORY, EventKind
from holdline.texts import has_text
from tests.syntax import nodes_of

ROOT = Path(__file__).parents[2] / "holdline"


HISTORY_ALONE = {
    EventKind.DIALOG_FORWARDED,  # the letters and messages are made with it, and counted in it
    EventKind.BOT_UNBLOCKED,  # words say that they are back; what was not delivered is offered when one arrives
    EventKind.FUNNEL_ENTERED,  # its first message follows from the enrolment, which the timers move
    EventKind.FUNNEL_FINISHED,
    EventKind.FUNNEL_LEFT,
    EventKind.CUSTOMER_EXPORTED,  # the file is made with it
    EventKind.CUSTOMER_ERASED,  # nothing is left to follow from it
    EventKind.CROSSED,
    EventKind.POSSIBLY_REPEATED,
    EventKind.BUTTONS_LEFT_OUT,
    EventKind.OUTBOUND_DROPPED,  # and so is its end
}
"""Written down for whoever reads history; nothing follows from them."""


MAP = Path(__file__).parents[2] / "docs/architecture.md"


def _attributes(path: Path, of: str) -> Iterator[str]:
    """The names that a file takes from that one: `kind` for `EventKind.kind`."""
    for node in nodes_of(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == of:
            yield node.attr


def test_only_record_writes_history() -> None:
    writers = [
        str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if "add" in _attributes(path, "history")
    ]
    assert writers == ["desk/record.py"]


def test_the_map_lists_the_reactions_in_their_order() -> None:
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \| (`\w+` .*) \|$", MAP.read_text(encoding="utf-8"), re.MULTILINE)
    told = [
        (kind, re.findall(r"`(\w+)`", follows))
        for kinds, follows in rows
        for kind in re.findall(r"`(\w+)`", kinds)
        if kind in set(EventKind)
    ]
    assert len(told) == len(REACTIONS), "each kind stands there once"
    assert dict(told) == {kind: [one.__name__ for one in reactions] for kind, reactions in REACTIONS.items()}


def test_every_kind_of_event_is_written_somewhere() -> None:
    writers = [path for path in ROOT.rglob("*.py") if path.name != "reactions.py"]
    written = {name for path in writers for name in _attributes(path, "EventKind")}
    assert written == set(EventKind.__members__)


def test_every_kind_of_event_has_its_texts() -> None:
    shown = set(EventKind) - NOT_IN_HISTORY
    assert [kind for kind in shown if not has_text(f"windows.did_{kind}")] == []


def test_every_kind_of_event_has_a_reaction_or_is_history_only() -> None:
    assert set(REACTIONS) | HISTORY_ALONE == set(EventKind)
    assert not set(REACTIONS) & HISTORY_ALONE


def test_reactions_are_functions_of_the_desk_that_other_modules_do_not_call() -> None:
    """What follows from an event is in the table; who wants it to happen records the event."""
    named = {reaction.__name__ for reactions in REACTIONS.values() for reaction in reactions}
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.func.id}"
        for path in ROOT.rglob("*.py")
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in named
    ]
    assert calls == []


def test_reactions_raise_no_refusal() -> None:
    """Whatever raises was decided before; an event that is recorded has happened."""
    named = {reaction.__name__ for reactions in REACTIONS.values() for reaction in reactions}
    raising = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "desk").rglob("*.py")
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef) and node.name in named
        if any(isinstance(inside, ast.Raise) for inside in ast.walk(node))
    ]
    assert raising == []
