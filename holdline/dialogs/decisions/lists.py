"""What the desk's lists may hold, what may be removed from them, and a dialog's default type."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdline.dialogs.dialog import LIST_KINDS
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text.choices import require_one_of

CATEGORIES = ("open", "waiting", "resolved")
DEFAULT_TYPE = "Support"


@dataclass(frozen=True, slots=True)
class ListValue:
    """A value that is not deleted. `is_system`: a stage to which the desk itself moves dialogs."""

    id: int
    name: str
    is_system: bool = False


def valid_kind(kind: str) -> str:
    return require_one_of(kind, LIST_KINDS, field="kind")


def valid_category(kind: str, category: str | None) -> str | None:
    """Only stages have a category; the default is open."""
    if kind != "stages":
        return None
    return "open" if category is None else require_one_of(category, CATEGORIES, field="category")


def refuse_taken_name(name: str, *, is_taken: bool) -> None:
    if is_taken:
        raise BadInput("name", "mends.taken", name=name)


def value_to_remove(kind: str, living: Sequence[ListValue], list_id: int) -> ListValue:
    """The value to remove. System stages and the last type cannot be removed, because every dialog has a type."""
    value = next((value for value in living if value.id == list_id), None)
    if value is None:
        raise NotFound(kind.removesuffix("s"), list_id)
    if value.is_system:
        raise BadInput(kind, "mends.system_stage", name=value.name)
    if kind == "types" and len(living) == 1:
        raise BadInput(kind, "mends.last_type", name=value.name)
    return value


def default_type(names: Sequence[str]) -> str:
    """Support. If the desk deleted it, the first type in the list."""
    return DEFAULT_TYPE if DEFAULT_TYPE in names or not names else names[0]
