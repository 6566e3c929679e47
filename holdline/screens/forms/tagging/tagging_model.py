"""Automatic tags → Model: what it has learnt and its quality; buttons to train it, switch it and set its threshold."""

from typing import Any

from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.tagging.choices import choose_threshold, model_choice, switch_model
from holdline.desk.tagging.training import ask_for_training
from holdline.dialogs.manager import Manager
from holdline.dialogs.tagging.model_state import ModelChoice, TagModel
from holdline.dialogs.text.times import moment_text
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tagging import tag_models
from holdline.store.tx import Tx
from holdline.texts import say

THRESHOLDS = (0, 50, 70, 80, 90)
"""In per cent. 0 means the threshold of the training."""


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    model, newest, choice = tag_models.in_use(tx), tag_models.newest(tx), model_choice(tx)
    lines = [say("robots.no_model", language)]
    if model is not None:
        zone = time_zone_of(tx, manager)
        lines = _describe_model(
            model, choice, language, at=moment_text(model.ended_at, zone) if model.ended_at else "—"
        )
    if newest is not None and newest.state in ("asked", "running"):
        lines.append(say("robots.being_trained", language))
    elif newest is not None and newest.state == "failed":
        lines.append(say("robots.training_failed", language, reason=say(f"robots.{newest.reason}", language)))
    return screen_with_title(say("robots.model", language), *lines, rows=_rows(form, manager, model, choice))


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    match action:
        case "switch":
            switch_model(tx, manager=manager)
        case "train":
            ask_for_training(tx, manager=manager)
        case "threshold":
            percent = parse_number(arg)
            choose_threshold(tx, manager=manager, threshold=percent / 100 if percent else None)
        case _:
            form.step = "tagging/model"


def _describe_model(model: TagModel, choice: ModelChoice, language: str, *, at: str) -> list[str]:
    figures: dict[str, Any] = {
        name: f"{model.figures[name]:.0%}" for name in ("top1", "precision", "coverage")
    }
    state = say("robots.model_is_on" if choice.is_on else "robots.model_is_off", language)
    counts = {"examples": model.figures["examples"], "tags": model.figures["tags"]}
    lines = [
        state,
        say("robots.trained", language, at=at, **counts),
        say("robots.top1", language, share=figures["top1"]),
        say("robots.threshold", language, share=f"{choice.threshold_for(model):.0%}"),
    ]
    if choice.threshold is None:
        lines.append(say("robots.precision", language, right=figures["precision"], said=figures["coverage"]))
    return lines


def _rows(form: Form, manager: Manager, model: TagModel | None, choice: ModelChoice) -> ButtonRows:
    language = manager.language
    rows: ButtonRows = [[form.button(say("robots.train_now", language), "train")]]
    if model is not None:
        switch = say("robots.switch_off" if choice.is_on else "robots.switch_on", language)
        rows[0].append(form.button(switch, "switch"))
        chosen = round((choice.threshold or 0) * 100)
        rows.append([_threshold_button(form, percent, chosen, language) for percent in THRESHOLDS])
    look, back = say("robots.look_again", language), say("windows.back", language)
    return [*rows, [form.button(look, "look"), form.button(back, "up")]]


def _threshold_button(form: Form, percent: int, chosen: int, language: str) -> Any:
    caption = f"{percent} %" if percent else say("robots.threshold_auto", language)
    return form.button(f"✅ {caption}" if percent == chosen else caption, "threshold", percent)
