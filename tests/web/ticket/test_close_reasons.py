"""Close reasons at the API: each may set the outcome of a close."""

from typing import Any

import pytest

from tests.web.conftest import Api, error_of


async def add(api: Api, name: str, **more: Any) -> Any:
    return await api.post("/close-reasons", {"name": name, **more}, status=201)


async def close(api: Api, **given: Any) -> Any:
    return await api.move(await api.open(), "close", send_rating_form=False, **given)


async def test_reasons_are_added_changed_and_deleted(api: Api) -> None:
    reason = await add(api, "Refunded", outcome="success")
    assert reason == {"id": reason["id"], "name": "Refunded", "outcome": "success"}
    path = f"/close-reasons/{reason['id']}"
    changed = (await api.call("PATCH", path, {"outcome": None})).json()
    assert changed == {**reason, "outcome": None}
    changed = (await api.call("PATCH", path, {"name": "Paid back", "outcome": "failure"})).json()
    assert (await api.get("/close-reasons"))["items"] == [changed]
    assert (await api.call("DELETE", path)).json() == {"id": reason["id"], "deleted": True}
    assert (await api.get("/close-reasons")) == {"items": [], "next": None}
    error_of(await api.call("DELETE", path), 404, "not_found")
    error_of(await api.call("PATCH", path, {"name": "X"}), 404, "not_found")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"name": "refunded"}, "name"),
        ({"name": " "}, "name"),
        ({"name": "X", "outcome": "draw"}, "outcome"),
        ({}, "name"),
    ],
)
async def test_a_wrong_reason_is_refused_by_name(api: Api, wrong: Any, named: str) -> None:
    await add(api, "Refunded")
    assert (
        error_of(await api.call("POST", "/close-reasons", wrong), 400, "bad_input")["object"]["name"] == named
    )
    error_of(await api.as_("desk").call("POST", "/close-reasons", {"name": "Y"}), 403, "not_allowed")
    assert len((await api.get("/close-reasons"))["items"]) == 1


async def test_a_close_has_the_outcome_of_its_reason_unless_it_gives_one(api: Api) -> None:
    await add(api, "Refunded", outcome="success")
    await add(api, "Moved")
    closed = await close(api, reason="refunded")
    assert (closed["close_reason"], closed["outcome"]) == ("Refunded", "success")
    assert (await close(api, reason="Refunded", outcome="failure"))["outcome"] == "failure"
    assert (await close(api, reason="Moved"))["outcome"] is None
    assert (await close(api, reason="Somebody's own words"))["outcome"] is None
    assert (await close(api))["outcome"] is None
    report = (await api.call("GET", "/reports/dialogs.csv")).text.splitlines()
    assert report[0].endswith(",outcome")
    assert [line.rpartition(",")[2] for line in report[1:]] == ["success", "failure", "", "", ""]


async def test_a_report_counts_how_dialogs_ended_by_the_desks_reasons(api: Api) -> None:
    await add(api, "Refunded", outcome="success")
    await add(api, "Lost", outcome="failure")
    for reason in ("Refunded", "Lost", "Refunded", "my own words", None):
        await close(api, **({"reason": reason} if reason else {}))
    items = (await api.get("/reports/outcomes"))["items"]
    assert items[0] == {"reason": "Refunded", "outcome": "success", "dialogs": 2}
    assert {"reason": None, "outcome": None, "dialogs": 2} in items
    assert {"reason": "Lost", "outcome": "failure", "dialogs": 1} in items
    assert len(items) == 3
    table = (await api.call("GET", "/reports/outcomes.csv")).text.splitlines()
    assert table[0] == "reason,outcome,dialogs" and "Lost,failure,1" in table
    assert (await api.get("/reports/outcomes", type="Refund"))["items"] == []
