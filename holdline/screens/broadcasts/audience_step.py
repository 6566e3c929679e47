"""The audience of a broadcast: each tap narrows it, and the count is updated."""

from datetime import datetime, timedelta
from typing import Any

from holdline.desk.broadcasts.audience_size import size_of_audience
from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.dialogs.manager import Manager
from holdline.dialogs.marketing.customer_values import value_of_text
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import to_rfc3339
from holdline.screens.broadcasts import funnel_step
from holdline.screens.broadcasts.broadcast_draft import Values, audience_of
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, arrange_in_rows, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.broadcasts import choices
from holdline.store.tx import Tx
from holdline.texts import LANGUAGE_NAMES, say

TAGS = {"all": "tags", "any": "any_tags", "without": "exclude_tags"}
"""Step → the field of the audience that its taps change."""
ACTIVITIES = {
    "wrote7": ("wrote_since", 7),
    "wrote30": ("wrote_since", 30),
    "silent30": ("silent_since", 30),
    "silent90": ("silent_since", 90),
    "new7": ("started_since", 7),
    "new30": ("started_since", 30),
}
PARTS = (*TAGS, "language", "activity", "field", "funnel")
_MOST_TAGS = 40


def summary(tx: Tx, audience: AudienceFilter, language: str) -> str:
    """“with all of: vip · language: pl”; “everybody” if nothing narrows it."""
    parts = [
        say(f"composing.has_{step}", language, tags=inline(", ".join(getattr(audience, name))))
        for step, name in TAGS.items()
        if getattr(audience, name)
    ]
    if audience.language:
        name = LANGUAGE_NAMES.get(audience.language, audience.language)
        parts.append(say("composing.has_language", language, name=name))
    parts += [f"{inline(str(name))} = {inline(str(value))}" for name, value in audience.fields.items()]
    for name in ("wrote_since", "silent_since", "started_since"):
        if (since := getattr(audience, name)) is not None:
            parts.append(say(f"composing.has_{name}", language, at=f"{since:%Y-%m-%d}"))
    parts += funnel_step.describe_standings(tx, audience, language)
    return " · ".join(parts) or say("composing.everybody", language)


def count(tx: Tx, form: Form) -> None:
    """Estimates the number if there are too many customers to count them at once."""
    size = size_of_audience(tx, audience=audience_of(form.values))
    form.values |= {"expected": size.number, "is_estimate": size.is_estimate}


def count_text(form: Form, language: str) -> str:
    """The number, marked as approximate if it was estimated."""
    key = "count_estimated" if form.values.get("is_estimate") else "count"
    return say(f"composing.{key}", language, count=form.values.get("expected") or 0)


def is_for_nobody(form: Form) -> bool:
    """Whether it would start now, with an audience that was counted and has nobody."""
    values = form.values
    return not (values.get("expected") or values.get("is_estimate") or values["at"] or values["local"])


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is audience, or audience/ and the part being chosen."""
    language, part = manager.language, form.step.partition("/")[2]
    audience = audience_of(form.values)
    head = say("composing.audience_head", language)
    lines = [summary(tx, audience, language), count_text(form, language)]
    back = [form.button(say("windows.back", language), "back")]
    if part == "field":
        return screen_with_title(head, *lines, "", say("composing.field_hint", language), rows=[back])
    if part == "funnel":
        return funnel_step.screen(tx, form, manager, head=[head, *lines], back=[back])
    if part:
        hint = [say("composing.tag_hint", language)] if part in TAGS else []
        return screen_with_title(head, *lines, *hint, rows=[*_choices(tx, form, part, language), back])
    parts = [form.button(say(f"composing.part_{name}", language), "part", name) for name in PARTS]
    everybody = [form.button(say("composing.button_everybody", language), "everybody")]
    return screen_with_title(head, *lines, rows=[*arrange_in_rows(parts), everybody, back])


def handle_press(form: Form, action: str, arg: str, *, at: datetime, tags: list[str]) -> None:
    """`tags` are those on the buttons, which carry positions, because a name may be too long for button data."""
    audience, part = form.values["audience"], form.step.partition("/")[2]
    if action == "everybody":
        form.values["audience"] = {}
    elif action == "tag" and part in TAGS and arg.isdecimal() and int(arg) < len(tags):
        _toggle(audience, TAGS[part], tags[int(arg)])
    elif action == "language" and part == "language":
        _set(audience, "language", arg or None)
    elif action == "activity" and part == "activity" and arg in ACTIVITIES:
        name, days = ACTIVITIES[arg]
        moment = to_rfc3339((at - timedelta(days=days)).replace(microsecond=0))
        _set(audience, name, None if audience.get(name) == moment else moment)
    elif action == "activity":
        for name in ("wrote_since", "silent_since", "started_since"):
            audience.pop(name, None)
    elif part == "funnel":
        funnel_step.handle_press(form, action, arg)
    else:
        raise NotFound("button", action)


def handle_text(form: Form, text: str) -> None:
    """A tag by name, or `city = Warsaw`."""
    part, words = form.step.partition("/")[2], " ".join(text.split())
    if part in TAGS and words:
        _toggle(form.values["audience"], TAGS[part], words)
        return
    name, sign, value = words.partition("=")
    if part != "field" or not sign or not name.strip():
        raise BadInput("text", "composing.mend_field")
    fields = {**form.values["audience"].get("fields", {}), name.strip(): _value(value.strip())}
    _set(form.values["audience"], "fields", {key: each for key, each in fields.items() if each is not None})


def _value(text: str) -> Any:
    """The value in stored form. Tools also store booleans. None removes the field from the audience."""
    return text == "true" if text in ("true", "false") else value_of_text(text)


def list_tags(tx: Tx, form: Form) -> list[str]:
    """The tags on the buttons: those of customers, then chosen ones that no customer has or that do not fit among them.
    The form remembers these, so that a button keeps its tag when it is switched off.
    """
    known = choices.list_tags(tx, limit=_MOST_TAGS)
    own = form.values.setdefault("own_tags", [])
    for name in TAGS.values():
        own += [tag for tag in form.values["audience"].get(name, []) if tag not in known and tag not in own]
    return [*known, *(tag for tag in own if tag not in known)]


def _choices(tx: Tx, form: Form, part: str, language: str) -> ButtonRows:
    audience = form.values["audience"]
    if part in TAGS:
        chosen = audience.get(TAGS[part], [])
        buttons = [
            form.button(f"{'☑️' if name in chosen else '⬜️'} {ellipsize(name, 24)}", "tag", number)
            for number, name in enumerate(list_tags(tx, form))
        ]
        return arrange_in_rows(buttons)
    if part == "language":
        buttons = [
            form.button(
                f"{'• ' if code == audience.get('language') else ''}{LANGUAGE_NAMES.get(code, code)}",
                "language",
                code,
            )
            for code in choices.list_languages(tx)
        ]
        return [
            *arrange_in_rows(buttons, 3),
            [form.button(say("composing.any_language", language), "language", "")],
        ]
    buttons = [
        form.button(say(f"composing.activity_{name}", language), "activity", name) for name in ACTIVITIES
    ]
    return [
        *arrange_in_rows(buttons),
        [form.button(say("composing.any_activity", language), "activity", "any")],
    ]


def _toggle(audience: Values, name: str, tag: str) -> None:
    chosen = list(audience.get(name, []))
    chosen.remove(tag) if tag in chosen else chosen.append(tag)
    _set(audience, name, chosen or None)


def _set(audience: Values, name: str, value: object) -> None:
    if value is None or value == {}:
        audience.pop(name, None)
    else:
        audience[name] = value
