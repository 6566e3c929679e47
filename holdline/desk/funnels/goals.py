"""Goals that end an enrolment as soon as a tag or a field of the customer makes their condition true."""

from dataclasses import replace

from holdline.desk.funnels.definitions import definition_of
from holdline.desk.funnels.leaving import end_enrolment
from holdline.desk.funnels.step_counts import count_step
from holdline.dialogs.event import Event
from holdline.dialogs.funnels.course import goal_reached
from holdline.store.funnels import enrolments, profiles
from holdline.store.tx import Tx


def end_at_goal(tx: Tx, event: Event) -> None:
    """Ends the enrolments whose goal is reached by what a tool or the desk has changed."""
    end_reached(tx, event.customer_id)


def end_reached(tx: Tx, customer_id: int, *, besides: int | None = None) -> None:
    """Ends the customer's enrolments whose goal is reached, except `besides`, and cancels their waiting messages. The
    caller holds the customer's chat.
    """
    for enrolment in enrolments.list_running(tx, customer_id):
        definition = definition_of(tx, enrolment.version_id)
        if enrolment.id == besides or not definition.goals:
            continue
        goal = goal_reached(definition, profiles.profile_of(tx, enrolment))
        if goal is not None:
            count_step(tx, enrolment, "goal", address=goal)
            end_enrolment(tx, replace(enrolment, goal=goal), state="done", reason="goal")
