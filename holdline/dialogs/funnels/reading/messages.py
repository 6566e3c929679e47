"""Reads the message of a step: text, media, buttons."""

from abc import ABC, abstractmethod

from holdline.dialogs.funnels.conditions import same_word
from holdline.dialogs.funnels.reading.node import Node
from holdline.dialogs.funnels.steps import FunnelButton, FunnelMessage, FunnelStep
from holdline.dialogs.marketing.content import Medium, read_media
from holdline.dialogs.marketing.variables import require_known_variables
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.button_link import is_button_link
from holdline.dialogs.text.entities import MOST_ENTITIES, valid_entities
from holdline.dialogs.text.html import parse_html
from holdline.dialogs.text.limits import (
    BUTTON_TEXT_LIMIT,
    CAPTION_LIMIT,
    TEXT_LIMIT,
    fits_button,
    refuse_too_long,
)
from holdline.dialogs.text.richtext import RichText
from holdline.dialogs.text.splitting import is_blank
from holdline.dialogs.text.wording import without_controls

WORDS = ("text", "html", "entities", "media", "link_preview", "topic", "within")
SEND_KEYS = (*WORDS, "buttons")
BUTTON_KEYS = ("text", "url", "data", "then", "goto")
CHOICE_KEYS = ("text", "then", "goto")
MOST_ROWS, MOST_IN_ROW, MOST_BUTTONS = 20, 8, 100
LONGEST_LINK, LONGEST_HTML = 2048, 20_000


class ReadsSteps(ABC):
    """Reads steps. Needed here because buttons may contain steps."""

    @abstractmethod
    def read_steps(self, node: Node, address: str, depth: int = 0) -> tuple[FunnelStep, ...]:
        """The steps of one list."""

    @abstractmethod
    def read_goto(self, node: Node) -> str:
        """The target label."""


def read_message(keys: dict[str, Node], missing_text: Node, topic: str | None) -> FunnelMessage:
    """The message without its buttons. `topic` is the funnel's default."""
    none: tuple[Medium, ...] = ()
    media = (
        keys["media"].attempt_inside(lambda: read_media(keys["media"].value), none)
        if "media" in keys
        else none
    )
    words = _read_words(keys, missing_text, is_caption=bool(media))
    written = keys.get("html", keys.get("text", missing_text))
    written.attempt(lambda: require_known_variables(words.text, field=written.path, with_answers=True), None)
    shows_link = "link_preview" not in keys or keys["link_preview"].yes_or_no()
    if len(media) > 1 and (buttons := keys.get("buttons") or keys.get("choices")):
        buttons.refuse("album_buttons")
    return FunnelMessage(
        words, media, topic=keys["topic"].name() if "topic" in keys else topic, link_preview=shows_link
    )


def _read_words(keys: dict[str, Node], missing_text: Node, *, is_caption: bool) -> RichText:
    """`text`, plain or with `entities`, or `html`. With media it may be left out."""
    limit = CAPTION_LIMIT if is_caption else TEXT_LIMIT
    if "html" in keys:
        html = keys["html"]
        for other in ("text", "entities"):
            if other in keys:
                keys[other].refuse("html_or_text")
        return html.attempt_inside(lambda: _parse_html(html, limit), RichText())
    text = keys.get("text", missing_text)
    if text.value is None and (is_caption or "media" in keys):
        return RichText()
    if "entities" in keys and isinstance(text.value, str):
        entities = keys["entities"]
        read = [item.value for item in entities.items(MOST_ENTITIES) if item.table_of_any()]
        plain = text.attempt(lambda: _within(text.value, limit, text.path), "")
        return RichText(plain, entities.attempt_inside(lambda: valid_entities(plain, read), ()))
    return RichText(text.whole_text(limit))


def _parse_html(node: Node, limit: int) -> RichText:
    if not isinstance(node.value, str):
        raise BadInput("html", "mends.text")
    refuse_too_long(node.value, LONGEST_HTML, field="html")
    words = parse_html(node.value)
    return RichText(_within(words.text, limit, "html"), words.entities)


def _within(text: str, limit: int, field: str) -> str:
    """Replaces control characters but keeps the length, because entity offsets count from the start of the text."""
    text = "\n".join(map(without_controls, text.split("\n")))
    if is_blank(text):
        raise BadInput(field, "mends.empty")
    refuse_too_long(text, limit, field=field)
    return text


def read_rows(
    node: Node, reader: ReadsSteps, address: str, depth: int
) -> tuple[tuple[FunnelButton, ...], ...]:
    """Buttons, or rows of buttons. A single button is a row."""
    rows: list[tuple[FunnelButton, ...]] = []
    number = 0
    for item in node.items(MOST_ROWS):
        row = []
        lone = not isinstance(item.value, list)
        if item.value == []:
            item.refuse("empty_list")
        for button in [item] if lone else item.items(MOST_IN_ROW):
            row.append(_read_button(button, reader, f"{address}.press.{number}", depth))
            number += 1
        rows.append(tuple(row))
    if number > MOST_BUTTONS:
        node.refuse("too_many", most=MOST_BUTTONS)
    return tuple(rows)


def _read_button(node: Node, reader: ReadsSteps, address: str, depth: int) -> FunnelButton:
    keys = node.table(BUTTON_KEYS)
    if not isinstance(node.value, dict):
        return FunnelButton("")
    text = read_caption(keys.get("text", node.key("text")))
    ways = [key for key in ("url", "data", "then", "goto") if key in keys]
    if len(ways) != 1:
        node.refuse("button_one_way")
        return FunnelButton(text)
    return FunnelButton(
        text,
        url=_read_link(keys["url"]) if "url" in keys else None,
        data=_read_data(keys["data"]) if "data" in keys else None,
        then=reader.read_steps(keys["then"], address, depth + 1) if "then" in keys else (),
        goto=reader.read_goto(keys["goto"]) if "goto" in keys else None,
    )


def read_caption(node: Node) -> str:
    """The caption of a button."""
    return node.name(BUTTON_TEXT_LIMIT)


def read_choices(
    node: Node, reader: ReadsSteps, address: str, depth: int
) -> tuple[tuple[FunnelButton, ...], ...]:
    """Each choice is a caption, or a table with the steps that follow it. All captions must differ."""
    if node.value == []:
        node.refuse("empty_list")
    choices = [
        _read_choice(item, reader, f"{address}.press.{number}", depth)
        for number, item in enumerate(node.items(MOST_ROWS))
    ]
    captions = [same_word(choice.text) for choice in choices]
    if len(set(captions)) < len(captions):
        node.refuse("choices_differ")
    return tuple((choice,) for choice in choices)


def _read_choice(node: Node, reader: ReadsSteps, address: str, depth: int) -> FunnelButton:
    if isinstance(node.value, str):
        return FunnelButton(read_caption(node))
    keys = node.table(CHOICE_KEYS)
    if not isinstance(node.value, dict):
        return FunnelButton("")
    if "then" in keys and "goto" in keys:
        node.refuse("choice_one_way")
    return FunnelButton(
        read_caption(keys.get("text", node.key("text"))),
        then=reader.read_steps(keys["then"], address, depth + 1) if "then" in keys else (),
        goto=reader.read_goto(keys["goto"]) if "goto" in keys else None,
    )


def _read_link(node: Node) -> str:
    link = node.name(LONGEST_LINK)
    if link and not is_button_link(link):
        node.refuse("button_link")
    return link


def _read_data(node: Node) -> str:
    data = node.name()
    if not fits_button(data):
        node.refuse("button_data")
    return data
