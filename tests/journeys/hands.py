"""Acts that journeys share: press until it is done, offer marketing, try the same at the API."""

from typing import Any

from tests.journeys.world import Message, Person, Thread, World, captions


async def press(world: World, person: Person, message: Message, *parts: str) -> Message:
    """One button after the other on one message, each by a piece of its caption, once it is there."""
    for part in parts:
        shown = await world.until(lambda part=part: _with(world, message, part), f"a button {part!r}")
        person.presses(shown, next(one for one in captions(shown) if part in one))
    return now(world, message)


def now(world: World, message: Message) -> Message:
    """The same message as it looks by now."""
    number = message["message_id"]
    return next(m for m in world.messages(message["chat"]["id"]) if m["message_id"] == number)


def _with(world: World, message: Message, part: str) -> Message | None:
    shown = now(world, message)
    return shown if any(part in one for one in captions(shown)) else None


async def window(world: World, chat: int, words: str, after: int = 0) -> Message:
    """The newest message of the bot in that chat with those words."""

    def found() -> Message | None:
        fits = [m for m in world.messages(chat) if m["from_bot"] and words in m.get("text", "")]
        return fits[-1] if fits and fits[-1]["message_id"] > after else None

    return await world.until(found, f"a window with {words!r}")


async def says_the_window(world: World, message: Message, *words: str) -> Message:
    """That message, once its text holds all of them."""

    def fits() -> Message | None:
        shown = now(world, message)
        return shown if all(one in shown.get("text", "") for one in words) else None

    return await world.until(fits, f"the window says {words}")


async def offered(world: World, to: Person, text: str, class_: str = "funnel") -> dict[str, Any]:
    """A marketing tool asks the gate: {"id", "status", "held_by"}."""
    body = {"customer": {"telegram_id": to.id}, "class": class_, "text": text}
    answer: dict[str, Any] = await world.post("/outbound", body, 202)
    return answer


async def became(world: World, offer: dict[str, Any], status: str) -> None:
    """What the outside tool is told in the end."""
    await world.until_asked(
        f"/outbound/{offer['id']}", lambda row: row["status"] == status, f"it is {status}"
    )


async def refused(world: World, path: str, body: Any, code: str, status: int = 409) -> dict[str, Any]:
    """The API refuses the same, with the same remedy."""
    answer = await world.post(path, body, status)
    error: dict[str, Any] = answer["error"]
    assert error["code"] == code, error
    return error


async def number_of(world: World, customer: Person) -> int:
    """Our id of the customer."""
    found = await world.until_asked(
        f"/customers?telegram_id={customer.id}", lambda a: a["items"], "the customer"
    )
    return int(found["items"][0]["id"])


async def paused(world: World, person: Person, thread: Thread) -> Thread:
    """By a typed command, which acts at once."""
    person.says("/pause", thread)
    await thread.card_says("Status: paused")
    return thread


async def toast(world: World, words: str) -> str:
    """What a press was answered with on top of the chat."""

    def said() -> str | None:
        answers = [call["params"] for call in world.box.calls if call["method"] == "answerCallbackQuery"]
        return next((a["text"] for a in answers if words in a.get("text", "")), None)

    return str(await world.until(said, f"the toast {words!r}"))
