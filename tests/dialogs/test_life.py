"""Every state × every event, every class × every gate: the tables behind all other rules."""

from itertools import pairwise

import pytest

from holdline.dialogs.gate import Gate, MessageClass, Passage, passage, stream_of
from holdline.dialogs.life import STATES, DialogLife, next_events, next_state
from holdline.dialogs.manager import PERMISSIONS, ROLE_PERMISSIONS, Manager
from holdline.dialogs.refusal import NotAllowed, WrongState
from holdline.dialogs.rights import Act, require_allowed

EVENTS = ("pause", "resume", "close")
GRAPH = {
    ("active", "pause"): "paused",
    ("active", "close"): "closed",
    ("paused", "resume"): "active",
    ("paused", "close"): "closed",
}
THING = {"type": "dialog", "id": 12, "title": "Case"}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", STATES)
def test_only_the_four_transitions_exist(state: str, event: str) -> None:
    if (state, event) in GRAPH:
        assert next_state(state, event, dialog=THING) == GRAPH[state, event]
        return
    with pytest.raises(WrongState) as refused:
        next_state(state, event, dialog=THING)
    assert refused.value.code == ("dialog_closed" if state == "closed" else "wrong_state")
    assert refused.value.obj == THING


@pytest.mark.parametrize("state", STATES)
def test_exactly_the_allowed_transitions_are_offered(state: str) -> None:
    assert set(next_events(state)) == {event for origin, event in GRAPH if origin == state}


def test_the_table_read_off_the_class_agrees_with_the_machine() -> None:
    moves = [move for state in DialogLife.states for move in state.transitions]
    assert {(str(move.source.id), str(move.event)): str(move.target.id) for move in moves} == GRAPH
    assert {str(state.id) for state in DialogLife.states} == set(STATES)


def test_an_unknown_stored_state_is_named() -> None:
    with pytest.raises(ValueError, match="doctor"):
        next_state("archived", "close", dialog=THING)


@pytest.mark.parametrize(
    ("class_", "held"),
    [
        (MessageClass.MANAGER, Passage.SEND),
        (MessageClass.SYSTEM, Passage.SEND),
        (MessageClass.DESK, Passage.SEND),
        (MessageClass.FUNNEL, Passage.HOLD),
        (MessageClass.BROADCAST, Passage.HOLD),
        (MessageClass.SMART_REPLY, Passage.DROP),
    ],
)
def test_the_gate_table(class_: MessageClass, held: Passage) -> None:
    assert passage(class_, Gate.OPEN) is Passage.SEND
    assert passage(class_, Gate.HELD) is held
    assert stream_of(class_) == ("dialog" if held is Passage.SEND else "marketing")


def test_each_role_has_more_permissions_and_an_admin_has_all() -> None:
    grown = [ROLE_PERMISSIONS[role] for role in ("restricted", "agent", "manager", "admin")]
    assert all(less < more for less, more in pairwise(grown))
    assert grown[-1] == frozenset(PERMISSIONS)


def test_a_missing_permission_is_named_and_a_former_manager_has_none() -> None:
    agent = Manager(1, 1, 1, "Ivan", "agent", ROLE_PERMISSIONS["agent"])
    with pytest.raises(NotAllowed) as refused:
        require_allowed(agent, Act.CLOSE_DIALOG)
    assert "dialog.close" in refused.value.sentence("en")
    former = Manager(1, 1, 1, "Ivan", "admin", ROLE_PERMISSIONS["admin"], active=False)
    assert not former.may("dialog.open")
