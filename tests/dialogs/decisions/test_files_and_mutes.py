"""Files of a dialog, its people and history, mutes, tags, and a reply that crosses a customer's message."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdline.dialogs.bulk import BulkJob, BulkStep
from holdline.dialogs.conversation.timeline import HistoryFilter, filter_of, holds_words
from holdline.dialogs.customer import Mute
from holdline.dialogs.decisions.attachments import (
    FILE_LIMIT,
    MOST_ATTACHMENTS,
    NewFile,
    file_name,
    refuse_bad_file,
)
from holdline.dialogs.decisions.changes import valid_priority, valid_stage, with_tags, without_tags
from holdline.dialogs.decisions.conversation import refuse_crossing
from holdline.dialogs.decisions.muting import REASON_LIMIT, is_same, valid_reason
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.sla.clock import Sla
from tests.dialogs.examples import ANNA, AT, BORIS, example_dialog, refusal_of

FILE = NewFile("a.pdf", "application/pdf", 10)


@pytest.mark.parametrize(
    ("file", "already", "refusal"),
    [
        (FILE, MOST_ATTACHMENTS - 1, None),
        (replace(FILE, size=FILE_LIMIT), 0, None),
        (replace(FILE, size=0, file_id="f"), 0, None),
        (replace(FILE, size=0), 0, ("file", "attach.empty", {})),
        (replace(FILE, size=FILE_LIMIT + 1), 0, ("file", "attach.too_large", {"limit": 20})),
        (FILE, MOST_ATTACHMENTS, ("file", "attach.too_many", {"limit": MOST_ATTACHMENTS})),
    ],
)
def test_an_empty_or_too_large_file_or_one_file_too_many_is_refused(
    file: NewFile, already: int, refusal: Any
) -> None:
    if refusal is None:
        refuse_bad_file(file, already=already)
    else:
        assert refusal_of(lambda: refuse_bad_file(file, already=already)) == refusal


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a.pdf", "a.pdf"),
        ("/etc/a.pdf", "a.pdf"),
        ("C:\\Docs\\a.pdf", "a.pdf"),
        ("x" * 116 + ".pdf", "x" * 116 + ".pdf"),
        ("x" * 117 + ".pdf", "x" * 99 + "….pdf"),
        ("x" * 121, "x" * 99 + "…"),
        ("x" * 110 + "." + "y" * 30, "x" * 99 + "…." + "y" * 19 + "…"),
        ("a.b." + "x" * 117, "a.b." + "x" * 19 + "…"),
        ("", "file"),
        ("docs/", "file"),
    ],
)
def test_a_file_name_loses_its_folders_and_keeps_its_extension(written: str, name: str) -> None:
    assert file_name(written) == name


def test_a_mute_needs_a_reason_on_one_line() -> None:
    assert valid_reason("  spam,\n again ") == "spam, again"
    assert valid_reason("x" * REASON_LIMIT) == "x" * REASON_LIMIT
    for reason in (" \n", "x" * (REASON_LIMIT + 1)):
        refused = ("reason", "mute.reason", {"limit": REASON_LIMIT})
        assert refusal_of(lambda reason=reason: valid_reason(reason)) == refused  # type: ignore[misc]


@pytest.mark.parametrize(
    ("after", "same"),
    [
        (Mute(AT + timedelta(days=1), None, "spam"), True),
        (Mute(AT, AT, "spam"), False),
        (Mute(AT, None, "rude"), False),
    ],
)
def test_repeating_the_same_mute_changes_nothing(after: Mute, same: bool) -> None:
    assert is_same(Mute(AT, None, "spam"), after) is same


def test_tags_that_differ_only_in_case_are_one() -> None:
    assert with_tags(["vip"], ["VIP", "new", "New", "old"]) == ["vip", "New", "old"]
    assert without_tags(["vip", "New", "old"], ["VIP", "new", "gone"]) == ["old"]


def test_an_unknown_priority_or_stage_is_refused() -> None:
    assert valid_priority("Urgent") == "urgent"
    assert refusal_of(lambda: valid_priority("now"))[:2] == ("priority", "mends.one_of")
    assert valid_stage("Awaiting parts") == "Awaiting parts"
    for name in ("Closed", " closed "):
        refused = ("stage", "stage_by_close", {})
        assert refusal_of(lambda name=name: valid_stage(name)) == refused  # type: ignore[misc]


@pytest.mark.parametrize(
    ("seen", "newest", "anyway", "asks"),
    [(3, 4, False, True), (0, 4, False, True), (4, 4, False, False), (5, 4, False, False), (3, 4, True, False),
     (None, 4, False, False)],
)  # fmt: skip
def test_a_reply_overtaken_by_a_customers_message_needs_confirmation(
    seen: int | None, newest: int, anyway: bool, asks: bool
) -> None:
    if not asks:
        refuse_crossing(seen, newest, anyway=anyway)
        return
    with pytest.raises(DeskError) as refused:
        refuse_crossing(seen, newest)
    assert (refused.value.code, refused.value.allowed) == ("newer_message", ("send_anyway",))
    assert refused.value.obj == {"type": "message", "id": 4}


def test_a_bulk_job_is_running_until_it_is_finished() -> None:
    job = BulkJob(1, 2, BulkStep("close", {}), 3, 0, (), is_finished=False)
    assert (job.state, replace(job, is_finished=True).state) == ("running", "done")


def test_a_dialog_knows_its_policy_and_the_people_who_handle_it() -> None:
    plain = example_dialog()
    assert plain.sla_policy is None and example_dialog(sla=Sla("Gold", ())).sla_policy == "Gold"
    assert plain.as_object == {"type": "dialog", "id": 5, "title": "Late parcel", "state": "active"}
    assert plain.is_handled_by(ANNA.id) and not plain.is_handled_by(BORIS.id)
    assert example_dialog(assignee=BORIS).is_handled_by(BORIS.id)
    assert example_dialog(assignee=BORIS, participants=()).is_handled_by(BORIS.id)
    assert not example_dialog(assignee=None, participants=()).is_handled_by(ANNA.id)


@pytest.mark.parametrize(
    ("word", "filter_", "words"),
    [
        ("all", HistoryFilter.ALL, True),
        ("messages", HistoryFilter.MESSAGES, True),
        ("notes", HistoryFilter.NOTES, False),
        ("automatic", HistoryFilter.AUTOMATIC, False),
        ("nothing", HistoryFilter.ALL, True),
    ],
)
def test_history_is_filtered_by_a_word(word: str, filter_: HistoryFilter, words: bool) -> None:
    assert filter_of(word) is filter_ and holds_words(filter_) is words
