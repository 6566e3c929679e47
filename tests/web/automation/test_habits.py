"""The automatic habits of the desk, at the HTTP API."""

from tests.web.automation.test_desk_rules import write
from tests.web.conftest import Api, error_of


async def test_a_customers_answer_ends_a_pause_once_it_is_switched_on(api: Api) -> None:
    assert (await api.get("/habits"))["answer_ends_pause"] is False
    changed = (await api.call("PATCH", "/habits", {"answer_ends_pause": True})).json()
    assert changed == await api.get("/habits") and changed["answer_ends_pause"] is True
    dialog = await api.open()
    await api.move(dialog, "pause")
    held = await api.post("/outbound", api.ad(), status=202)
    assert held["status"] == "queued"
    await write(api, "Any news?")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["state"] == "active"
    assert (await api.get(f"/outbound/{held['id']}"))["status"] == "held"
    (entry,) = await api.entries(dialog, "dialog_resumed")
    assert entry["actor"] == {"kind": "rule", "name": "The customer’s answer"}


async def test_only_an_admin_key_changes_habits(api: Api) -> None:
    body = {"answer_ends_pause": True}
    error_of(await api.as_("desk").call("PATCH", "/habits", body), 403, "not_allowed")
    error_of(await api.call("PATCH", "/habits", {"answer_ends_pause": "yes"}), 400, "bad_input")
    error_of(await api.call("PATCH", "/habits", {"tea": True}), 400, "bad_input")
    assert (await api.get("/habits"))["answer_ends_pause"] is False


async def test_closing_after_silence_is_set_with_its_warning(api: Api) -> None:
    shown = await api.get("/habits")
    assert (shown["close_after"], shown["warn_before"]) == (None, "1d")
    changed = (await api.call("PATCH", "/habits", {"close_after": "5d", "warn_before": "12h"})).json()
    assert changed == {
        "answer_ends_pause": False,
        "close_after": "5d",
        "warn_before": "12h",
        "alarm_held_after": "7d",
    }
    for wrong, name in (
        ({"close_after": "12h"}, "close_after"),
        ({"close_after": "soon"}, "close_after"),
        ({"warn_before": "1m"}, "warn_before"),
        ({"warn_before": "6d"}, "close_after"),
        ({"warn_before": "x" * 11}, "warn_before"),
        ({"alarm_held_after": "1m"}, "alarm_held_after"),
    ):
        assert error_of(await api.call("PATCH", "/habits", wrong), 400, "bad_input")["object"]["name"] == name
    assert await api.get("/habits") == changed
    assert (await api.call("PATCH", "/habits", {"close_after": None})).json()["close_after"] is None
    never = (await api.call("PATCH", "/habits", {"alarm_held_after": None})).json()
    assert never["alarm_held_after"] is None


async def test_the_warning_is_a_standard_message(api: Api) -> None:
    path = "/standard-messages/silence_warning"
    assert "{hours}" in (await api.get(path, language="pl"))["text"]
    body = {"text": "Za {hours} h zamykamy „{title}”."}
    assert (await api.call("PUT", f"{path}?language=pl", body)).status_code == 200
    assert (await api.get(path, language="pl"))["text"] == body["text"]
