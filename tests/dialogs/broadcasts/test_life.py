"""The life of a broadcast: which commands are allowed when, and the results of its recipients."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdline.dialogs.broadcasts.audience_filter import (
    EVERYBODY,
    AudienceFilter,
    FunnelCondition,
    FunnelStanding,
)
from holdline.dialogs.broadcasts.broadcast import (
    CHANGEABLE_FOR,
    Broadcast,
    BroadcastFigures,
    BroadcastRefused,
    BroadcastStarted,
    BroadcastStatus,
    BroadcastUnchangeable,
    BroadcastVerb,
    admit_of_broadcast,
    recipient_status,
    refuse_started,
    refuse_too_old,
    status_after,
)
from holdline.dialogs.broadcasts.buttons import ButtonPresses, list_presses
from holdline.dialogs.broadcasts.content import BroadcastContent, BroadcastVariant
from holdline.dialogs.broadcasts.stars import StarsBudget, stars_text
from holdline.dialogs.marketing.admission import Ended, Postponed, Verdict, admit_by_funnel
from holdline.dialogs.text.richtext import RichText
from tests.dialogs.examples import AT

CONTENT = BroadcastContent((BroadcastVariant(RichText("Hello")),))
EACH = tuple(BroadcastStatus)
SECOND = timedelta(seconds=1)


def a_broadcast(status: BroadcastStatus = BroadcastStatus.SCHEDULED, **other: Any) -> Broadcast:
    fields: dict[str, Any] = {"starts_at": AT, "created_at": AT}
    return Broadcast(4, CONTENT, EVERYBODY, status, **{**fields, **other})


@pytest.mark.parametrize(
    ("broadcast", "has_started"),
    [
        (a_broadcast(), False),
        (a_broadcast(BroadcastStatus.PAUSED), False),
        (a_broadcast(gathered_until_id=1), True),
        (a_broadcast(BroadcastStatus.PAUSED, gathered_until_id=1), True),
        (a_broadcast(gathered_at=AT), True),
        (a_broadcast(BroadcastStatus.SENDING), True),
        (a_broadcast(BroadcastStatus.DONE), True),
        (a_broadcast(BroadcastStatus.CANCELLED), True),
    ],
)
def test_a_broadcast_has_started_once_recipients_may_have_been_chosen(
    broadcast: Broadcast, has_started: bool
) -> None:
    assert broadcast.has_started is has_started
    if not has_started:
        refuse_started(broadcast)
        return
    with pytest.raises(BroadcastStarted) as refused:
        refuse_started(broadcast)
    over = broadcast.status in (BroadcastStatus.DONE, BroadcastStatus.CANCELLED)
    key = f"broadcast_{broadcast.status.value}" if over else "broadcast_started"
    assert refused.value.text_key == f"refusals.{key}"


PAUSE, RESUME, CANCEL = BroadcastVerb.PAUSE, BroadcastVerb.RESUME, BroadcastVerb.CANCEL
ALLOWED = {
    BroadcastStatus.SCHEDULED: (PAUSE, CANCEL),
    BroadcastStatus.SENDING: (PAUSE, CANCEL),
    BroadcastStatus.PAUSED: (RESUME, CANCEL),
    BroadcastStatus.DONE: (),
    BroadcastStatus.CANCELLED: (),
}


@pytest.mark.parametrize("status", EACH)
@pytest.mark.parametrize("verb", [PAUSE, RESUME, CANCEL])
def test_a_command_changes_the_status_of_a_broadcast_or_is_refused(
    status: BroadcastStatus, verb: BroadcastVerb
) -> None:
    broadcast = a_broadcast(status)
    assert broadcast.allowed == ALLOWED[status]
    if verb in ALLOWED[status]:
        after = {
            PAUSE: BroadcastStatus.PAUSED,
            RESUME: BroadcastStatus.SENDING,
            CANCEL: BroadcastStatus.CANCELLED,
        }
        assert status_after(broadcast, verb, at=AT) is after[verb]
        return
    with pytest.raises(BroadcastRefused) as refused:
        status_after(broadcast, verb, at=AT)
    assert (refused.value.code, refused.value.allowed) == ("wrong_state", ALLOWED[status])
    assert refused.value.obj == {"type": "broadcast", "id": 4}
    assert refused.value.text_key == f"refusals.broadcast_{status.value}"


def test_a_broadcast_resumed_before_its_start_time_is_scheduled_again() -> None:
    early = a_broadcast(BroadcastStatus.PAUSED, starts_at=AT + SECOND)
    assert status_after(early, RESUME, at=AT) is BroadcastStatus.SCHEDULED


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (BroadcastStatus.PAUSED, Postponed(AT + timedelta(hours=1), "paused")),
        (BroadcastStatus.CANCELLED, Ended("cancelled", "broadcast_cancelled")),
        (BroadcastStatus.SENDING, None),
        (None, None),
    ],
)
def test_the_status_of_its_broadcast_decides_about_each_message(
    status: BroadcastStatus | None, verdict: Verdict
) -> None:
    assert admit_of_broadcast(status, at=AT) == verdict


def test_the_state_of_its_enrolment_decides_about_a_funnel_message() -> None:
    assert admit_by_funnel(is_running=True, is_active=True, at=AT) is None
    paused = admit_by_funnel(is_running=True, is_active=False, at=AT)
    assert paused == Postponed(AT + timedelta(hours=1), "paused")
    for is_active in (True, False):
        left = admit_by_funnel(is_running=False, is_active=is_active, at=AT)
        assert left == Ended("cancelled", "funnel_left")


@pytest.mark.parametrize(("ended_at", "too_old"), [(None, False), (AT, True), (AT + SECOND, False)])
def test_a_broadcast_too_old_to_be_deleted_cannot_be_changed(ended_at: Any, too_old: bool) -> None:
    broadcast, at = a_broadcast(BroadcastStatus.DONE, ended_at=ended_at), AT + CHANGEABLE_FOR
    if not too_old:
        refuse_too_old(broadcast, at=at)
        return
    with pytest.raises(BroadcastUnchangeable) as refused:
        refuse_too_old(broadcast, at=at)
    assert (refused.value.text_key, refused.value.code) == ("refusals.broadcast_too_old", "wrong_state")
    assert refused.value.obj == {"type": "broadcast", "id": 4}


@pytest.mark.parametrize(
    ("status", "reason", "recipient"),
    [
        ("cancelled", "blocked", "blocked"),
        ("cancelled", "deactivated", "blocked"),
        ("cancelled", "opted_out", "cancelled"),
        ("parked", "blocked", "failed"),
        ("parked", "", "failed"),
        ("expired", "", "expired"),
        ("dropped", "", "cancelled"),
    ],
)
def test_an_undelivered_message_sets_the_status_of_its_recipient(
    status: str, reason: str, recipient: str
) -> None:
    assert recipient_status(status, reason) == recipient


def test_the_figures_count_each_recipient_as_settled_held_or_waiting() -> None:
    figures = BroadcastFigures(100, sent=1, held=2, blocked=4, failed=8, expired=16, cancelled=32)
    assert (figures.settled, figures.waiting) == (61, 37)
    assert replace(figures, recipients=10).waiting == 0


@pytest.mark.parametrize(
    ("budget", "left"),
    [
        (StarsBudget(50), 50),
        (StarsBudget(50, spent=20), 30),
        (StarsBudget(50, 20, stopped_reason="spent"), 0),
    ],
)
def test_a_stopped_budget_has_no_stars_left(budget: StarsBudget, left: int) -> None:
    assert budget.left == left


@pytest.mark.parametrize(("tenths", "text"), [(123, "12.3"), (120, "12"), (7, "0.7"), (0, "0")])
def test_stars_are_written_with_their_tenths(tenths: int, text: str) -> None:
    assert stars_text(tenths) == text


def test_presses_are_listed_in_the_order_of_the_buttons() -> None:
    rows = (
        [{"text": "Yes", "data": "y"}, {"text": "Shop", "url": "https://x.example"}],
        [{"text": "No", "data": "n"}, {"text": "Sure", "data": "y"}],
    )
    assert list_presses(rows, {"n": (3, 2)}) == (
        ButtonPresses("Yes", "y", 0, 0),
        ButtonPresses("No", "n", 3, 2),
    )


def test_an_audience_is_stored_without_the_criteria_that_are_not_set() -> None:
    assert EVERYBODY.as_json() == {} and AudienceFilter.of({}) == EVERYBODY
    narrow = AudienceFilter(
        tags=("vip",),
        any_tags=("a", "b"),
        exclude_tags=("c",),
        language="pl",
        fields={"City": "Gdynia"},
        wrote_since=AT,
        funnels=(FunnelCondition(3, FunnelStanding.GOAL),),
        exclude_funnels=(FunnelCondition(4, FunnelStanding.NEVER),),
    )
    stored = narrow.as_json()
    assert stored["wrote_since"] == "2026-03-01T12:00:00+00:00"
    assert stored["funnels"] == [{"funnel": 3, "state": "goal"}]
    assert stored["exclude_funnels"] == [{"funnel": 4, "state": "never"}]
    assert set(stored) == {
        "tags", "any_tags", "exclude_tags", "language", "fields", "wrote_since", "funnels", "exclude_funnels",
    }  # fmt: skip
    read = AudienceFilter.of({**stored, "tags": ["vip"], "any_tags": ["a", "b"], "exclude_tags": ["c"]})
    assert read == narrow
