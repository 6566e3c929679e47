"""Every documented error, with its exact words and its status."""

import re

import pytest

from holdline.sandbox import facts
from tests.sandbox.provoking import PROVOKE
from tests.sandbox.wire import Wire

ELSEWHERE = {
    "conflict_other_poll": "needs two polls at once: test_polling",
    "conflict_set_webhook": "needs a held poll: test_polling",
}


def test_every_documented_error_is_provoked_somewhere() -> None:
    assert PROVOKE.keys() | ELSEWHERE.keys() == facts.errors().keys()


@pytest.mark.parametrize("error_id", sorted(PROVOKE))
async def test_an_error_has_the_description_and_status_of_the_real_server(
    loose_wire: Wire, error_id: str
) -> None:
    fact = facts.errors()[error_id]
    body = await PROVOKE[error_id](loose_wire)
    pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(fact.text))
    assert (loose_wire.status, body["error_code"], body["ok"]) == (fact.code, fact.code, False)
    assert re.fullmatch(pattern, body["description"]), body["description"]


async def test_a_moved_group_names_its_new_id(wire: Wire) -> None:
    body = await PROVOKE["migrated"](wire)
    new_id = body["parameters"]["migrate_to_chat_id"]
    assert (await wire.good("sendMessage", chat_id=new_id, text="found you"))["chat"]["id"] == new_id


async def test_flood_control_states_the_wait_in_body_and_header(wire: Wire) -> None:
    body = await PROVOKE["too_many_requests"](wire)
    seconds = body["parameters"]["retry_after"]
    assert wire.headers["Retry-After"] == str(seconds)
    assert body["description"] == f"Too Many Requests: retry after {seconds}"


async def test_html_errors_count_bytes_not_characters(loose_wire: Wire) -> None:
    said = await PROVOKE["html_unsupported_tag"](loose_wire)
    assert said["description"].endswith('Unsupported start tag "foo" at byte offset 2')


async def test_method_names_are_case_insensitive(wire: Wire) -> None:
    assert (await wire.good("GETME"))["is_bot"] is True


async def test_a_known_method_that_is_not_built_is_not_found_rather_than_true(wire: Wire) -> None:
    assert await wire.text("getMyStarBalance") == "Not Found: method not found"
