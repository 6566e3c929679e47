"""Who may decide on a draft and when, and how history records it.

A draft waits until somebody else approves or returns it. A returned draft waits again when its author submits it
again.
"""

from dataclasses import dataclass, replace

from holdline.dialogs.decisions.conversation import refuse_unless_active
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.draft import Draft, DraftNote, DraftState
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, NotAllowed, WrongState
from holdline.dialogs.rights import Act, require_allowed

REASON_LIMIT = 1024


@dataclass(frozen=True, slots=True)
class DraftDecision:
    """The draft afterwards, and the event."""

    draft: Draft
    event: Event


def submit(draft: Draft, dialog: Dialog, *, by: Manager) -> DraftDecision:
    """A new draft, or its author's new version. Allowed only if a reply could be sent."""
    if draft.author.id != by.id:
        raise NotAllowed("draft.submit", because="not_your_draft")
    refuse_unless_undecided(draft)
    refuse_unless_active(dialog)
    after = replace(draft, state=DraftState.WAITING, reason=None, decided_by=None)
    event = _event(EventKind.DRAFT_SUBMITTED, after, dialog, by, text=after.content.text)
    return DraftDecision(
        after,
        replace(
            event, data=event.data | {"revised": bool(draft.cards) and draft.state is DraftState.WAITING}
        ),
    )


def approve(draft: Draft, dialog: Dialog, *, by: Manager, content: Content) -> DraftDecision:
    """`content` is the text to send, as the approver left it. Refused in the same cases as a reply."""
    _refuse_decision(draft, dialog, by=by)
    refuse_unless_active(dialog)
    after = replace(draft, state=DraftState.SENT, content=content, decided_by=by.as_person())
    event = _event(EventKind.DRAFT_APPROVED, after, dialog, by, text=content.text)
    edited = content.text != draft.content.text
    return DraftDecision(after, replace(event, data=event.data | {"edited": edited}))


def return_to_author(draft: Draft, dialog: Dialog, *, by: Manager, reason: str) -> DraftDecision:
    """Returns the draft with a reason that tells the author what to change."""
    _refuse_decision(draft, dialog, by=by)
    if not reason.strip():
        raise BadInput("reason", "reason_empty")
    after = replace(draft, state=DraftState.RETURNED, reason=reason.strip(), decided_by=by.as_person())
    return DraftDecision(after, _event(EventKind.DRAFT_RETURNED, after, dialog, by, text=after.reason))


def note_event(kind: EventKind, draft: Draft, dialog: Dialog, note: DraftNote, *, by: Manager) -> Event:
    """A note about a draft was added or removed. History keeps its text."""
    event = _event(kind, draft, dialog, by, text=note.text)
    return replace(event, data=event.data | {"note_id": note.id})


def require_may_remove_note(note: DraftNote, *, by: Manager) -> None:
    """Allows its author, and managers who may decide on drafts."""
    if note.author.id != by.id:
        require_allowed(by, Act.DECIDE_ON_DRAFT)


def refuse_own(draft: Draft, *, by: Manager) -> None:
    if draft.author.id == by.id:
        raise OwnDraft(draft)


def refuse_unless_undecided(draft: Draft) -> None:
    """A draft that was sent or dropped cannot be changed."""
    if not draft.is_undecided:
        raise DraftDecided(draft)


def _refuse_decision(draft: Draft, dialog: Dialog, *, by: Manager) -> None:
    require_allowed(by, Act.DECIDE_ON_DRAFT)
    refuse_own(draft, by=by)
    if draft.state is DraftState.DROPPED and dialog.state == "closed":
        refuse_unless_active(dialog)
    if draft.state is not DraftState.WAITING:
        raise DraftDecided(draft)


class OwnDraft(NotAllowed):
    """Nobody may approve their own draft."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(*Act.DECIDE_ON_DRAFT.needs, because="own_draft")
        self.code = "own_draft"
        self.obj = draft.as_object


def refuse_words_without_room(draft: Draft) -> None:
    """Words for a draft that has none would not be sent, and what they should replace would."""
    if not draft.takes_text:
        raise BadInput("text", "draft_without_text")


def refuse_unless_shown(draft: Draft, version: int | None) -> None:
    """Nobody approves what they have not seen: the draft must be as it was shown with the button."""
    if version is not None and version != draft.version:
        raise DraftChanged(draft)


class DraftChanged(WrongState):
    """Its author has changed the draft since it was shown."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(state=draft.state.value, obj=draft.as_object, code="wrong_state")
        self.words |= {"who": draft.author.name}

    @property
    def text_key(self) -> str:
        return "refusals.draft_changed"


class DraftDecided(WrongState):
    """Somebody already decided on the draft. The refusal names them."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(state=draft.state.value, obj=draft.as_object, code="wrong_state")
        self.words |= {"who": draft.decided_by.name if draft.decided_by else ""}

    @property
    def text_key(self) -> str:
        return f"refusals.draft_{self.state}"


def _event(kind: EventKind, draft: Draft, dialog: Dialog, by: Manager, *, text: str | None) -> Event:
    author = {"telegram_id": draft.author.telegram_id, "name": draft.author.name}
    data = {"draft_id": draft.id, "author": author}
    actor: Actor = by.as_actor()
    return Event(kind, actor, dialog.customer_id, dialog.id, text=text, data=data, before=dialog)
