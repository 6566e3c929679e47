"""The valid values of teams, fields, templates and keys."""

from collections.abc import Callable
from typing import Any

import pytest

from holdline.dialogs.conversation.template import valid_template_kind, valid_template_language
from holdline.dialogs.decisions.desk_fields import DeskField, refuse_other_kind, valid_kind
from holdline.dialogs.decisions.team import MOST_CAPACITY, valid_capacity, valid_routing
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.api_key import valid_key_name, valid_scopes

REFUSED = object()


@pytest.mark.parametrize(
    ("valid", "given", "stored"),
    [
        (valid_routing, None, "manual"),
        (valid_routing, "round_robin", "round_robin"),
        (valid_routing, "by chance", REFUSED),
        (valid_capacity, None, None),
        (valid_capacity, 1, 1),
        (valid_capacity, MOST_CAPACITY, MOST_CAPACITY),
        (valid_capacity, 0, REFUSED),
        (valid_capacity, MOST_CAPACITY + 1, REFUSED),
        (valid_capacity, True, REFUSED),
        (valid_capacity, "3", REFUSED),
        (valid_kind, "date", "date"),
        (valid_kind, "colour", REFUSED),
        (valid_template_kind, "note", "note"),
        (valid_template_kind, "letter", REFUSED),
        (valid_template_language, None, None),
        (valid_template_language, "pl", "pl"),
        (valid_template_language, "PL", REFUSED),
        (valid_template_language, "p", REFUSED),
        (valid_key_name, " Shop ", "Shop"),
        (valid_key_name, " ", REFUSED),
        (valid_key_name, "x" * 300, REFUSED),
        (valid_scopes, ("read", "send", "read"), ["read", "send"]),
        (valid_scopes, (), REFUSED),
        (valid_scopes, ("root",), REFUSED),
    ],
)
def test_each_value_is_stored_or_refused(valid: Callable[[Any], Any], given: Any, stored: Any) -> None:
    if stored is not REFUSED:
        assert valid(given) == stored
        return
    with pytest.raises(BadInput):
        valid(given)


def test_the_kind_of_a_field_with_values_cannot_change() -> None:
    text, number = DeskField(1, "Size", "text"), DeskField(1, "Size", "number")
    refuse_other_kind(text, number, is_used=False)
    refuse_other_kind(text, text, is_used=True)
    with pytest.raises(BadInput):
        refuse_other_kind(text, number, is_used=True)
