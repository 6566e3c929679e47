"""Chooses the smart reply for a text: active replies, their hours, and the index of their questions."""

from dataclasses import dataclass, field
from threading import Lock

from holdline.desk.people.managers import require_permission
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.sla.working_time import next_opening
from holdline.dialogs.smart_replies.question_index import QuestionIndex
from holdline.dialogs.smart_replies.smart_reply import (
    DEFAULT_THRESHOLD,
    ReplyChoice,
    SmartReply,
    Trial,
    valid_threshold,
)
from holdline.store.dialogs import calendars
from holdline.store.people import admin_log
from holdline.store.screens import settings
from holdline.store.smart_replies import smart_replies
from holdline.store.tx import Tx

_THRESHOLD, _SERVICE = "smart_reply_threshold", "smart_reply_service"


@dataclass(slots=True)
class _Known:
    """What a process caches of a desk's replies; `mark` identifies the last change."""

    lock: Lock = field(default_factory=Lock)
    mark: str | None = None
    active: tuple[SmartReply, ...] = ()
    index: QuestionIndex = field(default_factory=QuestionIndex)

    def refresh(self, tx: Tx, mark: str) -> tuple[SmartReply, ...]:
        """Reads the replies again after a change; only changed questions are learnt."""
        with self.lock:
            if self.mark != mark:
                self.active = tuple(reply for reply in smart_replies.list_all(tx) if reply.active)
                self.index.update(
                    {
                        (reply.id, number): (question, reply.answer)
                        for reply in self.active
                        for number, question in enumerate(reply.questions)
                    }
                )
                self.mark = mark
            return self.active

    def guess(self, text: str, replies: frozenset[int]) -> tuple[int, float] | None:
        """The best match for the text. Locked, because another thread may be updating the index."""
        with self.lock:
            return self.index.guess(text, replies)

    def nearest(self, text: str, replies: frozenset[int]) -> list[int]:
        with self.lock:
            return self.index.nearest(text, replies)


_KNOWN: dict[int, _Known] = {}
"""By bot of this process; the mark is random, so that no two databases share one."""


def try_text(tx: Tx, *, text: str) -> Trial:
    """What a customer who writes this now would be answered; sends nothing."""
    choice = current_choice(tx)
    return choice.try_text(text) if choice is not None else Trial()


def current_choice(tx: Tx) -> ReplyChoice | None:
    """The replies that may answer now; None for a desk that has no replies."""
    mark = smart_replies.current_mark(tx)
    if mark is None:
        return None
    known = _KNOWN.setdefault(tx.bot_id, _Known())
    active = known.refresh(tx, mark)
    return ReplyChoice(_in_their_hours(tx, active), known.guess, threshold(tx))


def learn_questions(tx: Tx) -> None:
    """Called before updates are taken in: learning thousands of questions takes seconds, and the first customer, with
    everybody behind, would wait for it.
    """
    current_choice(tx)


def list_most_similar(tx: Tx, text: str) -> list[SmartReply]:
    """Replies with questions that may answer now, the most similar first, then the others in their order."""
    choice = current_choice(tx)
    if choice is None:
        return []
    asked = {reply.id: reply for reply in choice.replies if reply.questions}
    nearest = _KNOWN[tx.bot_id].nearest(text, frozenset(asked))
    return [asked[reply_id] for reply_id in dict.fromkeys([*nearest, *asked])]


def threshold(tx: Tx) -> float:
    """The score from which on two questions count as the same."""
    return float(settings.value(tx, _THRESHOLD, DEFAULT_THRESHOLD))


def choose_threshold(tx: Tx, *, manager: Manager, share: float) -> None:
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    before, after = threshold(tx), valid_threshold(share)
    settings.put(tx, _THRESHOLD, after)
    about = f"settings:{_THRESHOLD}"
    admin_log.add(tx, manager, "smart_threshold_changed", about=about, before=before, after=after)


def is_model_on(tx: Tx) -> bool:
    """Whether the model is asked: off by default, and if the configuration names none."""
    return bool(tx.rules.smart_reply_service) and bool(settings.value(tx, _SERVICE, False))


def switch_model(tx: Tx, *, manager: Manager) -> None:
    """Turns the model on or off; nothing is sent unless the configuration names one."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    before = bool(settings.value(tx, _SERVICE, False))
    settings.put(tx, _SERVICE, not before)
    changes = {"before": before, "after": not before}
    admin_log.add(tx, manager, "smart_service_switched", about=f"settings:{_SERVICE}", **changes)


def _in_their_hours(tx: Tx, replies: tuple[SmartReply, ...]) -> list[SmartReply]:
    """Replies without hours, and those whose calendar is open, or closed, as they require."""
    asked = {reply.calendar_id for reply in replies} - {None}
    is_open = {
        each.id: next_opening(each.calendar, tx.at) is None
        for each in (calendars.all_calendars(tx) if asked else ())
        if each.id in asked
    }
    return [
        reply
        for reply in replies
        if reply.calendar_id is None or is_open.get(reply.calendar_id) is (reply.when == "inside")
    ]
