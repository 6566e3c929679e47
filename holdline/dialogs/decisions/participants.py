"""Who takes part in a dialog, and who hears that somebody joins it or leaves it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from holdline.dialogs.decisions.decision import Decision, PersonalNotice
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.refusal import BadInput


@dataclass(frozen=True, slots=True)
class ParticipantsChange:
    """Telegram ids of those who come, and who goes."""

    joining: tuple[int, ...]
    leaving: tuple[Person, ...]


def change_participants(dialog: Dialog, telegram_ids: Iterable[int]) -> ParticipantsChange:
    """At least one stays; the assignee always does."""
    chosen = set(telegram_ids) | ({dialog.assignee.telegram_id} if dialog.assignee else set())
    if not chosen:
        raise BadInput("participants", "participants_empty")
    present = {person.telegram_id for person in dialog.participants}
    leaving = tuple(person for person in dialog.participants if person.telegram_id not in chosen)
    return ParticipantsChange(tuple(sorted(chosen - present)), leaving)


def join(
    dialog: Dialog, person: Person, *, by: Actor, above: int | None = None, quiet: bool = False
) -> Decision:
    """Nothing has happened where they take part already. `quiet`: those concerned are told of something larger.

    `above` is the message over which the last ones are shown to them, where the dialog is new to them.
    """
    if any(each.id == person.id for each in dialog.participants):
        return Decision(dialog, ())
    event = Event(
        EventKind.PARTICIPANT_JOINED,
        by,
        dialog.customer_id,
        dialog.id,
        data={"above": above, "quiet": quiet},
        before=dialog,
        person=person,
    )
    return Decision(replace(dialog, participants=(*dialog.participants, person)), (event,))


def leave(dialog: Dialog, person: Person, *, by: Actor, leaves_desk: bool = False) -> Decision:
    """Of whoever `leaves_desk` all places end with it, and nothing is said to them."""
    event = Event(
        EventKind.PARTICIPANT_LEFT,
        by,
        dialog.customer_id,
        dialog.id,
        data={"leaves_desk": leaves_desk},
        before=dialog,
        person=person,
    )
    others = tuple(each for each in dialog.participants if each.id != person.id)
    return Decision(replace(dialog, participants=others), (event,))


def notice_of_joining(event: Event, *, assignee_stays: bool) -> PersonalNotice | None:
    """Whoever was added hears of it; of whoever came of themselves the assignee does, where the desk keeps them."""
    person, assignee = event.person, event.before.assignee if event.before else None
    if person is None or event.data["quiet"]:
        return None
    if not event.actor.is_manager(person.id):
        return PersonalNotice(person.telegram_id, "added_to_dialog", who=event.actor.name)
    if assignee is not None and assignee_stays:
        return PersonalNotice(assignee.telegram_id, "joined_your_dialog", who=person.name)
    return None


def notice_of_leaving(event: Event) -> PersonalNotice | None:
    """Whoever was taken off, unless they did it themselves or leave the desk."""
    person = event.person
    if person is None or event.data["leaves_desk"] or event.actor.is_manager(person.id):
        return None
    return PersonalNotice(person.telegram_id, "removed_from_dialog", who=event.actor.name)
