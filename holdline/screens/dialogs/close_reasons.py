"""The reason in the close form: one that the desk offers, or free text."""

from holdline.desk.settings.close_reasons import close_reasons
from holdline.dialogs.closing import OUTCOMES, CloseReason, find_reason
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows
from holdline.store.tx import Tx
from holdline.texts import say

EXPLANATION_FIELDS = ("reason", "comment", "root_cause")
ACTION = "offered"
STEP = "reason"


def reason_rows(tx: Tx, form: Form) -> ButtonRows:
    """The reasons that the desk offers; empty if there are none."""
    offered = [(reason.id, reason.name) for reason in close_reasons(tx)]
    return picker.keyboard(form, ACTION, offered, {form.values.get("reason") or ""})


def question_of(tx: Tx, language: str) -> str:
    return say("windows.close_reason_choose" if has_any(tx) else "windows.close_reason", language)


def has_any(tx: Tx) -> bool:
    return bool(close_reasons(tx))


def choose(tx: Tx, form: Form, arg: str) -> bool:
    """Whether the chosen reason is still offered."""
    chosen = next((reason for reason in close_reasons(tx) if reason.id == parse_number(arg)), None)
    if chosen is not None:
        form.values["reason"] = chosen.name
        settle_outcome(tx, form)
    return chosen is not None


def settle_outcome(tx: Tx, form: Form) -> None:
    """If the reason states an outcome, it replaces the one chosen before."""
    if _outcome_said(tx, form):
        form.values["outcome"] = None


def toggle_outcome(tx: Tx, form: Form, outcome: str) -> None:
    """Does nothing if the reason states an outcome."""
    if outcome in OUTCOMES and not _outcome_said(tx, form):
        form.values["outcome"] = outcome if form.values.get("outcome") != outcome else None


def explanation_rows(tx: Tx, form: Form, language: str) -> ButtonRows:
    """The buttons for the parts of an explanation, once one is wanted."""
    if not form.values.get("explain"):
        return [[form.button(say("windows.explain", language), "explain")]]
    reason, comment, cause = (
        form.button(say(f"windows.{name}", language), name) for name in EXPLANATION_FIELDS
    )
    # three buttons in a row would be cut on a phone
    return [[reason, comment], [cause], *_outcome_rows(tx, form, language)]


def explanation_lines(tx: Tx, form: Form, language: str) -> list[str]:
    """The explanation so far, and the outcome that the reason states."""
    explained = {name: value for name in EXPLANATION_FIELDS if (value := form.values.get(name))}
    lines = [say(f"windows.line_{name}", language, value=value) for name, value in explained.items()]
    said = _outcome_said(tx, form)
    return [*lines, outcome_text(said, language)] if said else lines


def _outcome_rows(tx: Tx, form: Form, language: str) -> ButtonRows:
    """Asked only if the reason states no outcome."""
    if _outcome_said(tx, form):
        return []
    chosen, captions = form.values.get("outcome"), {name: outcome_text(name, language) for name in OUTCOMES}
    marked = {name: f"✔ {text}" if name == chosen else text for name, text in captions.items()}
    return [[form.button(text, "outcome", name) for name, text in marked.items()]]


def outcome_text(outcome: str, language: str) -> str:
    return say(f"windows.outcome_{outcome}", language)


def _outcome_said(tx: Tx, form: Form) -> str | None:
    reason: CloseReason | None = find_reason(close_reasons(tx), form.values.get("reason"))
    return reason.outcome if reason is not None else None
