"""Which event may follow which: the only three states a dialog can be in."""

from functools import cache

from statemachine import State, StateMachine
from statemachine.exceptions import TransitionNotAllowed

from holdline.dialogs.refusal import WrongState

STATES = ("active", "paused", "closed")


class DialogLife(StateMachine):
    """Active, paused, closed; closed is the end."""

    active = State(initial=True)
    paused = State()
    closed = State(final=True)

    pause = active.to(paused)
    resume = paused.to(active)
    close = active.to(closed) | paused.to(closed)


def next_state(state: str, event: str, *, dialog: dict[str, object]) -> str:
    """The state after `event`; WrongState (with what is allowed instead) where the event does not fit."""
    after = _after(_valid_state(state), event)
    if after is None:
        raise WrongState(state=state, obj=dialog, allowed=next_events(state))
    return after


@cache
def _after(state: str, event: str) -> str | None:
    """What the machine says, asked once: it is built anew each time, and its answer hangs on nothing else."""
    life = DialogLife(start_value=state)
    try:
        life.send(event)
    except TransitionNotAllowed:
        return None
    return str(life.current_state_value)


@cache
def next_events(state: str) -> tuple[str, ...]:
    """What may be done now, in the order buttons show it: nothing is offered that would be refused."""
    return tuple(event.id for event in DialogLife(start_value=_valid_state(state)).allowed_events)


def _valid_state(state: str) -> str:
    if state not in STATES:
        raise ValueError(f"a dialog is in the unknown state {state!r}; run `holdline doctor`")
    return state
