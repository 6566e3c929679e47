"""Presses on cards, lists, tasks and forms."""

from collections.abc import Callable

from holdline.desk.dialogs.inbox_assignment import assign_inbox_item as assign_to
from holdline.desk.dialogs.inbox_items import ignore_item, put_back_item
from holdline.desk.dialogs.opening import refuse_if_active
from holdline.desk.dialogs.tasks import finish_task
from holdline.desk.health.quarantine import try_again, try_all_again
from holdline.dialogs.conversation.timeline import filter_of
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.broadcasts import broadcast_list
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.forms import handle_form_press, show_form
from holdline.screens.console.reply_position import show
from holdline.screens.forms import open_wizard, overview, settings
from holdline.screens.forms.assign_people import inbox_assigned_screen, inbox_assignee_screen
from holdline.screens.forms.history import HISTORY, history_screen
from holdline.screens.forms.lists import inbox_screen, tasks_screen
from holdline.screens.forms.overview import overview_screen
from holdline.screens.keyboards import callback_button
from holdline.screens.lists.view import list_view
from holdline.screens.lists.window import list_screen
from holdline.screens.marketing import held_list
from holdline.screens.screen import Screen, UiResponse
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import inbox_items
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say


def open_from_inbox(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """➕ Dialog: the wizard, with the first line of the card as the suggested title."""
    item = inbox_items.by_id(tx, pressed.number())
    form = open_wizard.begin(
        tx, manager, spot=pressed.form_spot, customer_id=item["customer_id"], item_id=item["id"]
    )
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def open_for_customer(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """➕ New dialog, below the list of a customer's dialogs: the wizard, even if no Inbox card waits (L-04)."""
    customer_id, waiting = pressed.number(), inbox_items.lock_new(tx, pressed.number())
    item_id = waiting.id if waiting else None
    form = open_wizard.begin(tx, manager, spot=pressed.form_spot, customer_id=customer_id, item_id=item_id)
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def ignore_inbox_item(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """A card's buttons are updated. In a list the item disappears, and one tap brings it back."""
    item_id = pressed.number()
    done = ignore_item(tx, manager=manager, item_id=item_id)
    toast = say("manager.ignored" if done else "manager.already_handled", manager.language)
    return UiResponse(toast, window=_inbox_again(tx, manager, pressed, ignored=item_id if done else None))


def assign_inbox_item(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """👤 The list of managers. A manager's button assigns the item to them; the last one unassigns it."""
    item_id = pressed.number()
    if len(pressed.button.args) == 1:
        show(tx, pressed.spot, inbox_assignee_screen(tx, manager, item_id=item_id))
        return UiResponse()
    target = pressed.number(1) or None
    item = assign_to(tx, manager=manager, item_id=item_id, assignee_telegram_id=target)
    screen = inbox_assigned_screen(manager, item)
    return UiResponse(screen.text, window=screen)


def put_back_inbox_item(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """↩️ Put back: an ignored item waits again."""
    item = inbox_items.by_id(tx, pressed.number())
    refuse_if_active(tx, item["customer_id"])
    done = put_back_item(tx, manager=manager, item_id=item["id"])
    toast = say("manager.put_back" if done else "manager.already_handled", manager.language)
    return UiResponse(toast, window=_inbox_again(tx, manager, pressed))


def _inbox_again(
    tx: Tx, manager: Manager, pressed: ButtonPress, *, ignored: int | None = None
) -> Screen | None:
    """The current Inbox list, or None if a card was pressed."""
    message = telegram_messages.find(tx, pressed.chat_id, pressed.tg_message_id)
    if message is None or message["inbox_item_id"] is not None:
        return None
    screen = inbox_screen(tx, manager)
    if ignored is not None:
        screen.rows.insert(
            0,
            [
                callback_button(
                    say("cards.button_put_back", manager.language), DeskVerb.PUT_BACK_INBOX_ITEM, ignored
                )
            ],
        )
    return screen


def answer_customer(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """💬 Answer: a message whose replies go to that customer, outside any dialog."""
    customer = customers.load(tx, pressed.number())
    refuse_if_active(tx, customer.id)
    require_allowed(manager, Act.REPLY)
    screen = Screen(say("manager.answer_here", manager.language, name=inline(customer.name)))
    show(tx, pressed.spot, screen, customer_id=customer.id)
    return UiResponse()


def list_dialogs(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """All dialogs of this customer as a list, below the card (L-27, L-28)."""
    show(tx, pressed.spot, list_screen(tx, manager, list_view("customer", about=pressed.number())))
    return UiResponse()


def show_overview(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """🕘 The overview of this customer's dialogs, below the card."""
    show(tx, pressed.spot, overview_screen(tx, manager, customer_id=pressed.number()))
    return UiResponse()


def turn_page(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Turns the page in place."""
    name, after, about = pressed.word(), pressed.number(1) or None, pressed.number(2)
    if name in overview.LISTS:
        return UiResponse(window=overview_screen(tx, manager, customer_id=about, name=name, after=after))
    if build := _LISTS.get(name):
        return UiResponse(window=build(tx, manager, after, about))
    filters = pressed.word(3) if len(pressed.button.args) > 3 else ""
    if name.startswith(HISTORY):
        order, skip = name.removeprefix(HISTORY), after or 0
        skip = skip if filters else 0  # older buttons counted pages differently
        return UiResponse(
            window=history_screen(
                tx, manager, dialog_id=about, order=order, skip=skip, shown=filter_of(filters)
            )
        )
    view = list_view(name, about=about, after=after, filters=filters)
    return UiResponse(window=list_screen(tx, manager, view))


def mark_task_done(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    finish_task(tx, manager=manager, task_id=pressed.number())
    return UiResponse(say("manager.task_done", manager.language), window=tasks_screen(tx, manager))


def retry_update(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """🔁 Retries a failed update. Pressed again, it says that the update was already retried."""
    again = try_again(tx, manager=manager, update_id=pressed.number())
    key = "desk_notices.trying_again" if again else "desk_notices.tried_already"
    return UiResponse(say(key, manager.language), rows=[])


def retry_all_updates(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    again = try_all_again(tx, manager=manager)
    key = "desk_notices.trying_again" if again else "desk_notices.tried_already"
    return UiResponse(say(key, manager.language), rows=[])


def open_settings(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """⚙️ Opens one page of the settings below."""
    opened = settings.begin(tx, manager, spot=pressed.form_spot, page=pressed.word())
    show_form(tx, opened, manager, spot=pressed.spot)
    return UiResponse()


def press_form(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    return handle_form_press(
        tx,
        manager=manager,
        form_id=pressed.number(),
        tg_message_id=pressed.tg_message_id,
        action=pressed.word(1),
        arg=pressed.word(2) if len(pressed.button.args) > 2 else "",
    )


_LISTS: dict[str, Callable[[Tx, Manager, int | None, int], Screen]] = {
    broadcast_list.LIST: lambda tx, manager, after, about: broadcast_list.broadcast_list_screen(
        tx, manager, after=after or 0
    ),
    held_list.LIST: lambda tx, manager, after, about: held_list.hold_list_screen(
        tx, manager, skip=after or 0
    ),
    "inbox": lambda tx, manager, after, assigned: inbox_screen(
        tx, manager, after=after or 0, assigned=bool(assigned)
    ),
}
