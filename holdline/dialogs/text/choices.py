"""Fields that accept only certain words."""

from collections.abc import Collection

from holdline.dialogs.refusal import BadInput


def require_one_of(value: str, choices: Collection[str], *, field: str) -> str:
    """The value itself. Raises BadInput with the choices if it is not one of them."""
    if value not in choices:
        raise BadInput(field, "mends.one_of", choices=", ".join(choices))
    return value
