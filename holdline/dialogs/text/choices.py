"""Words of which a field takes only some."""

from collections.abc import Collection

from holdline.dialogs.refusal import BadInput


def require_one_of(value: str, choices: Collection[str], *, field: str) -> str:
    """The value itself; BadInput names the choices."""
    if value not in choices:
        raise BadInput(field, "mends.one_of", choices=", ".join(choices))
    return value
