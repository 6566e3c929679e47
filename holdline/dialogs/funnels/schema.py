"""The JSON schema of a definition, for editors: its keys and their values.

Only the reader checks labels, shares, loops and Telegram's length counts.
"""

from typing import Any

from holdline.dialogs.funnels.conditions import DIALOG_STATES
from holdline.dialogs.funnels.reading.conditions import MOST_CONDITIONS
from holdline.dialogs.funnels.reading.definition import MOST_ENTRIES, MOST_GOALS, MOST_STOP_WORDS
from holdline.dialogs.funnels.reading.messages import LONGEST_HTML, LONGEST_LINK, MOST_IN_ROW, MOST_ROWS
from holdline.dialogs.funnels.reading.steps import BESIDE, MOST_BRANCHES, MOST_STEPS
from holdline.dialogs.funnels.reading.values import FIELD_TEXT_LIMIT, LARGEST_NUMBER, MOST_FIELDS
from holdline.dialogs.marketing.content import MEDIA_KINDS, MOST_FILES
from holdline.dialogs.sla.working_time import WEEK
from holdline.dialogs.text.entities import MOST_ENTITIES
from holdline.dialogs.text.limits import BUTTON_DATA_LIMIT, BUTTON_TEXT_LIMIT, NAME_LIMIT, TEXT_LIMIT
from holdline.texts.catalog import LANGUAGES

Schema = dict[str, Any]
_NUMBER: Schema = {"type": "number", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
_YES_NO: Schema = {"type": "boolean"}
_TRUE: Schema = {"const": True}


def funnel_schema() -> Schema:
    """The schema in draft 2020-12, without external references."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A funnel of Holdline",
        **_table(
            {
                "$schema": {"type": "string"},
                "name": _say(_ref("name"), "What the desk calls it; unlike that of every other funnel."),
                "entry": _say(_ref("entry"), "How customers come in. By the API they always may."),
                "stop_words": _say(
                    _one_or_more(_ref("name"), MOST_STOP_WORDS), "A customer who writes only this leaves it."
                ),
                "goals": {"type": "array", "maxItems": MOST_GOALS, "items": _ref("endingGoal")},
                "topic": _say(_ref("name"), "What its messages are about: it can be opted out of alone."),
                "steps": {"type": "array", "minItems": 1, "maxItems": MOST_STEPS, "items": _ref("step")},
            },
            required=("name", "steps"),
        ),
        "$defs": {**_values(), **_entries(), **_conditions(), **_messages(), **_steps()},
    }


def _values() -> Schema:
    plain = {"anyOf": [_ref("name"), _NUMBER, _YES_NO]}
    value = {"anyOf": [_text(FIELD_TEXT_LIMIT), _NUMBER, _YES_NO, {"type": "null"}]}
    return {
        "name": _text(NAME_LIMIT),
        "length": _say(
            {"type": "string", "pattern": "^[1-9][0-9]{0,8}[smhd]$"}, "Such as 90s, 15m, 2h or 3d; a year at most."
        ),
        "clock": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
        "weekdays": _one_or_more({"enum": list(WEEK)}, len(WEEK)),
        "plain": plain,
        "fields": {
            "type": "object", "minProperties": 1, "maxProperties": MOST_FIELDS, "additionalProperties": value,
        },
    }  # fmt: skip


def _entries() -> Schema:
    payload = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
    closed = _table({"reason": _one_or_more(_ref("name")), "type": _one_or_more(_ref("name"))})
    return {
        "entry": _table(
            {
                "start": _say(_one_or_more(payload, MOST_ENTRIES), "t.me/YOUR_BOT?start=… lets in."),
                "tag": _say(_one_or_more(_ref("name"), MOST_ENTRIES), "Whoever gets this tag comes in."),
                "button": _say(_TRUE, "Buttons of broadcasts may let in."),
                "dialog_closed": _say(
                    {"anyOf": [_TRUE, closed]}, "The close of a dialog lets its customer in."
                ),
            }
        ),
        "endingGoal": _table({"goal": _ref("name"), "if": _ref("condition")}, required=("goal", "if")),
    }


def _conditions() -> Schema:
    several = {"type": "array", "minItems": 1, "maxItems": MOST_CONDITIONS, "items": _ref("condition")}
    compared = {"is": _one_or_more(_ref("plain"), MOST_CONDITIONS), "above": _NUMBER, "below": _NUMBER}
    asked: Schema = {
        "tag": _ref("name"),
        "language": _one_or_more({"enum": list(LANGUAGES)}),
        "dialog": _one_or_more({"enum": list(DIALOG_STATES)}),
        "not": _ref("condition"),
        "all": several,
        "any": several,
    }
    values = [_table({name: _ref("name"), **compared}, required=(name,)) for name in ("field", "answer")]
    return {"condition": {"oneOf": [*(_one_key(name, what) for name, what in asked.items()), *values]}}


def _messages() -> Schema:
    caption, data = _text(BUTTON_TEXT_LIMIT), _text(BUTTON_DATA_LIMIT)
    ways: Schema = {"url": _text(LONGEST_LINK), "data": data, "then": _ref("steps"), "goto": _ref("name")}
    button = {
        "oneOf": [_table({"text": caption, key: way}, required=("text", key)) for key, way in ways.items()]
    }
    medium = {"oneOf": [_one_key(kind, {"type": "string"}) for kind in MEDIA_KINDS]}
    choice = _table({"text": caption, "then": _ref("steps"), "goto": _ref("name")}, required=("text",))
    row = {"type": "array", "minItems": 1, "maxItems": MOST_IN_ROW, "items": _ref("button")}
    words: Schema = {
        "text": _say(_text(TEXT_LIMIT), "Plain: tags stand as they are. 1,024 characters under a file."),
        "html": _say(_text(LONGEST_HTML), "In place of text: <b>, <i>, <a href> and Telegram's other tags."),
        "entities": {"type": "array", "maxItems": MOST_ENTITIES, "items": {"type": "object"}},
        "media": {
            "anyOf": [medium, {"type": "array", "minItems": 1, "maxItems": MOST_FILES, "items": medium}]
        },
        "link_preview": _YES_NO,
        "topic": _ref("name"),
        "within": _say(
            _ref("length"), "How long a press or an answer is waited for; 7d where it is not given."
        ),
    }
    rows = {"type": "array", "maxItems": MOST_ROWS, "items": {"anyOf": [_ref("button"), row]}}
    choices = {"type": "array", "minItems": 1, "maxItems": MOST_ROWS, "items": {"anyOf": [caption, choice]}}
    asked: Schema = {"name": _ref("name"), "field": _ref("name"), "choices": choices}
    said = {"anyOf": [{"required": [key]} for key in ("text", "html", "media")]}
    return {
        "button": button,
        "message": {**_table({**words, "buttons": rows}), **said},
        "question": {**_table({**words, **asked}, required=("name",)), **said},
    }


def _steps() -> Schema:
    until = _table(
        {"time": _ref("clock"), "weekday": _ref("weekdays"), "weekdays": _ref("weekdays")}, required=("time",)
    )
    branch = _table(
        {
            "name": _ref("name"),
            "share": {"type": "integer", "minimum": 1, "maximum": 99},
            "then": _ref("steps"),
        },
        required=("name", "share"),
    )
    acts: Schema = {
        "send": _ref("message"),
        "question": _ref("question"),
        "wait": _ref("length"),
        "until": {"anyOf": [_ref("clock"), until]},
        "if": _ref("condition"),
        "tag": _ref("name"),
        "untag": _ref("name"),
        "set": _ref("fields"),
        "goal": _ref("name"),
        "split": {"type": "array", "minItems": 2, "maxItems": MOST_BRANCHES, "items": branch},
        "goto": _ref("name"),
        "stop": _TRUE,
    }
    inner = {"label": _ref("name")}
    return {
        "steps": {"type": "array", "maxItems": MOST_STEPS, "items": _ref("step")},
        "step": {
            "oneOf": [
                _table(
                    {act: what, **{key: _ref("steps") for key in BESIDE.get(act, ())}, **inner},
                    required=(act,),
                )
                for act, what in acts.items()
            ]
        },
    }


def _table(properties: Schema, *, required: tuple[str, ...] = ()) -> Schema:
    table: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**table, "required": list(required)} if required else table


def _one_key(name: str, what: Schema) -> Schema:
    return _table({name: what}, required=(name,))


def _one_or_more(what: Schema, most: int = 200) -> Schema:
    return {"anyOf": [what, {"type": "array", "minItems": 1, "maxItems": most, "items": what}]}


def _text(limit: int) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": limit, "pattern": "\\S"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _say(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}
