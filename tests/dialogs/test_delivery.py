"""Every error the Bot API is known to give has one meaning, and the meaning stands here."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from holdline.dialogs.answers import TABLE, known
from holdline.dialogs.call import NO_QUOTE, PLAIN, Call, Lost, NotSent, Reply, mended
from holdline.dialogs.delivery import (
    Action,
    Outcome,
    Refused,
    RetryLater,
    Scope,
    Sent,
    Uncertain,
    judge,
    repeatable,
)

FACTS = Path(__file__).parents[2] / "holdline" / "sandbox" / "facts" / "errors.json"
ERRORS: list[dict[str, Any]] = json.loads(FACTS.read_text(encoding="utf-8"))

TOKEN = {"path_not_found", "unauthorized", "token_malformed", "logged_out"}
OUTAGE = {"conflict_webhook", "conflict_other_poll", "conflict_set_webhook"}
UNKNOWN = {"restart", "bad_gateway"}
DONE = {"not_modified", "delete_not_found", "query_too_old", "topic_not_modified"}
GONE = {
    "edit_not_found", "edit_cant", "edit_no_text", "delete_cant", "delete_cant_everyone", "pin_not_found",
    "react_not_found", "reaction_invalid", "topic_no_right_close", "topic_no_right_edit",
}  # fmt: skip
PLAIN_TEXT = {
    "html_unsupported_tag",
    "html_unclosed",
    "html_unmatched",
    "html_unexpected_end",
    "md2_reserved",
}
BY_ACTION = {
    Action.DONE: DONE,
    Action.GONE: GONE,
    Action.PLAIN: PLAIN_TEXT,
    Action.NO_QUOTE: {"reply_not_found"},
    Action.TOPIC_LOST: {"thread_not_found", "topic_closed"},
    Action.HEADED: {"not_a_forum", "topic_no_right_create"},
    Action.BLOCKED: {"bot_blocked"},
    Action.DEACTIVATED: {"user_deactivated"},
    Action.UNKNOWN_CHAT: {"chat_not_found", "cant_initiate", "bot_to_bot"},
    Action.LANE_STOPPED: {
        "kicked_group", "kicked_supergroup", "kicked_channel", "not_member_supergroup", "group_deleted",
        "no_rights_text", "no_write_access",
    },
    Action.MIGRATED: {"migrated"},
    Action.MEDIA: {"wrong_file_id", "wrong_file_identifier"},
}  # fmt: skip


def answered(error: dict[str, Any], method: str = "sendMessage") -> Outcome:
    """The error as the server sends it, with something in its blanks."""
    described = error["text"]
    for blank in ("{n}", "{tag}", "{a}", "{b}", "{c}", "{reason}"):
        described = described.replace(blank, "7")
    named = {"retry_after": 7, "migrate_to_chat_id": -1009}
    parameters = {name: named[name] for name in error["parameters"]}
    body = {"ok": False, "error_code": error["code"], "description": described}
    return judge(
        Reply(error["code"], body | ({"parameters": parameters} if parameters else {})), method=method
    )


def meant(error_id: str) -> Any:
    """What this table says it means: a scope, an action, or Uncertain."""
    if error_id in TOKEN:
        return Scope.TOKEN
    if error_id in OUTAGE:
        return Scope.BOT
    if error_id == "too_many_requests":
        return Scope.CHAT
    if error_id in UNKNOWN:
        return Uncertain
    return next((action for action, ids in BY_ACTION.items() if error_id in ids), Action.PARK)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: str(error["id"]))
def test_an_error_means_what_the_table_says(error: dict[str, Any]) -> None:
    match answered(error), meant(error["id"]):
        case RetryLater(scope=scope), wanted:
            assert scope is wanted
        case Refused(action=action), wanted:
            assert action is wanted
        case Uncertain(), wanted:
            assert wanted is Uncertain
        case outcome, wanted:
            pytest.fail(f"{outcome} instead of {wanted}")


def test_no_known_error_is_left_to_chance() -> None:
    refusals = [error for error in ERRORS if isinstance(answered(error), Refused)]
    assert len(refusals) > 50
    assert [error["id"] for error in refusals if error["id"] != "migrated" and not known(error["text"])] == []


def test_every_line_of_the_table_names_an_action() -> None:
    assert {action for _, action in TABLE} <= set(Action)
    assert all(part == part.lower() for part, _ in TABLE)


def test_the_wait_is_taken_from_the_field_and_never_zero() -> None:
    flood = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 9"}
    named = judge(Reply(429, flood | {"parameters": {"retry_after": 30}}), method="sendMessage")
    assert isinstance(named, RetryLater) and named.retry_after == 30
    nameless = judge(Reply(429, flood), method="sendMessage")
    assert isinstance(nameless, RetryLater) and nameless.retry_after == 5


def test_the_new_id_of_a_group_is_carried_along() -> None:
    body = {"ok": False, "error_code": 400, "description": "x", "parameters": {"migrate_to_chat_id": -1007}}
    outcome = judge(Reply(400, body), method="sendMessage")
    assert isinstance(outcome, Refused) and outcome.new_chat_id == -1007


def test_an_answer_that_cannot_be_read_but_says_200_was_carried_out() -> None:
    assert judge(Reply(200), method="sendMessage") == Sent()


def test_a_page_from_the_front_end_tells_nothing_about_a_send() -> None:
    assert isinstance(judge(Reply(502), method="sendMessage"), Uncertain)
    assert judge(Reply(502), method="editMessageText") == RetryLater("HTTP 502", Scope.BOT, code=502)


def test_before_the_request_left_a_repeat_is_safe_afterwards_it_is_not() -> None:
    assert judge(NotSent("refused"), method="sendMessage") == RetryLater("refused", Scope.BOT)
    assert judge(Lost("reset"), method="sendMessage") == Uncertain("reset")
    assert judge(Lost("reset"), method="deleteMessage") == RetryLater("reset", Scope.BOT)


def test_an_unknown_text_is_tried_again_and_an_unknown_403_closes_the_chat() -> None:
    said = {"ok": False, "error_code": 400, "description": "Bad Request: SOMETHING_NEW"}
    outcome = judge(Reply(400, said), method="sendMessage")
    assert isinstance(outcome, Refused) and outcome.action is Action.TRY_AGAIN
    outcome = judge(Reply(403, said | {"error_code": 403}), method="sendMessage")
    assert isinstance(outcome, Refused) and outcome.action is Action.UNKNOWN_CHAT


@pytest.mark.row("F-02")
def test_an_album_refused_half_way_waits_for_a_person() -> None:
    half = {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: wrong file identifier/HTTP URL specified",
    }
    outcome = judge(Reply(400, half), method="copyMessages")
    assert isinstance(outcome, Refused) and outcome.action is Action.PARK
    blocked = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    outcome = judge(Reply(403, blocked), method="copyMessages")
    assert isinstance(outcome, Refused) and outcome.action is Action.BLOCKED


@pytest.mark.parametrize(
    ("code", "body"),
    list(
        product(
            (200, 400, 429, 500),
            ({}, {"ok": False}, {"ok": 1}, {"ok": False, "error_code": "x", "parameters": []}),
        )
    ),
)
def test_a_malformed_answer_is_never_an_exception(code: int, body: dict[str, Any]) -> None:
    assert isinstance(judge(Reply(code, body), method="sendMessage"), Sent | RetryLater | Refused | Uncertain)


def test_what_only_changes_or_asks_may_be_done_twice() -> None:
    assert all(
        repeatable(method)
        for method in ("editMessageText", "deleteMessage", "setMessageReaction", "pinChatMessage")
    )
    assert not any(
        repeatable(method) for method in ("sendMessage", "copyMessages", "createForumTopic", "sendDocument")
    )


def test_a_mended_call_leaves_out_only_what_was_refused() -> None:
    call = Call("sendMessage", {"text": "x", "entities": [1], "reply_parameters": {"message_id": 1}})
    assert mended(call, []) is call
    assert mended(call, [PLAIN]).params == {"text": "x", "reply_parameters": {"message_id": 1}}
    assert mended(call, [PLAIN, NO_QUOTE]).params == {"text": "x"}
