"""Orders in the Bot API's own words: a test written from its documentation should just work."""

from holdline.sandbox.json_types import Json
from holdline.sandbox.world.media import FILES

KINDS = (*FILES, "venue", "location", "contact", "poll", "dice", "story")
SPELLINGS = {
    "from_id": "user_id",
    "message_thread_id": "thread_id",
    "reply_to_message_id": "reply_to",
    "callback_data": "data",
    "code": "error_code",
    "text_match": "match",
    "delay_seconds": "delay",
}
_WRITER = ("first_name", "last_name", "username", "language_code")


def respell(order: object) -> object:
    """`from`, `chat`, `message_thread_id` and the like become the words that orders have here."""
    if not isinstance(order, dict):
        return order
    found: Json = {}
    for name, value in order.items():
        found[SPELLINGS.get(str(name), str(name))] = value
    if isinstance(person := found.get("from"), dict):
        del found["from"]
        found = {"user_id": person.get("id")} | _of(person, _WRITER) | found
    if isinstance(chat := found.get("chat"), dict):
        del found["chat"]
        found = {"chat_id": chat.get("id")} | found
    return found


def name_kind(order: object) -> object:
    """`{"photo": …}` is `{"kind": "photo", "content": …}`; a list of sizes or true is any photo."""
    if not isinstance(order, dict) or "kind" in order:
        return order
    for kind in KINDS:
        if kind in order:
            found = {name: value for name, value in order.items() if name != kind}
            held = order[kind]
            return found | {"kind": kind, "content": held if isinstance(held, dict) else {}}
    return order


def name_fault(order: object) -> object:
    """`text` is what the parameters must hold, `drop_after_commit` loses the answer of what was done."""
    if not isinstance(order, dict):
        return order
    found = {"match" if name == "text" else name: value for name, value in order.items()}
    if found.pop("drop_after_commit", False):
        found["drop"] = "after"
    return found


def _of(whole: Json, names: tuple[str, ...]) -> Json:
    return {name: whole[name] for name in names if name in whole}
