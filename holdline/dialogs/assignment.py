"""Who has a dialog after somebody of the desk acted in it: whoever acts, owns. Reading never assigns."""

from enum import StrEnum

from holdline.dialogs.dialog import Dialog


class Takeover(StrEnum):
    """What an act in a dialog makes of whoever acted."""

    NOTHING = "nothing"  # they had it already, or it is closed and keeps who had it
    JOINS = "joins"  # a participant; the desk keeps the assignee that there is
    OWNS = "owns"


def takeover(dialog: Dialog, person_id: int, *, only_if_unassigned: bool) -> Takeover:
    """`only_if_unassigned`: the desk's setting by which an assignee keeps the dialog until it is given away."""
    if dialog.state == "closed":
        return Takeover.NOTHING
    takes_part = any(person.id == person_id for person in dialog.participants)
    if dialog.assignee is None:
        return Takeover.OWNS
    if dialog.assignee.id == person_id or only_if_unassigned:
        return Takeover.NOTHING if takes_part else Takeover.JOINS
    return Takeover.OWNS
