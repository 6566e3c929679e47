"""The draft of a broadcast in its form, stored as JSON so that it survives a restart, and converted into an order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from holdline.desk.broadcasts.creating import BroadcastOrder
from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.dialogs.broadcasts.content import BroadcastContent, BroadcastVariant
from holdline.dialogs.marketing.content import MEDIA_KINDS, MOST_FILES, Medium
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.richtext import RichText

Values = dict[str, Any]


def first_values() -> Values:
    """The initial values: everybody, at once, no topic, no payment."""
    return {
        "content": None,
        "buttons": [],
        "audience": {},
        "topic": None,
        "at": None,
        "local": None,
        "stars": None,
    }


def put_message(values: Values, parts: Sequence[Content]) -> None:
    """Stores a message or album as the content. Raises BadInput for a kind that cannot be broadcast."""
    for part in parts:
        if part.kind != "text" and (part.kind not in MEDIA_KINDS or "file_id" not in part.data):
            raise BadInput("text", "composing.mend_kind")
    if len(parts) > MOST_FILES:
        raise BadInput("text", "mends.media_count", most=MOST_FILES)
    spoken = next((part for part in parts if part.text), parts[0])
    media = tuple(Medium(part.kind, part.data["file_id"]) for part in parts if part.kind != "text")
    words = BroadcastVariant(RichText(spoken.text, tuple(spoken.entities)))
    preview = not spoken.data.get("link_preview_options", {}).get("is_disabled", False)
    values["content"] = BroadcastContent((words,), media, (), preview).as_json()


def content_of(values: Values) -> BroadcastContent:
    """The content with the added buttons."""
    return BroadcastContent.of({**values["content"], "buttons": values["buttons"]})


def audience_of(values: Values) -> AudienceFilter:
    return AudienceFilter.of(values["audience"])


def order_of(values: Values) -> BroadcastOrder:
    """The order to start or to try out."""
    return BroadcastOrder(
        content_of(values),
        audience_of(values),
        starts_at=datetime.fromisoformat(values["at"]) if values["at"] else None,
        local_time=datetime.fromisoformat(values["local"]) if values["local"] else None,
        topic=values["topic"],
        paid_stars=values.get("stars"),
    )
