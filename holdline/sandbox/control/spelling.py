"""Accepts requests in the Bot API's own words, so that a test written from its documentation works."""

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
    """Translates `from`, `chat`, `message_thread_id` and the like into the field names of the control API."""
    if not isinstance(order, dict):
        return order
    respelled: Json = {}
    for name, value in order.items():
        respelled[SPELLINGS.get(str(name), str(name))] = value
    if isinstance(person := respelled.get("from"), dict):
        del respelled["from"]
        respelled = {"user_id": person.get("id")} | _of(person, _WRITER) | respelled
    if isinstance(chat := respelled.get("chat"), dict):
        del respelled["chat"]
        respelled = {"chat_id": chat.get("id")} | respelled
    return respelled


def name_kind(order: object) -> object:
    """Reads `{"photo": …}` as `{"kind": "photo", "content": …}`. A list of sizes, or true, means any photo."""
    if not isinstance(order, dict) or "kind" in order:
        return order
    for kind in KINDS:
        if kind in order:
            fields = {name: value for name, value in order.items() if name != kind}
            held = order[kind]
            return fields | {"kind": kind, "content": held if isinstance(held, dict) else {}}
    return order


def name_fault(order: object) -> object:
    """Renames `text` to `match`; `drop_after_commit` becomes `drop` "after": the work is done, its answer is lost."""
    if not isinstance(order, dict):
        return order
    fields = {"match" if name == "text" else name: value for name, value in order.items()}
    if fields.pop("drop_after_commit", False):
        fields["drop"] = "after"
    return fields


def _of(whole: Json, names: tuple[str, ...]) -> Json:
    return {name: whole[name] for name in names if name in whole}
