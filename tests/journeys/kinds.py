"""Every kind of message a person can send, and what must be the same in its copy."""

from typing import Any

from tests.journeys.world import Message, Person, Thread, captions

FILES = ("photo", "video", "animation", "audio", "voice", "video_note", "document", "sticker")
CAPTIONED = ("photo", "video", "animation", "audio", "voice", "document")
BARE: dict[str, dict[str, Any]] = {
    "video_note": {},
    "sticker": {},
    "location": {"latitude": 50.0614, "longitude": 19.9366},
    "venue": {"title": "Cloth Hall", "address": "Main Square 1"},
    "contact": {"phone_number": "+48600700800", "first_name": "Olga"},
    "poll": {"question": "Which colour?", "options": ["Red", "Blue"]},
    "dice": {"emoji": "🎯"},
}
PASSED_ON = ("text", *CAPTIONED, *BARE)
"""All but the story, which Telegram lets no bot copy."""


def speaks(person: Person, kind: str, at: Message | Thread | None = None, words: str = "") -> Message:
    """`words`: the text or, where the kind has one, the caption."""
    words = words or f"This is my {kind}"
    if kind == "text":
        return person.says(words, at)
    if kind in CAPTIONED:
        return person.sends(kind, at, caption=words)
    return person.sends(kind, at, **BARE[kind])


def carries(message: Message, original: Message) -> bool:
    """Whether it shows what the original showed, its words aside."""
    kind = next((name for name in (*PASSED_ON, "story") if name in original), "")
    if kind not in message or (kind == "text") != ("text" in message):
        return False
    return _essence(message, kind) == _essence(original, kind)


def words(message: Message) -> str:
    return str(message.get("text", message.get("caption", "")))


def named(message: Message) -> str:
    """Everything that can be read at it: its words and its buttons."""
    return "\n".join([words(message), *captions(message)])


async def entered(maria: Person, thread: Thread) -> None:
    """Where no topic says which dialog is meant, the manager says it once."""
    if not thread.id:
        maria.says(f"/enter {thread.dialog_id}")
        await maria.gets(lambda m: f"You are in #{thread.dialog_id}" in words(m))


def _essence(message: Message, kind: str) -> Any:
    content = message[kind]
    match kind:
        case "text":
            return content.split("\n")[-1]
        case "photo":
            return content[-1]["file_unique_id"]
        case "poll":
            return content["question"], [option["text"] for option in content["options"]]
        case "dice":
            return content["emoji"]  # Telegram throws every copy anew
        case "location":
            return content["latitude"], content["longitude"]
        case "venue" | "contact":
            return {name: value for name, value in content.items() if name != "location"}
    return content["file_unique_id"]
