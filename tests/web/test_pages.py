"""Lists are complete with pages of any size, also while they grow."""

from typing import Any

import pytest

from tests.web.conftest import Api, error_of


async def walked(api: Api, path: str, **params: Any) -> list[Any]:
    """Every item, page by page; a cursor that leads in a circle fails the test."""
    items: list[Any] = []
    cursor: str | None = None
    for _ in range(100):
        page = await api.get(path, **params, **({"cursor": cursor} if cursor else {}))
        assert set(page) == {"items", "next"}
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items
        assert len(page["items"]) == params["limit"]
    raise AssertionError("the cursor never ends")


@pytest.mark.parametrize("limit", [1, 2, 7, 200])
async def test_every_list_is_the_same_in_pages_of_any_size(api: Api, limit: int) -> None:
    by = {"manager_telegram_id": api.maria.telegram_id}
    for number in range(7):
        dialog = await api.open(f"No {number}")
        await api.post(f"/dialogs/{dialog['id']}/messages", {**by, "text": "Hi"}, status=201)
        await api.move(dialog, "close", send_rating_form=False)
        await api.post("/lists/tags", {"name": f"tag {number}"}, status=201)
    customer = f"/customers/{api.anna.id}"
    for path in ("/dialogs", f"{customer}/dialogs", f"{customer}/transcript", f"{customer}/history"):
        for order in ("newest", "oldest"):
            ids = [item["id"] for item in await walked(api, path, limit=limit, order=order)]
            assert len(ids) >= 7
            assert ids == sorted(set(ids), reverse=order == "newest")
    for path, least in (("/lists/tags", 7), ("/managers", 3), ("/customers", 2)):
        ids = [item["id"] for item in await walked(api, path, limit=limit)]
        assert len(ids) == least
        assert ids == sorted(set(ids))


async def test_objects_added_meanwhile_shift_no_page(api: Api) -> None:
    for number in range(4):
        await api.move(await api.open(f"No {number}"), "close", send_rating_form=False)
    first = await api.get("/dialogs", limit=2)
    await api.open("New one")
    second = await api.get("/dialogs", limit=2, cursor=first["next"])
    assert [d["title"] for d in first["items"] + second["items"]] == ["No 3", "No 2", "No 1", "No 0"]
    assert second["next"] is None


async def test_a_made_up_cursor_is_refused(api: Api) -> None:
    for cursor in ("x", "", "n", "x5", "n-1", "n5 ", "n5\n", "\x00", "n" + "9" * 19, "żółw", "n²"):
        answer = await api.call("GET", "/dialogs", params={"cursor": cursor})
        assert error_of(answer, 400, "bad_input")["object"]["name"] == "cursor"


async def test_a_cursor_of_the_other_order_is_refused(api: Api) -> None:
    for number in range(2):
        await api.move(await api.open(f"No {number}"), "close", send_rating_form=False)
    cursor = (await api.get("/dialogs", limit=1, order="newest"))["next"]
    answer = await api.call("GET", "/dialogs", params={"cursor": cursor, "order": "oldest"})
    error_of(answer, 400, "bad_input")


async def test_a_customer_is_found_by_the_telegram_id(api: Api) -> None:
    found = await api.get("/customers", telegram_id=api.anna.telegram_id)
    assert found == {
        "items": [
            {
                "id": api.anna.id,
                "telegram_id": 510000001,
                "name": "Anna",
                "language": "ru",
                "gate": "open",
                "reach": "ok",
                "opted_out": False,
                "opt_out": False,
                "tags": [],
                "topics": {},
                "timezone": None,
                "fields": {},
            }
        ],
        "next": None,
    }
    assert await api.get(f"/customers/{api.anna.id}") == found["items"][0]
    await api.open()
    assert (await api.get("/customers", telegram_id=api.anna.telegram_id))["items"][0]["gate"] == "held"
    assert await api.get("/customers", telegram_id=1) == {"items": [], "next": None}
