"""One act on many dialogs, by an outside program: a job with a result for each dialog."""

from typing import Any

import pytest

from holdline.desk.dialogs.bulk import do_bulk_item
from holdline.scheduler.bulk import run_bulk_jobs
from holdline.store.dialogs import bulk_jobs
from tests.web.conftest import Api, error_of

MISSING = 999999


async def two_dialogs(api: Api) -> tuple[Any, Any]:
    return await api.open("First"), await api.open("Second", customer_id=api.boris.id)


async def start(api: Api, do: dict[str, Any], **whom: Any) -> Any:
    whom = {"manager_telegram_id": api.maria.telegram_id, **whom}
    return await api.post("/bulk", {**whom, "do": do}, status=202)


async def run(api: Api, do: dict[str, Any], **whom: Any) -> Any:
    job = await start(api, do, **whom)
    await run_bulk_jobs(api.store)
    return await api.get(f"/bulk/{job['id']}")


@pytest.mark.parametrize(
    ("do", "becomes"),
    [
        ({"stage": "In handling"}, {"stage": "In handling"}),
        ({"queue": "Second line"}, {"queue": "Second line"}),
        ({"priority": "urgent"}, {"priority": "urgent"}),
        ({"postpone": {"days": 2}}, {"due_at": "2026-01-03T00:00:00Z"}),
        ({"add_tags": ["vip", "late"]}, {"tags": ["late", "vip"]}),
        (
            {"close": {"send_rating_form": False, "reason": "Spam"}},
            {"state": "closed", "close_reason": "Spam"},
        ),
    ],
)
async def test_each_step_is_done_to_every_dialog(
    api: Api, do: dict[str, Any], becomes: dict[str, Any]
) -> None:
    await lists(api)
    first, second = await two_dialogs(api)
    started = await start(api, do, dialogs=[first["id"], second["id"], first["id"]])
    assert started == {"id": started["id"], "state": "running", "total": 2, "done": 0, "refused": []}
    await run_bulk_jobs(api.store)
    assert await api.get(f"/bulk/{started['id']}") == {**started, "state": "done", "done": 2}
    for dialog in (first, second):
        now = await api.get(f"/dialogs/{dialog['id']}")
        assert {name: now[name] for name in becomes} == becomes


async def test_tags_are_taken_away_whatever_their_case_and_others_stay(api: Api) -> None:
    await lists(api)
    dialog = await api.open(tags=["late", "vip"])
    assert (await run(api, {"remove_tags": ["VIP", "unknown"]}, dialogs=[dialog["id"]]))["done"] == 1
    assert (await api.get(f"/dialogs/{dialog['id']}"))["tags"] == ["late"]


async def test_dialogs_are_given_to_a_colleague_and_taken_back(api: Api) -> None:
    dialog = await api.open()
    await run(api, {"assign": api.ivan.telegram_id}, dialogs=[dialog["id"]])
    assert (await api.get(f"/dialogs/{dialog['id']}"))["assignee"]["name"] == "Ivan"
    await run(api, {"assign": None}, dialogs=[dialog["id"]])
    assert (await api.get(f"/dialogs/{dialog['id']}"))["assignee"] is None


async def test_a_bad_dialog_is_refused_by_itself(api: Api) -> None:
    first, second = await two_dialogs(api)
    await api.move(second, "close", send_rating_form=False)
    job = await run(api, {"priority": "low"}, dialogs=[MISSING, second["id"], first["id"]])
    assert (job["state"], job["total"], job["done"]) == ("done", 3, 1)
    assert [(each["dialog_id"], each["code"]) for each in job["refused"]] == [
        (MISSING, "not_found"),
        (second["id"], "dialog_closed"),
    ]
    assert all(each["message"] for each in job["refused"])
    assert (await api.get(f"/dialogs/{first['id']}"))["priority"] == "low"


async def test_a_bulk_close_without_the_permission_is_refused_for_each_dialog(api: Api) -> None:
    dialog = await api.open()
    by = {"manager_telegram_id": api.ivan.telegram_id}
    job = await run(api, {"close": {"send_rating_form": False}}, dialogs=[dialog["id"]], **by)
    assert [each["code"] for each in job["refused"]] == ["not_allowed"]
    assert (await api.get(f"/dialogs/{dialog['id']}"))["state"] == "active"


async def test_a_close_without_a_required_field_is_refused_by_itself(api: Api) -> None:
    field = {"name": "Order", "kind": "text", "required_on_close": ["Support"]}
    await api.post("/fields", field, status=201)
    first, second = await two_dialogs(api)
    by = {"manager_telegram_id": api.maria.telegram_id, "fields": {"Order": "A-1"}}
    await api.call("PATCH", f"/dialogs/{first['id']}", by)
    job = await run(api, {"close": {"send_rating_form": False}}, dialogs=[first["id"], second["id"]])
    assert (job["done"], [each["code"] for each in job["refused"]]) == (1, ["bad_input"])
    assert "Order" in job["refused"][0]["message"]


@pytest.mark.row("C-34")
async def test_all_that_match_are_those_that_matched_at_the_call(api: Api) -> None:
    first, second = await two_dialogs(api)
    await api.move(second, "pause")
    started = await start(api, {"priority": "high"}, filter={"state": "active"})
    await api.move(second, "resume")
    await run_bulk_jobs(api.store)
    assert (started["total"], (await api.get(f"/dialogs/{first['id']}"))["priority"]) == (1, "high")
    assert (await api.get(f"/dialogs/{second['id']}"))["priority"] == "normal"
    nothing = await start(api, {"priority": "high"}, filter={"stage": "Closed"})
    assert (nothing["state"], nothing["total"]) == ("done", 0)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"do": {}}, "do"),
        ({"do": {"stage": "New", "priority": "low"}}, "do"),
        ({"do": {"stage": None}}, "do.stage"),
        ({"do": {"stage": "Nowhere"}}, "stage"),
        ({"do": {"stage": "Closed"}}, "stage"),
        ({"do": {"queue": "Nobody's"}}, "queue"),
        ({"do": {"priority": "highest"}}, "priority"),
        ({"do": {"add_tags": ["unknown"]}}, "tags"),
        ({"do": {"assign": 5}}, "assign"),
        ({"do": {"close": {"customer_score": 4}}}, "do.close.customer_score"),
        ({"do": {"postpone": {}}}, "by"),
        ({"do": {"postpone": {"days": 1, "hours": 1}}}, "by"),
        ({"do": {"postpone": {"months": 500}}}, "by"),
        ({"do": {"fly": True}}, "do.fly"),
        ({"dialogs": None, "filter": {"priority": "highest"}}, "filter.priority"),
        ({"dialogs": []}, "dialogs"),
        ({"filter": {}}, "dialogs"),
        ({"dialogs": None}, "dialogs"),
    ],
)
async def test_a_bad_call_is_refused_whole(api: Api, wrong: dict[str, Any], named: str) -> None:
    dialog = await api.open()
    body = {
        "manager_telegram_id": api.maria.telegram_id,
        "dialogs": [dialog["id"]],
        "do": {"priority": "low"},
        **wrong,
    }
    assert error_of(await api.call("POST", "/bulk", body), 400, "bad_input")["object"]["name"] == named
    assert await api.store.read(bulk_jobs.next_item) is None


async def test_the_same_call_is_one_job_and_the_same_dialog_is_done_once(api: Api) -> None:
    dialog = await api.open()
    body = {
        "manager_telegram_id": api.maria.telegram_id,
        "dialogs": [dialog["id"]],
        "do": {"priority": "low"},
    }
    first = await api.post("/bulk", body, status=202, key="once")
    assert await api.post("/bulk", body, status=202, key="once") == first
    item = await api.store.read(bulk_jobs.next_item)
    assert item is not None
    for _ in range(2):
        await api.store.act(do_bulk_item, item=item)
    entries = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    assert [entry["kind"] for entry in entries].count("dialog_changed") == 1
    assert (await api.get(f"/bulk/{first['id']}"))["state"] == "done"


async def test_a_job_continues_after_the_person_who_began_it_has_left(api: Api) -> None:
    dialog = await api.open()
    job = await start(api, {"priority": "low"}, dialogs=[dialog["id"]])
    await api.call("PATCH", f"/managers/{api.maria.id}", {"active": False})
    await run_bulk_jobs(api.store)
    over = await api.get(f"/bulk/{job['id']}")
    assert [each["code"] for each in over["refused"]] == ["not_allowed"]


async def test_jobs_take_turns(api: Api) -> None:
    first, second = await two_dialogs(api)
    await start(api, {"priority": "low"}, dialogs=[first["id"], second["id"]])
    short = await start(api, {"add_tags": []}, dialogs=[first["id"]])
    for _ in range(2):
        item = await api.store.read(bulk_jobs.next_item)
        assert item is not None
        await api.store.act(do_bulk_item, item=item)
    assert (await api.get(f"/bulk/{short['id']}"))["state"] == "done"
    error_of(await api.call("GET", f"/bulk/{MISSING}"), 404, "not_found")


async def lists(api: Api) -> None:
    for kind, names in {"queues": ["Second line"], "tags": ["late", "vip"]}.items():
        for name in names:
            await api.post(f"/lists/{kind}", {"name": name}, status=201)
