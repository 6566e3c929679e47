"""The objects in messages: pictures, sounds, places, polls."""

from collections.abc import Callable

from holdline.sandbox.errors import ControlError
from holdline.sandbox.json_types import Json
from holdline.sandbox.telegram import Telegram
from holdline.sandbox.world.stored_files import StoredFile

FILES = ("photo", "video", "animation", "audio", "voice", "video_note", "document", "sticker")
CAPTIONED = ("photo", "video", "animation", "audio", "voice", "document")
MIME = {
    "video": "video/mp4",
    "animation": "video/mp4",
    "audio": "audio/mpeg",
    "voice": "audio/ogg",
    "document": "application/octet-stream",
}
DICE_MOST = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}


def file_content(stored: StoredFile, kind: str, extra: Json | None = None) -> Json:
    """The message fields of a stored file; `extra` overrides single fields such as duration."""
    more = extra or {}
    base: Json = {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": stored.size}
    if kind == "photo":
        return {"photo": [base | {"width": 640, "height": 480}]}
    if kind in MIME:
        base["mime_type"] = stored.mime or MIME[kind]
    if kind in ("video", "animation", "audio", "document"):
        base["file_name"] = stored.name
    shape = base | _shape(kind) | more
    if kind == "animation":
        document = {
            key: shape[key] for key in ("file_id", "file_unique_id", "file_size", "mime_type", "file_name")
        }
        return {"animation": shape, "document": document}
    return {kind: shape}


def _shape(kind: str) -> Json:
    if kind in ("video", "animation"):
        return {"width": 640, "height": 480, "duration": 5}
    if kind in ("audio", "voice"):
        return {"duration": 5}
    if kind == "video_note":
        return {"length": 240, "duration": 5}
    if kind == "sticker":
        return {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "🙂",
        }
    return {}


def poll(tg: Telegram, question: str, options: list[str], **more: object) -> Json:
    """A new poll without votes."""
    return {
        "id": str(tg.world.random.getrandbits(62)),
        "question": question,
        "options": [
            {"persistent_id": str(number), "text": text, "voter_count": 0}
            for number, text in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    } | more


def dice(tg: Telegram, emoji: str = "🎲") -> Json:
    return {"emoji": emoji, "value": tg.world.random.randint(1, DICE_MOST[emoji])}


def person_content(tg: Telegram, kind: str, content: Json) -> Json:
    """The content of a person's message of that kind; `content` overrides single fields."""
    if kind in FILES:
        return _file_sent(tg, kind, content)
    if kind == "venue":
        place = {"location": _place(), "title": "Old Mill", "address": "1 River Street"} | content
        return {"venue": place, "location": place["location"]}
    if kind == "poll":
        question = str(content.get("question", "Which day suits you?"))
        return {"poll": poll(tg, question, list(content.get("options", ("Monday", "Friday"))))}
    usual: dict[str, Callable[[], Json]] = {
        "location": _place,
        "contact": lambda: {"phone_number": "+48500100200", "first_name": "Olga"},
        "dice": lambda: dice(tg),
        "story": lambda: {"id": tg.world.random.randint(1, 9_999)},
    }
    if kind not in usual:
        raise ControlError(f"{kind!r} is no kind of message that a person can send here")
    return {kind: usual[kind]() | content}


def _file_sent(tg: Telegram, kind: str, content: Json) -> Json:
    names = ("file_name", "mime_type", "file_size")
    name, mime, size = (content.get(key) for key in names)
    stored = tg.files.add(kind, name=name, mime=mime, size=size or 1024, content=content.get("bytes"))
    extra = {key: value for key, value in content.items() if key not in (*names, "bytes")}
    return file_content(stored, kind, extra)


def _place() -> Json:
    return {"latitude": 52.2297, "longitude": 21.0122}
