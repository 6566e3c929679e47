"""Narrows an audience by funnel: customers who are in it, were in it, reached its goal, or were never in it."""

from holdline.dialogs.broadcasts.audience_filter import AudienceFilter, FunnelStanding
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.splitting import inline
from holdline.screens.broadcasts.broadcast_draft import Values, audience_of
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import Button, ButtonRows, arrange_in_rows, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.funnels import funnels
from holdline.store.tx import Tx
from holdline.texts import say

_MOST_FUNNELS, _MOST_CONDITIONS = 40, 10
_FIELDS = {"yes": "funnels", "no": "exclude_funnels"}


def describe_standings(tx: Tx, audience: AudienceFilter, language: str) -> list[str]:
    """“in welcome now”, “not: has reached a goal of welcome”."""
    words = []
    for field in _FIELDS.values():
        for each in getattr(audience, field):
            funnel = funnels.by_id(tx, int(each.funnel))
            name = inline(funnel.name) if funnel else str(each.funnel)
            stands = say(f"composing.stands_{each.state}", language, name=name)
            words.append(
                stands if field == "funnels" else say("composing.stands_not", language, stands=stands)
            )
    return words


def screen(tx: Tx, form: Form, manager: Manager, *, head: list[str], back: ButtonRows) -> Screen:
    """The funnels; after a tap on one, the conditions on it, each wanted or excluded."""
    language = manager.language
    chosen = funnels.by_id(tx, form.values["funnel"]) if form.values.get("funnel") else None
    if chosen is not None:
        taps = [_tap(form, wish, state, language) for state in FunnelStanding for wish in _FIELDS]
        others = [form.button(say("composing.other_funnel", language), "funnel", 0)]
        hint = say("composing.standing_hint", language, name=inline(chosen.name))
        return screen_with_title(*head, "", hint, rows=[*arrange_in_rows(taps), others, *back])
    found = funnels.page(tx, limit=_MOST_FUNNELS)
    buttons = [form.button(ellipsize(funnel.name, 24), "funnel", funnel.id) for funnel in found]
    hint = say("composing.funnel_hint" if found else "funnel_windows.none", language)
    return screen_with_title(*head, "", hint, rows=[*arrange_in_rows(buttons), *back])


def handle_press(form: Form, action: str, arg: str) -> None:
    wish, _, state = arg.partition("-")
    if action == "funnel" and arg.isdecimal():
        form.values["funnel"] = int(arg)
    elif (
        action == "standing"
        and form.values.get("funnel")
        and wish in _FIELDS
        and state in list(FunnelStanding)
    ):
        _toggle(form.values, wish, {"funnel": form.values["funnel"], "state": state})
    else:
        raise NotFound("button", action)


def _toggle(values: Values, wish: str, condition: dict[str, object]) -> None:
    """A condition that is both wanted and excluded matches nobody, so the later tap replaces the earlier one."""
    audience = values["audience"]
    for each, field in _FIELDS.items():
        kept = list(audience.get(field, []))
        if condition in kept:
            kept.remove(condition)
        elif each == wish and len(kept) < _MOST_CONDITIONS:
            kept.append(condition)
        audience[field] = kept
        if not kept:
            audience.pop(field)


def _tap(form: Form, wish: str, state: FunnelStanding, language: str) -> Button:
    caption = f"{_sign(form.values, wish, state)} {_caption(state, wish, language)}"
    return form.button(caption, "standing", f"{wish}-{state}")


def _sign(values: Values, wish: str, state: FunnelStanding) -> str:
    conditions = getattr(audience_of(values), _FIELDS[wish])
    is_chosen = any(each.funnel == values["funnel"] and each.state is state for each in conditions)
    return "☑️" if is_chosen else "⬜️"


def _caption(state: FunnelStanding, wish: str, language: str) -> str:
    caption = say(f"composing.standing_{state}", language)
    return caption if wish == "yes" else say("composing.standing_not", language, standing=caption)
