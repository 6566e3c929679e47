"""The three states of a dialog, and which events are allowed in each."""

from functools import cache

from statemachine import State, StateMachine
from statemachine.exceptions import TransitionNotAllowed

from holdline.dialogs.refusal import WrongState

STATES = ("active", "paused", "closed")


class DialogLife(StateMachine):
    """Active, paused, closed. Closed is final."""

    active = State(initial=True)
    paused = State()
    closed = State(final=True)

    pause = active.to(paused)
    resume = paused.to(active)
    close = active.to(closed) | paused.to(closed)


def next_state(state: str, event: str, *, dialog: dict[str, object]) -> str:
    """The state after `event`. Raises WrongState, with the allowed events, if the event is not allowed now."""
    after = _after(_valid_state(state), event)
    if after is None:
        raise WrongState(state=state, obj=dialog, allowed=next_events(state))
    return after


@cache
def _after(state: str, event: str) -> str | None:
    """The state machine's answer. Cached, because each call builds a new machine and the answer depends only on the
    arguments.
    """
    life = DialogLife(start_value=state)
    try:
        life.send(event)
    except TransitionNotAllowed:
        return None
    return str(life.current_state_value)


@cache
def next_events(state: str) -> tuple[str, ...]:
    """The events that are allowed now, in the order of the buttons. No button is offered for an event that would be
    refused.
    """
    return tuple(event.id for event in DialogLife(start_value=_valid_state(state)).allowed_events)


def _valid_state(state: str) -> str:
    if state not in STATES:
        raise ValueError(f"a dialog is in the unknown state {state!r}; run `holdline doctor`")
    return state
