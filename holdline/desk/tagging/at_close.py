"""Tags a closed dialog automatically; people may correct the tags."""

from collections.abc import Collection

from holdline.desk.record import record
from holdline.desk.tagging.choices import is_service_on, model_in_use
from holdline.dialogs.decisions import changes
from holdline.dialogs.event import Actor, Event
from holdline.dialogs.tagging.tag_rules import find_fitting
from holdline.store.dialogs import dialogs
from holdline.store.tagging import tag_jobs, tag_rules
from holdline.store.tx import Tx

_MESSAGES, _SIGNS = 200, 20_000
"""How much of a dialog is searched, its newest words."""
BY_RULE = Actor(kind="rule", name="tags")


def tag_by_rules(tx: Tx, event: Event) -> None:
    """Adds the tags of all rules that match; one line of history for all of them."""
    rules = tag_rules.rules_in_force(tx)
    if not rules:
        return
    dialog = dialogs.of_event(tx, event)
    fitting = find_fitting(rules, dialog_text(tx, dialog.id, dialog.title, dialog.description))
    new = [rule for rule in fitting if dialogs.add_label(tx, dialog.id, rule.tag_id, source="rule")]
    if new:
        decision = changes.change(
            dialog, dialogs.by_id(tx, dialog.id), by=BY_RULE, cause=changes.FOLLOWS_CLOSE
        )
        record(tx, decision.events)


def ask_taggers(tx: Tx, event: Event) -> None:
    """Queues the dialog for the model and the service, which run later, outside the transaction."""
    if event.dialog_id is not None and (is_service_on(tx) or model_in_use(tx) is not None):
        tag_jobs.insert(tx, event.dialog_id)


def dialog_text(tx: Tx, dialog_id: int, title: str, description: str) -> str:
    """The text that is searched for tags: the dialog's title and description, and what the customer said."""
    said = tag_rules.text_of(tx, dialog_id, limit=_MESSAGES)
    return f"{title}\n{description}\n{said}"[:_SIGNS]


def note_corrections(tx: Tx, dialog_id: int, kept: Collection[int]) -> None:
    """Records a correction for each automatic tag that a person is about to remove."""
    for tag, source in tag_rules.automatic_tags(tx, dialog_id).items():
        if tag not in kept:
            tag_rules.add_correction(tx, dialog_id, tag, source)
