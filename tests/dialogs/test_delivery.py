"""Every known error of the Bot API has one meaning, listed here."""

import json
from pathlib import Path
from typing import Any

import pytest

from holdline.telegram.call import NO_QUOTE, PLAIN, Call, Lost, NotSent, Reply, apply_fallbacks
from holdline.telegram.outcomes import (
    Action,
    Outcome,
    Refused,
    RetryLater,
    Scope,
    Uncertain,
    is_repeatable,
    judge,
)
from holdline.telegram.refusal_table import TABLE

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
    Action.NO_TOPICS: {"not_a_forum", "topic_no_right_create"},
    Action.BLOCKED: {"bot_blocked"},
    Action.DEACTIVATED: {"user_deactivated"},
    Action.UNKNOWN_CHAT: {"chat_not_found", "cant_initiate", "bot_to_bot"},
    Action.CHAT_STOPPED: {
        "kicked_group", "kicked_supergroup", "kicked_channel", "not_member_supergroup", "group_deleted",
        "no_rights_text", "no_write_access",
    },
    Action.MIGRATED: {"migrated"},
    Action.NO_BUTTONS: {"markup_json", "markup_object", "button_data_invalid", "button_url_invalid", "markup_too_long"},
    Action.IN_WORDS: {"copy_cant"},
    Action.BY_FILE: {"copy_not_found"},
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


def test_every_known_error_is_in_the_table() -> None:
    refusals = [error for error in ERRORS if isinstance(answered(error), Refused)]
    assert len(refusals) > 50
    unknown = [
        error["id"] for error in refusals if not any(part in error["text"].lower() for part, _ in TABLE)
    ]
    assert unknown == ["migrated"]


def test_every_line_of_the_table_names_an_action() -> None:
    assert {action for _, action in TABLE} <= set(Action)
    assert all(part == part.lower() for part, _ in TABLE)


def test_the_wait_is_taken_from_the_field_and_never_zero() -> None:
    flood = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 9"}
    named = judge(Reply(429, flood | {"parameters": {"retry_after": 30}}), method="sendMessage")
    assert isinstance(named, RetryLater) and named.retry_after == 30
    nameless = judge(Reply(429, flood), method="sendMessage")
    assert isinstance(nameless, RetryLater) and nameless.retry_after == 5
    for endless in (10**400, 1e308, float("inf")):
        answer = judge(Reply(429, flood | {"parameters": {"retry_after": endless}}), method="sendMessage")
        assert isinstance(answer, RetryLater) and answer.retry_after == 10**6


def test_the_new_id_of_a_group_is_part_of_the_outcome() -> None:
    body = {"ok": False, "error_code": 400, "description": "x", "parameters": {"migrate_to_chat_id": -1007}}
    outcome = judge(Reply(400, body), method="sendMessage")
    assert isinstance(outcome, Refused) and outcome.new_chat_id == -1007
    nowhere = judge(Reply(400, body | {"parameters": {"migrate_to_chat_id": -(2**64)}}), method="sendMessage")
    assert isinstance(nowhere, Refused) and nowhere.new_chat_id is None


METHODS = ("sendMessage", "sendPhoto", "copyMessage", "copyMessages", "createForumTopic")
CHANGES = ("editMessageText", "deleteMessage", "setMessageReaction", "getChatMember", "getMe")
OTHER_SHAPES: list[Any] = [
    None,
    {},
    {"ok": False},
    {"ok": 1, "result": {}},
    {"ok": "true", "result": {}},
    {"ok": True},
    {"error": "forbidden"},
    {"ok": False, "error_code": "403", "description": "blocked by the user"},
    {"ok": False, "error_code": True, "description": "bot was blocked by the user"},
    {"ok": False, "error_code": 403, "description": None},
    {"ok": None, "error_code": 403, "description": "Forbidden: bot was blocked by the user"},
]


@pytest.mark.parametrize("body", OTHER_SHAPES, ids=repr)
@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 403, 404, 407, 413, 429, 451, 500, 502, 504])
def test_an_answer_that_is_not_from_telegram_is_neither_success_nor_refusal(status: int, body: Any) -> None:
    for method in METHODS:
        outcome = judge(Reply(status, body), method=method)
        assert isinstance(outcome, RetryLater if 300 <= status < 500 else Uncertain)
        assert not isinstance(outcome, RetryLater) or outcome.scope in {Scope.FRONT, Scope.CHAT}
    for method in CHANGES:
        assert isinstance(judge(Reply(status, body), method=method), RetryLater)


def test_a_page_that_asks_to_retry_later_is_honoured() -> None:
    outcome = judge(Reply(429), method="sendMessage")
    assert isinstance(outcome, RetryLater) and (outcome.scope, outcome.retry_after) == (Scope.CHAT, 5)


def test_a_send_is_repeated_only_if_the_request_was_not_sent() -> None:
    assert judge(NotSent("refused"), method="sendMessage") == RetryLater("refused", Scope.BOT)
    assert judge(Lost("reset"), method="sendMessage") == Uncertain("reset")
    assert judge(Lost("reset"), method="deleteMessage") == RetryLater("reset", Scope.BOT)


@pytest.mark.parametrize("code", [400, 403, 406, 420, 451])
def test_an_unknown_refusal_concerns_the_message_and_not_its_recipient(code: int) -> None:
    body = {"ok": False, "error_code": code, "description": "Something new"}
    outcome = judge(Reply(code, body), method="sendMessage")
    assert isinstance(outcome, Refused) and outcome.action is Action.TRY_AGAIN


@pytest.mark.row("F-02")
def test_a_half_sent_album_waits_for_a_manager() -> None:
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


def test_edits_and_deletions_are_repeated_and_sends_are_not() -> None:
    assert all(
        is_repeatable(method)
        for method in ("editMessageText", "deleteMessage", "setMessageReaction", "pinChatMessage")
    )
    assert not any(
        is_repeatable(method)
        for method in ("sendMessage", "copyMessages", "createForumTopic", "sendDocument")
    )


def test_a_corrected_call_leaves_out_only_the_refused_part() -> None:
    call = Call("sendMessage", {"text": "x", "entities": [1], "reply_parameters": {"message_id": 1}})
    assert apply_fallbacks(call, []) is call
    assert apply_fallbacks(call, [PLAIN]).params == {"text": "x", "reply_parameters": {"message_id": 1}}
    assert apply_fallbacks(call, [PLAIN, NO_QUOTE]).params == {"text": "x"}
