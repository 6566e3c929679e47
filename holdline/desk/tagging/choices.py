"""Administrators' choices: whether the model and the service tag at all, and from which threshold on."""

from dataclasses import replace

from holdline.desk.people.managers import require_permission
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.tagging.model_state import ModelChoice, TagModel, valid_threshold
from holdline.store.people import admin_log
from holdline.store.screens import settings
from holdline.store.tagging import tag_models
from holdline.store.tx import Tx

_MODEL, _SERVICE = "tag_model", "tag_service"


def model_choice(tx: Tx) -> ModelChoice:
    return ModelChoice(**settings.value(tx, _MODEL, {}))


def model_in_use(tx: Tx) -> TagModel | None:
    """The model in use; None if there is none yet or it is switched off."""
    return tag_models.in_use(tx) if model_choice(tx).is_on else None


def is_service_on(tx: Tx) -> bool:
    """Whether the service is asked: off by default, and if the configuration names none."""
    return bool(tx.rules.tag_service) and bool(settings.value(tx, _SERVICE, False))


def switch_model(tx: Tx, *, manager: Manager) -> None:
    """Turns the model on or off."""
    choice = model_choice(tx)
    _choose_model(tx, manager, replace(choice, is_on=not choice.is_on))


def choose_threshold(tx: Tx, *, manager: Manager, threshold: float | None) -> None:
    """Sets the threshold; None means the one that each training finds."""
    _choose_model(tx, manager, replace(model_choice(tx), threshold=valid_threshold(threshold)))


def switch_service(tx: Tx, *, manager: Manager) -> None:
    """Turns the service on or off. Nothing is sent to it unless the configuration names it."""
    require_permission(tx, manager, Act.EDIT_DESK)
    before = bool(settings.value(tx, _SERVICE, False))
    settings.put(tx, _SERVICE, not before)
    admin_log.add(
        tx, manager, "tag_service_switched", about=f"settings:{_SERVICE}", before=before, after=not before
    )


def _choose_model(tx: Tx, manager: Manager, choice: ModelChoice) -> None:
    require_permission(tx, manager, Act.EDIT_DESK)
    before, after = (
        {"is_on": each.is_on, "threshold": each.threshold} for each in (model_choice(tx), choice)
    )
    settings.put(tx, _MODEL, after)
    admin_log.add(tx, manager, "tag_model_changed", about=f"settings:{_MODEL}", before=before, after=after)
