"""Where a customer stands in a funnel, and what they wait for, in words."""

from holdline.desk.funnels.definitions import definition_of
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.funnels.enrolment import Enrolment
from holdline.dialogs.funnels.steps import FunnelStep, QuestionStep, SendStep, UntilStep, WaitStep
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import moment_text
from holdline.screens.funnels.pictures.words import step_words
from holdline.screens.keyboards import ellipsize
from holdline.store.tx import Tx
from holdline.texts import say

_WORDS = 40
_SIGNS = {SendStep: "💬", QuestionStep: "❓", WaitStep: "⏳", UntilStep: "📅"}


def place_words(tx: Tx, manager: Manager, enrolment: Enrolment, *, is_active: bool) -> str:
    """“❓ Which size? · goes on at 09:00 Europe/Warsaw”: by the version that the customer is on.

    `is_active`: the funnel is not paused, so that the time counts.
    """
    step = definition_of(tx, enrolment.version_id).by_address.get(enrolment.position)
    waits = (
        _waits(tx, manager, enrolment)
        if is_active
        else say("funnel_windows.waits_for_resuming", manager.language)
    )
    return f"{_step(step, manager.language)} · {waits}" if step is not None else waits


def _step(step: FunnelStep, language: str) -> str:
    return f"{_SIGNS.get(type(step), '•')} {inline(ellipsize(step_words(step, language), _WORDS))}"


def _waits(tx: Tx, manager: Manager, enrolment: Enrolment) -> str:
    language = manager.language
    if enrolment.phase == "saying" and enrolment.next_at is None:
        return say("funnel_windows.waits_to_be_sent", language)
    if enrolment.next_at is None:
        return say("funnel_windows.waits_for_dialog", language)
    return say(
        "funnel_windows.goes_on_at", language, at=moment_text(enrolment.next_at, time_zone_of(tx, manager))
    )
