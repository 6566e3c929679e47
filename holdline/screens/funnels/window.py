"""/funnels: the list, one funnel with its buttons, its numbers, and its customers. Viewing changes nothing."""

from holdline.desk.funnels.definitions import definition_of
from holdline.desk.funnels.figures import (
    FunnelFigures,
    figures_of,
    funnel_by_id,
    funnel_page,
    list_shared_entries,
    people_of_funnel,
)
from holdline.desk.funnels.refused_steps import step_excerpt
from holdline.dialogs.funnels.definition import Definition
from holdline.dialogs.funnels.enrolment import Funnel
from holdline.dialogs.funnels.steps import QuestionStep, SendStep
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.funnels.pictures.words import entry_words
from holdline.screens.funnels.standing import place_words
from holdline.screens.keyboards import Button, ButtonRows, arrange_in_rows, callback_button, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.funnels import enrolments
from holdline.store.tx import Row, Tx
from holdline.telegram.refusal_reasons import reason_text
from holdline.texts import say

PAGE = 8
_WORDS = 40
_MOST_LINES, _MOST_SHARED = 40, 5
_ICONS = {"sent": "💬", "unsent": "✖️", "branch": "🔀", "answer": "💡", "stop_word": "🛑", "goal": "🎯"}


def funnels_screen(tx: Tx, manager: Manager, *, after: int = 0) -> Screen:
    """All funnels, each with the number of customers who are in it, finished it, or left it."""
    language = manager.language
    found = funnel_page(tx, after=after, limit=PAGE + 1)
    title = say("funnel_windows.title", language)
    if not found and not after:
        return screen_with_title(title, say("funnel_windows.none", language))
    page = found[:PAGE]
    lines = [f"{_name(funnel)} · {_counts(counts, language)}" for funnel, counts in page]
    rows = arrange_in_rows(
        callback_button(_name(funnel), DeskVerb.SHOW_FUNNEL, funnel.id) for funnel, _ in page
    )
    more = page[-1][0].id if len(found) > PAGE else None
    return screen_with_title(title, *lines, rows=[*rows, *_turn(DeskVerb.LIST_FUNNELS, (), more, after)])


def funnel_screen(tx: Tx, manager: Manager, *, funnel_id: int) -> Screen:
    """One funnel: its counts, and the buttons to manage it."""
    language, funnel = manager.language, funnel_by_id(tx, funnel_id=funnel_id)
    lines = [
        say("funnel_windows.version", language, version=funnel.version),
        _counts(enrolments.counts(tx, funnel_id).get(funnel_id, {}), language),
        *([] if funnel.active else _pause_lines(tx, funnel, language)),
        *(f"🚪 {inline(line)}" for line in entry_words(definition_of(tx, funnel.version_id), language)),
        *(
            say(
                f"funnel_windows.shared_{one.kind}",
                language,
                value=inline(one.value),
                other=inline(one.other),
            )
            for one in list_shared_entries(tx, funnel_id=funnel_id)[:_MOST_SHARED]
        ),
    ]
    return screen_with_title(_name(funnel), *lines, rows=_funnel_rows(funnel, language))


def deletion_screen(tx: Tx, manager: Manager, *, funnel_id: int) -> Screen:
    """The question before a funnel is deleted."""
    language, funnel = manager.language, funnel_by_id(tx, funnel_id=funnel_id)
    yes = callback_button(say("funnel_windows.delete", language), DeskVerb.DELETE_FUNNEL, funnel_id, 1)
    back = callback_button(say("funnel_windows.back", language), DeskVerb.SHOW_FUNNEL, funnel_id)
    return screen_with_title(_name(funnel), say("funnel_windows.delete_asked", language), rows=[[yes, back]])


def numbers_screen(tx: Tx, manager: Manager, *, funnel_id: int, version: int | None = None) -> Screen:
    """Messages sent, branches taken and goals reached in a version (by default the newest), once per enrolment."""
    language, figures = manager.language, figures_of(tx, funnel_id=funnel_id, version=version)
    definition = definition_of(tx, figures.funnel.version_id)
    order = {address: number for number, address in enumerate(definition.by_address)}
    ordered = sorted(
        figures.steps, key=lambda row: (order.get(row["address"], len(order)), row["kind"] != "sent")
    )
    lines = [_number_line(row, definition, language) for row in ordered[:_MOST_LINES]]
    head = say(
        "funnel_windows.numbers_of",
        language,
        name=inline(figures.funnel.name),
        version=figures.funnel.version,
    )
    nothing = [] if lines else [say("funnel_windows.no_numbers", language)]
    back = callback_button(say("funnel_windows.back", language), DeskVerb.SHOW_FUNNEL, funnel_id)
    others = _other_versions(figures, language)
    return screen_with_title(head, *lines, *nothing, rows=[*([others] if others else []), [back]])


def _other_versions(figures: FunnelFigures, language: str) -> list[Button]:
    """The one before, and the one after."""
    shown = figures.funnel.version
    return [
        callback_button(
            say(f"funnel_windows.version_{side}", language, version=version),
            DeskVerb.SHOW_FUNNEL_NUMBERS,
            figures.funnel.id,
            version,
        )
        for side, version in (("before", shown - 1), ("after", shown + 1))
        if 1 <= version <= figures.newest
    ]


def people_screen(tx: Tx, manager: Manager, *, funnel_id: int, after: int = 0) -> Screen:
    """The enrolled customers by time of entry. A name leads to the customer's funnels."""
    language = manager.language
    funnel = funnel_by_id(tx, funnel_id=funnel_id)
    found = people_of_funnel(tx, funnel_id=funnel_id, after=after, limit=PAGE + 1)
    page = found[:PAGE]
    lines = [
        f"👤 {inline(ellipsize(person.name))} · {place_words(tx, manager, person.enrolment, is_active=funnel.active)}"
        for person in page
    ]
    nothing = [] if page else [say("funnel_windows.nobody", language)]
    names = [
        callback_button(f"👤 {person.name}", DeskVerb.SHOW_FUNNELS_OF, person.enrolment.customer_id)
        for person in page
    ]
    more = page[-1].enrolment.id if len(found) > PAGE else None
    back = callback_button(say("funnel_windows.back", language), DeskVerb.SHOW_FUNNEL, funnel_id)
    return screen_with_title(
        say("funnel_windows.people_of", language, name=inline(funnel.name)),
        *lines,
        *nothing,
        rows=[*arrange_in_rows(names), *_turn(DeskVerb.LIST_ENROLLED, (funnel_id,), more, after), [back]],
    )


def _pause_lines(tx: Tx, funnel: Funnel, language: str) -> list[str]:
    """That it is paused, and which refusal of Telegram's paused it."""
    lines = [say("funnel_windows.paused", language)]
    if (refused := funnel.refused) is not None:
        why = reason_text(refused.reason)
        reason = say(why["key"], language, **why.get("words", {}))
        version = funnel_by_id(tx, funnel_id=funnel.id, version=refused.version)
        excerpt = step_excerpt(tx, version.version_id, refused.address)
        lines.append(say("funnel_windows.refused", language, excerpt=inline(excerpt), reason=inline(reason)))
    return lines


def _funnel_rows(funnel: Funnel, language: str) -> ButtonRows:
    switch = "pause" if funnel.active else "resume"
    return [
        [
            callback_button(say("funnel_windows.numbers", language), DeskVerb.SHOW_FUNNEL_NUMBERS, funnel.id),
            callback_button(say("funnel_windows.people", language), DeskVerb.LIST_ENROLLED, funnel.id, 0),
        ],
        [
            callback_button(say("funnel_windows.picture", language), DeskVerb.SEND_FUNNEL_PICTURE, funnel.id),
            callback_button(
                say(f"funnel_windows.{switch}", language),
                DeskVerb.SWITCH_FUNNEL,
                funnel.id,
                int(not funnel.active),
            ),
        ],
        [
            callback_button(say("funnel_windows.delete", language), DeskVerb.DELETE_FUNNEL, funnel.id),
            callback_button(say("funnel_windows.all", language), DeskVerb.LIST_FUNNELS, 0),
        ],
    ]


def _name(funnel: Funnel) -> str:
    return f"{'▶️' if funnel.active else '⏸'} {inline(ellipsize(funnel.name))}"


def _counts(counts: dict[str, int], language: str) -> str:
    numbers = {state: counts.get(state, 0) for state in ("running", "done", "left")}
    return say("funnel_windows.counts", language, **numbers)


def _number_line(row: Row, definition: Definition, language: str) -> str:
    """“💬 Welcome! Here is how… — 12”."""
    step = definition.by_address.get(row["address"])
    words = step.message.words.text if isinstance(step, SendStep | QuestionStep) else row["address"]
    said = row["address"] if row["kind"] == "goal" else words
    about = inline(ellipsize(said, _WORDS))
    way = f" → {inline(row['branch'])}" if row["branch"] and row["kind"] == "branch" else ""
    kind = say(f"funnel_windows.kind_{row['kind']}", language)
    return f"{_ICONS.get(row['kind'], '•')} {kind}: {about}{way} — {row['number']}"


def _turn(verb: DeskVerb, about: tuple[int, ...], more: int | None, after: int) -> ButtonRows:
    row: list[Button] = [callback_button("⏮", verb, *about, 0)] if after else []
    if more is not None:
        row.append(callback_button("▶", verb, *about, more))
    return [row] if row else []
