"""What the journeys of marketing share: started customers, dialogs opened by the API, waiting for answers."""

from typing import Any

from tests.journeys.hands import number_of
from tests.journeys.world import MARIA, Person, World

BY_MARIA = {"manager_telegram_id": MARIA}


async def started(world: World, number: int = 510000001, name: str = "Anna", language: str = "en") -> Person:
    """A customer who has pressed Start, and has read the greeting."""
    person = world.customer(number, name, language)
    person.says("/start")
    await person.gets(lambda m: m["from_bot"])
    return person


async def patched(world: World, customer: Person, **changes: Any) -> dict[str, Any]:
    number = await number_of(world, customer)
    answer = await world.api.patch(f"/customers/{number}", json=changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def held_dialog(world: World, customer: Person, title: str = "Lost parcel") -> dict[str, Any]:
    """An active dialog, opened at the API."""
    number = await number_of(world, customer)
    made: dict[str, Any] = await world.post(
        "/dialogs", {"customer_id": number, "title": title, **BY_MARIA}, 201
    )
    return made


async def closed(world: World, dialog: dict[str, Any]) -> None:
    await world.post(f"/dialogs/{dialog['id']}/close", {"send_rating_form": False, **BY_MARIA})


async def is_in(world: World, path: str, **fields: Any) -> dict[str, Any]:
    """The answer, once each of these fields says so."""
    found: dict[str, Any] = await world.until_asked(
        path, lambda row: all(row.get(name) == value for name, value in fields.items()), f"{path}: {fields}"
    )
    return found
