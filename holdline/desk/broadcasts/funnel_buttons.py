"""Checks a broadcast's buttons that lead into funnels: each needs a funnel that accepts entries by button."""

from collections.abc import Mapping, Sequence
from typing import Any

from holdline.desk.funnels.answers import FUNNEL_BUTTON
from holdline.desk.funnels.definitions import definition_of
from holdline.dialogs.refusal import BadInput
from holdline.store.funnels import funnels
from holdline.store.tx import Tx


def refuse_dead_buttons(tx: Tx, rows: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    """Raises BadInput for a button whose press would do nothing: thousands would press it, and no error would show."""
    for row in rows:
        for button in row:
            data = str(button.get("data") or "")
            if data.startswith(FUNNEL_BUTTON):
                _refuse_closed_funnel(tx, data.removeprefix(FUNNEL_BUTTON))


def _refuse_closed_funnel(tx: Tx, name: str) -> None:
    funnel = funnels.by_name(tx, name)
    if funnel is None:
        raise BadInput("buttons", "mends.button_without_funnel", name=name)
    if not definition_of(tx, funnel.version_id).entries.button:
        raise BadInput("buttons", "mends.funnel_without_button", name=name)
