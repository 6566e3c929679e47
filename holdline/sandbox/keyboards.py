"""Validates reply_markup, with the errors of the real server."""

from urllib.parse import urlsplit

from holdline.sandbox.check import valid_part
from holdline.sandbox.errors import bad_request, refusal
from holdline.sandbox.json_types import Json
from holdline.sandbox.server.api_request import ApiRequest

DATA_BYTES = 64
BUTTONS_MOST = 300
"""There is no published limit. This is far above the about 100 buttons that clients show."""


def markup_of(ask: ApiRequest) -> Json | None:
    """The inline keyboard of this request. Other keyboards are accepted but not stored."""
    raw = ask.params.get("reply_markup")
    if raw in (None, ""):
        return None
    if not isinstance(raw, dict):
        raise refusal("markup_object")
    if "inline_keyboard" not in raw:
        return None
    rows = raw["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise refusal("markup_json", reason="Object expected as an inline keyboard")
    checked = [[_button(button) for button in row] for row in rows]
    if sum(map(len, checked)) > BUTTONS_MOST:
        raise refusal("markup_too_long")
    kept = [row for row in checked if row]
    return {"inline_keyboard": kept} if kept else None


def _button(button: object) -> Json:
    if not isinstance(button, dict):
        raise refusal("markup_json", reason="Object expected as an inline keyboard button")
    text = button.get("text")
    if not isinstance(text, str):
        raise refusal("markup_json", reason='Can\'t find field "text"')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 0 < len(data.encode("utf-8", "replace")) <= DATA_BYTES:
            raise refusal("button_data_invalid")
    if "url" in button:
        _url(str(button["url"]))
    elif len(button.keys() - {"text", "style", "icon_custom_emoji_id"}) == 0:
        raise refusal("markup_json", reason="Text buttons are unallowed in the inline keyboard")
    kept = valid_part(button, "InlineKeyboardButton")
    if kept is None or kept.keys() != button.keys():
        raise refusal("markup_json", reason="a field is unknown or of another type")
    return kept


def _url(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise refusal("button_url_invalid") from None
    if parts.scheme == "tg" and parts.netloc:
        return
    if parts.scheme not in ("", "http", "https") or "." not in (parts.netloc or parts.path) or " " in url:
        raise refusal("button_url_invalid")
