"""👤 🗂 🔖 🏷 ↕️ under a list: its filters and its order, each chosen in the same window."""

from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.forms import picker
from holdline.screens.keyboards import Button, ButtonRows, arrange_in_rows, callback_button, ellipsize
from holdline.screens.lists.view import (
    LISTED,
    ME,
    NOBODY,
    ListView,
    filter_text,
    order_number,
)
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs.dialog_filter import ORDERS
from holdline.store.people import teams
from holdline.store.tx import Tx
from holdline.texts import say

_WHO = "who"
_ORDER = "order"
_CAPTION = 20
_MOST = 60


def show_button(text: str, view: ListView) -> Button:
    """Shows the list in this view, in the same window."""
    words = (view.name, view.after or 0, view.about)
    filters = view.filters.word()
    return callback_button(text, DeskVerb.TURN_PAGE, *words, *([filters] if filters else []))


def filter_rows(tx: Tx, manager: Manager, view: ListView) -> ButtonRows:
    """Each button shows the current choice. The list of own dialogs has no filter by person."""
    language, chosen = manager.language, view.filters
    who = [] if view.name == "mine" else [_choose_button(_person_caption(tx, manager, view), _WHO, view)]
    listed = []
    for field in LISTED:
        number = getattr(chosen, field)
        name = filter_text(tx, field, number) if number is not None else say(f"lists.{field}", language)
        listed.append(_choose_button(f"{_ICONS[field]} {ellipsize(name, _CAPTION)}", field, view))
    order = _choose_button(f"↕️ {say(f'lists.order_{view.order}', language)}", _ORDER, view)
    clear = [show_button(say("lists.clear", language), _without_filters(view))] if chosen.narrows else []
    return [*arrange_in_rows([*who, *listed, order], 3), *([clear] if clear else [])]


def filter_lines(tx: Tx, manager: Manager, view: ListView) -> list[str]:
    """“Only: 👤 Maria · 🗂 Billing”; empty if there is no filter."""
    chosen = view.filters
    parts = (
        [_person_caption(tx, manager, view)] if chosen.person is not None or chosen.team is not None else []
    )
    parts += [
        f"{_ICONS[field]} {filter_text(tx, field, getattr(chosen, field))}"
        for field in LISTED
        if getattr(chosen, field) is not None
    ]
    return [say("lists.only", manager.language, what=inline(" · ".join(parts)))] if parts else []


def filter_screen(tx: Tx, manager: Manager, *, field: str, view: ListView) -> Screen:
    """The values of one filter. A tap shows the list with that value."""
    language = manager.language
    match field:
        case "who":
            rows = _person_rows(tx, manager, view)
        case "order":
            rows = [[_order_button(name, view, language)] for name in ORDERS]
        case _ if field in LISTED:
            choices = picker.list_choices(tx, LISTED[field])[:_MOST]
            values = [_value_button(name, view, field, number) for number, name in choices]
            rows = [[_value_button(say("lists.any", language), view, field, None)], *arrange_in_rows(values)]
        case _:
            raise NotFound("list", field[:18])
    back = show_button(say("windows.back", language), view)
    return screen_with_title(say(f"lists.ask_{field}", language), rows=[*rows, [back]])


def _person_rows(tx: Tx, manager: Manager, view: ListView) -> ButtonRows:
    """Everybody, me, nobody; then teams, own ones first; then colleagues."""
    language, own = manager.language, teams.team_ids_of(tx, manager.id)
    found = sorted(teams.list_all(tx), key=lambda team: team.id not in own)
    of_teams = [
        _value_button(
            say("lists.my_team", language, name=team.name) if team.id in own else f"👥 {team.name}",
            view,
            "team",
            team.id,
        )
        for team in found[:_MOST]
    ]
    people = [
        _value_button(f"👤 {person.name}", view, "person", person.id)
        for person in picker.active_managers(tx)[: _MOST // 2]
        if person.id != manager.id
    ]
    own_shown = view.filters.person == manager.id
    mine = f"{'✅ ' if own_shown else ''}{say('lists.me', language)}"
    first = [
        show_button(mine, view.with_filter("person", ME)),
        _value_button(say("lists.nobody", language), view, "person", NOBODY),
    ]
    everybody = [_value_button(say("lists.everybody", language), view, "person", None)]
    return [everybody, first, *arrange_in_rows(of_teams), *arrange_in_rows(people)]


def _person_caption(tx: Tx, manager: Manager, view: ListView) -> str:
    language, chosen = manager.language, view.filters
    if chosen.team is not None:
        return f"👥 {ellipsize(filter_text(tx, 'team', chosen.team), _CAPTION)}"
    if chosen.person is None:
        return say("lists.everybody", language)
    if chosen.person == NOBODY:
        return say("lists.nobody", language)
    return f"👤 {ellipsize(filter_text(tx, 'person', chosen.person), _CAPTION)}"


def _choose_button(text: str, field: str, view: ListView) -> Button:
    return callback_button(text, DeskVerb.CHOOSE_FILTER, field, view.word())


def _value_button(text: str, view: ListView, field: str, value: int | None) -> Button:
    """The current value is ticked."""
    chosen = order_number(view.order) if field == _ORDER else getattr(view.filters, field)
    alone = field != "person" or view.filters.team is None or value is not None
    mark = "✅ " if chosen == value and alone else ""
    return show_button(f"{mark}{text}", view.with_filter(field, value))


def _order_button(name: str, view: ListView, language: str) -> Button:
    return _value_button(say(f"lists.order_{name}", language), view, _ORDER, order_number(name))


def _without_filters(view: ListView) -> ListView:
    """Removes all filters and keeps the order."""
    for field in ("person", "team", *LISTED):
        view = view.with_filter(field, None)
    return view


_ICONS = {"queue": "🗂", "tag": "🔖", "type": "🏷"}
