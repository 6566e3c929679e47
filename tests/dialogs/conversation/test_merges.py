"""Merging two dialogs of a customer, and undoing it."""

import pytest

from holdline.dialogs.conversation.merges import event_at_target, merge, require_merged, unmerge
from holdline.dialogs.event import EventKind
from holdline.dialogs.refusal import NotMerged, WrongState
from tests.dialogs.examples import ANNA, AT, example_dialog, person_of_desk, refusal_of

BY = person_of_desk(ANNA).as_actor()
SOURCE, TARGET = example_dialog(id=6, title="Again", stage="In handling"), example_dialog()


def test_the_merged_dialog_closes_and_names_its_target() -> None:
    decision = merge(SOURCE, TARGET, by=BY, at=AT)
    after = decision.dialog
    assert (after.state, after.stage, after.closed_at) == ("closed", "Closed", AT)
    assert (after.merged_into, after.close_reason) == (5, "merged")
    (event,) = decision.events
    assert (event.kind, event.actor, event.dialog_id) == (EventKind.DIALOG_CLOSED, BY, 6)
    told = {
        "merged_into": 5,
        "stage": "In handling",
        "rating_form": False,
        "reason": "merged",
        "from": "active",
    }
    assert told.items() <= event.data.items()


def test_a_merge_with_itself_another_customers_or_a_closed_dialog_is_refused() -> None:
    assert refusal_of(lambda: merge(SOURCE, SOURCE, by=BY, at=AT)) == ("into", "merging.mend_itself", {})
    other = example_dialog(customer_id=10)
    assert refusal_of(lambda: merge(SOURCE, other, by=BY, at=AT)) == ("into", "merging.mend_customer", {})
    closed = example_dialog(id=8, state="closed")
    for source, target in ((closed, TARGET), (SOURCE, closed)):
        with pytest.raises(WrongState) as refused:
            merge(source, target, by=BY, at=AT)
        assert refused.value.obj == closed.as_object


@pytest.mark.parametrize(("recorded", "stage"), [({"stage": "New"}, "New"), ({}, "In handling")])
def test_an_undone_merge_leaves_a_paused_dialog(recorded: dict[str, str], stage: str) -> None:
    merged = merge(SOURCE, TARGET, by=BY, at=AT).dialog
    require_merged(merged)
    decision = unmerge(merged, recorded, by=BY)
    after = decision.dialog
    assert (after.state, after.stage) == ("paused", stage)
    assert (after.closed_at, after.close_reason, after.merged_into) == (None, None, None)
    (event,) = decision.events
    assert (event.kind, event.actor, event.customer_id, event.dialog_id) == (
        EventKind.DIALOG_UNMERGED,
        BY,
        9,
        6,
    )
    assert event.data == {"from": "closed", "to": "paused", "merged_into": 5} and event.before == merged


def test_only_a_merged_dialog_can_be_unmerged() -> None:
    with pytest.raises(NotMerged) as refused:
        unmerge(TARGET, {}, by=BY)
    assert (refused.value.code, refused.value.text_key) == ("wrong_state", "refusals.not_merged")
    assert refused.value.obj == TARGET.as_object and refused.value.state == "active"


def test_a_merge_is_recorded_in_the_target_dialog() -> None:
    event = event_at_target(EventKind.DIALOG_MERGED, TARGET, SOURCE, by=BY)
    assert (event.kind, event.actor, event.customer_id, event.dialog_id) == (
        EventKind.DIALOG_MERGED,
        BY,
        9,
        5,
    )
    assert event.data == {"dialog_id": 6, "title": "Again"} and event.before == TARGET
