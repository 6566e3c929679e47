"""Who takes part in a dialog, and who is notified that somebody joined or left."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from holdline.dialogs.decisions.decision import Decision, PersonalNotice
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.refusal import BadInput


class JoinNotice(StrEnum):
    """Who is notified that somebody joined."""

    ADDED_PERSON = "as usual"  # whom somebody else added; and the assignee, if the desk keeps assignees
    ASSIGNEE_TOO = "assignee too"  # a person who joins does not get the dialog by this act
    NOBODY = "nobody"  # they are notified of a larger change


@dataclass(frozen=True, slots=True)
class ParticipantsChange:
    """The Telegram ids of those who join, and the people who leave."""

    joining: tuple[int, ...]
    leaving: tuple[Person, ...]


def change_participants(dialog: Dialog, telegram_ids: Iterable[int]) -> ParticipantsChange:
    """Raises BadInput if nobody would remain. The assignee always remains."""
    chosen = set(telegram_ids) | ({dialog.assignee.telegram_id} if dialog.assignee else set())
    if not chosen:
        raise BadInput("participants", "participants_empty")
    present = {person.telegram_id for person in dialog.participants}
    leaving = tuple(person for person in dialog.participants if person.telegram_id not in chosen)
    return ParticipantsChange(tuple(sorted(chosen - present)), leaving)


def join(
    dialog: Dialog,
    person: Person,
    *,
    by: Actor,
    above: int | None = None,
    told: JoinNotice = JoinNotice.ADDED_PERSON,
    is_shown: bool = True,
) -> Decision:
    """No event if the person already takes part.

    `above` is the message before which recent messages are shown to them, if the dialog is new to them. `is_shown`:
    False if they need no place for the dialog, because it is being closed.
    """
    if any(each.id == person.id for each in dialog.participants):
        return Decision(dialog, ())
    event = Event(
        EventKind.PARTICIPANT_JOINED,
        by,
        dialog.customer_id,
        dialog.id,
        data={"above": above, "told": told, "is_shown": is_shown},
        before=dialog,
        person=person,
    )
    return Decision(replace(dialog, participants=(*dialog.participants, person)), (event,))


def leave(dialog: Dialog, person: Person, *, by: Actor, leaves_desk: bool = False) -> Decision:
    """`leaves_desk`: the person leaves the desk, so all their places end and they are not notified."""
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


def notice_of_joining(event: Event, *, by_setting: bool) -> PersonalNotice | None:
    """For a person whom somebody else added. If a person joined by themselves, for the assignee, if they stay the
    assignee, after this act or by the desk's setting.
    """
    person, assignee = event.person, event.before.assignee if event.before else None
    told = event.data["told"]
    if person is None or told is JoinNotice.NOBODY:
        return None
    if not event.actor.is_manager(person.id):
        return PersonalNotice(person.telegram_id, "added_to_dialog", who=event.actor.name)
    if assignee is not None and (by_setting or told is JoinNotice.ASSIGNEE_TOO):
        return PersonalNotice(assignee.telegram_id, "joined_your_dialog", who=person.name)
    return None


def notice_of_leaving(event: Event) -> PersonalNotice | None:
    """For a person whom somebody else removed, unless they leave the desk."""
    person = event.person
    if person is None or event.data["leaves_desk"] or event.actor.is_manager(person.id):
        return None
    return PersonalNotice(person.telegram_id, "removed_from_dialog", who=event.actor.name)
