"""Converts pydantic's errors to a field's name and what to write instead."""

from typing import Any

from holdline.web.body_fields import fields_at

_MENDS = {
    "missing": "mend_missing",
    "extra_forbidden": "mend_unknown",
    "json_invalid": "mend_json",
    "string_type": "mend_text",
    "string_unicode": "mend_sayable",
    "sayable": "mend_sayable",
    "string_pattern_mismatch": "mend_pattern",
    "whole": "mend_whole",
    "int_type": "mend_whole",
    "int_parsing": "mend_whole",
    "int_parsing_size": "mend_whole",
    "int_from_float": "mend_whole",
    "finite_number": "mend_whole",
    "bool_type": "mend_yes_no",
    "bool_parsing": "mend_yes_no",
    "list_type": "mend_list",
    "dict_type": "mend_object",
    "model_type": "mend_object",
    "model_attributes_type": "mend_object",
    "moment": "mend_moment",
    "moment_range": "mend_moment_range",
    "day": "mend_day",
    "no_such_day": "mend_no_such_day",
    "local_time": "mend_local_time",
    "one_way": "mend_one_way",
    "person_or_team": "mend_person_or_team",
    "button_link": "mend_button_link",
    "data_bytes": "mend_data_bytes",
    "literal_error": "mend_one_of",
    "enum": "mend_one_of",
    "greater_than_equal": "mend_at_least",
    "less_than_equal": "mend_at_most",
    "less_than": "mend_below",
    "string_too_short": "mend_longer",
    "string_too_long": "mend_shorter",
    "too_short": "mend_more_items",
    "too_long": "mend_fewer_items",
}
_WORDS = {
    "expected": "choices",
    "ge": "least",
    "le": "most",
    "lt": "most",
    "min_length": "least",
    "max_length": "most",
    "pattern": "pattern",
}
_BY_FIELD = {"cursor": "mend_cursor", "Idempotency-Key": "mend_idempotency_key"}
"""Fields whose pattern is better explained in words."""


def hint_of(error: Any, *, body: Any = None) -> tuple[str, str, dict[str, object]]:
    """The field, the text key of the hint in the domain `web`, and its variables; `error` is one of pydantic's errors.

    `body`: the type of the whole body, used to list the fields that are allowed instead of an unknown one.
    """
    context = error.get("ctx") or {}
    words = {ours: context[theirs] for theirs, ours in _WORDS.items() if theirs in context}
    if "choices" in words:
        words["choices"] = str(words["choices"]).replace(" or ", ", ")  # pydantic's words are English
    if error["type"] == "extra_forbidden" and (known := fields_at(body, error["loc"][1:])):
        return _field(error["loc"]), "mend_unknown_among", {"choices": ", ".join(known)}
    empty = error["type"] in {"string_too_short", "too_short"} and words.get("least") == 1
    field = _field(error["loc"])
    if error["type"] == "string_pattern_mismatch" and field in _BY_FIELD:
        return field, _BY_FIELD[field], words
    return field, "mend_empty" if empty else _MENDS.get(error["type"], "mend_other"), words


def _field(location: tuple[str | int, ...]) -> str:
    """`("body", "buttons", 0, "text")` becomes `buttons.0.text`; the whole body is `body`."""
    steps = [str(step) for step in location[1:] if not str(step).startswith("<")]
    return (".".join(steps) or str(location[0]))[:200]
