"""A calendar, a policy, and the call that changes them."""

from typing import Any

from tests.web.conftest import Api

OFFICE: dict[str, Any] = {
    "name": "Office",
    "timezone": "Europe/Warsaw",
    "hours": {"thu": [["09:00", "13:00"], ["14:00", "24:00"]], "fri": [["09:00", "17:00"]]},
    "holidays": ["2026-12-25"],
}
GOLD = {"name": "Gold", "first_response": "1h", "next_response": "2h", "resolution": "2d", "position": 1}


async def patch(api: Api, path: str, body: Any, *, method: str = "PATCH") -> Any:
    answer = await api.call(method, path, body)
    assert answer.status_code == 200, answer.text
    return answer.json()
