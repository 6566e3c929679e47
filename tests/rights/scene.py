"""One desk for every cell of the matrix: whatever an act could be about, three times, and the way back after each act.

The three are the actor's own, their team's and a colleague's: dialogs by whoever has them, words by who wrote them.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from holdline.desk.conversation.drafts import add_draft_note, write_draft
from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.merges import merge_dialog
from holdline.desk.conversation.notes import add_note
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.conversation.scheduling import schedule_reply
from holdline.desk.dialogs import forms
from holdline.desk.dialogs.assignment import assign_dialog
from holdline.desk.dialogs.attachments import add_attachment
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.inbox_assignment import assign_inbox_item, assign_inbox_item_to_team
from holdline.desk.dialogs.inbox_items import ignore_item
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.settings.lists import add_to_list
from holdline.desk.settings.templates import add_template
from holdline.desk.teams.routing import assign_dialog_to_team
from holdline.desk.teams.teams import add_team
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.decisions.attachments import NewFile
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.store.clock import ManualClock
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import inbox_items, lists, tasks
from holdline.store.engine import Store
from holdline.store.people import customers, managers
from holdline.store.tx import Tx
from tests.bot.staging import GROUP
from tests.rights.funnels import make_funnel
from tests.rights.marketing import a_broadcast, offer_to

OWN, TEAM, OTHER = RELATIONS = ("own", "team", "other")
ACTOR, COLLEAGUE, STRANGER = 400000078, 400000079, 400000099
TEAM_OF_ACTOR, OTHER_TEAM = "Billing", "Sales"
SPARE_MANAGER = 400000095
AT = ManualClock().now()


@dataclass
class Things:
    """The ids of what one act could be about."""

    dialog: int = 0
    customer: int = 0
    customer_telegram_id: int = 0
    paused: int = 0
    merging: int = 0
    merging_into: int = 0
    message: int = 0
    said_in: int = 0
    parked: int = 0
    held: int = 0
    broadcast: int = 0
    note: int = 0
    draft: int = 0
    draft_note: int = 0
    scheduled: int = 0
    attachment: int = 0
    tag: int = 0
    item: int = 0
    item_customer: int = 0
    card: int = 0
    copy: int = 0
    ignored: int = 0
    template: int = 0
    task: int = 0
    form: int = 0
    question: int = 0
    funnel: int = 0
    enrolment: int = 0


class Builder:
    """Makes the things of one relation, a unit for each; everybody may everything while it does."""

    def __init__(self, store: Store, relation: str, number: int) -> None:
        self.do, self.relation, self.number = store.act, relation, number
        self.things = Things()

    async def build(self) -> Things:
        self.actor, self.colleague = await self.do(_person, ACTOR), await self.do(_person, COLLEAGUE)
        self.author = self.actor if self.relation == OWN else self.colleague
        things = self.things
        things.customer_telegram_id = 510000000 + 100 * self.number + 1
        things.dialog, things.customer = await self._open(1)
        await self._conversation()
        things.paused, _ = await self._open(2)
        await self.do(pause_dialog, manager=self.author, dialog_id=things.paused)
        await self._merges()
        await self._inbox()
        await self._rest()
        telegram_id = things.customer_telegram_id
        things.funnel, things.enrolment = await make_funnel(self.do, self.relation, telegram_id)
        for dialog_id in (things.dialog, things.paused, things.merging, things.merging_into):
            await self._give(dialog_id)
        return things

    async def _customer(self, place: int) -> int:
        """Somebody who has written; their number."""
        telegram_id = 510000000 + 100 * self.number + place
        sender = MessageSender(telegram_id, f"Customer {place} {self.relation}", language="en")
        content = Content("text", "Where is it?", chat_id=telegram_id, tg_message_id=1)
        await self.do(receive_customer_message, sender=sender, content=content)
        customer = await self.do(customers.by_telegram_id, telegram_id)
        assert customer is not None
        return customer.id

    async def _open(self, place: int) -> tuple[int, int]:
        customer_id = await self._customer(place)
        opening = Opening(customer_id, f"Delivery {self.relation} {place}")
        return (await self.do(open_dialog, manager=self.author, opening=opening)).id, customer_id

    async def _conversation(self) -> None:
        """Words of every kind in the dialog, by its author."""
        things = self.things
        where: dict[str, Any] = {"manager": self.author, "dialog_id": things.dialog}
        things.said_in = 700 + self.number
        content = Content("text", "It is on its way", chat_id=GROUP, tg_message_id=things.said_in)
        said = await self.do(write_in_dialog, **where, content=content, origin=Origin.of(content))
        things.message = said.id
        things.copy = 750 + self.number
        await self.do(_copy, things.dialog, things.copy)
        failed = await self.do(write_in_dialog, **where, content=Content(text="Are you there?"))
        things.parked = await self.do(_park, failed.id)
        things.note = await self.do(add_note, **where, text="Look at the warehouse")
        things.draft = (await self.do(write_draft, **where, content=Content(text="A draft"))).id
        noted = await self.do(add_draft_note, manager=self.author, draft_id=things.draft, text="Is that so?")
        things.draft_note = noted.notes[-1].id
        at, said_later = AT + timedelta(hours=5), Content(text="Later")
        later = await self.do(schedule_reply, **where, content=said_later, at=at)
        things.scheduled = later.id
        await self.do(change_dialog, **where, changes={"tags": ["Late"]})
        things.tag = (await self.do(lists.find, "tags", "Late"))["id"]
        file = NewFile("list.pdf", "application/pdf", 10, file_id="FILE")
        things.attachment = (await self.do(add_attachment, **where, file=file)).id

    async def _merges(self) -> None:
        """One dialog that was merged into another, and one that could be."""
        things = self.things
        things.merging, _ = await self._open(3)
        await self.do(pause_dialog, manager=self.author, dialog_id=things.merging)
        merged, _ = await self._open(3)
        await self.do(pause_dialog, manager=self.author, dialog_id=merged)
        things.merging_into, _ = await self._open(3)
        into = things.merging_into
        await self.do(merge_dialog, manager=self.author, dialog_id=merged, into=into)

    async def _inbox(self) -> None:
        """An item that waits for whoever it was given to, its card in the group, and one that was ignored."""
        things = self.things
        things.item_customer, ignored = await self._customer(4), await self._customer(5)
        things.card = 600 + self.number
        things.item = await self.do(_item_of, things.item_customer, things.card)
        things.ignored = await self.do(_item_of, ignored, 650 + self.number)
        await self.do(ignore_item, manager=self.author, item_id=things.ignored)
        about: dict[str, Any] = {"manager": self.colleague, "item_id": things.item}
        if self.relation == TEAM:
            await self.do(assign_inbox_item_to_team, **about, team=TEAM_OF_ACTOR)
        else:
            await self.do(assign_inbox_item, **about, assignee_telegram_id=self.author.telegram_id)

    async def _rest(self) -> None:
        things = self.things
        team = {OWN: None, TEAM: TEAM_OF_ACTOR, OTHER: OTHER_TEAM}[self.relation]
        words = {"name": f"Hello {self.relation}", "kind": "reply", "text": "Hello", "team": team}
        things.template = (await self.do(add_template, manager=None, values=words)).id
        things.task = await self.do(_task, self.author.id, things.paused)
        things.form = await self.do(_form, self.author, "settings", {"first": 0})
        command = Content("text", "/pause", chat_id=self.author.telegram_id, tg_message_id=800 + self.number)
        things.question = await self.do(_form, self.author, "which", {"contents": [asdict(command)]})

    async def _give(self, dialog_id: int) -> None:
        """Last: whoever speaks in a dialog has it."""
        about: dict[str, Any] = {"manager": self.colleague, "dialog_id": dialog_id}
        if self.relation == TEAM:
            await self.do(assign_dialog_to_team, **about, team=TEAM_OF_ACTOR)
        else:
            await self.do(assign_dialog, **about, assignee_telegram_id=self.author.telegram_id)


async def build_desk(store: Store) -> dict[str, Things]:
    """People, teams, and the things of each relation; what was to be said has been said."""
    await store.act(_build_people)
    things = {name: await Builder(store, name, number).build() for number, name in enumerate(RELATIONS, 1)}
    said = "UPDATE outbox SET status = 'sent', settled_at = 1 WHERE status = 'queued'"
    await store.act(lambda tx: tx.run(said))
    for found in things.values():
        found.held = await store.act(offer_to, found.customer_telegram_id)
        found.broadcast = await store.act(a_broadcast)
    return things


def _build_people(tx: Tx) -> None:
    for telegram_id, name in ((ACTOR, "Ivan"), (COLLEAGUE, "Boris"), (SPARE_MANAGER, "Olga")):
        managers.insert(tx, telegram_id=telegram_id, name=name, role="admin")
    add_to_list(tx, manager=None, kind="tags", name="Late")
    for team, member in ((TEAM_OF_ACTOR, ACTOR), (OTHER_TEAM, COLLEAGUE)):
        add_team(tx, manager=None, fields={"name": team, "members": [member], "routing": "manual"})


def _park(tx: Tx, message_id: int) -> int:
    """Its customer could not get it."""
    number = _id(tx, "SELECT id FROM outbox WHERE message_id = :m AND audience = 'customer'", m=message_id)
    tx.run("UPDATE outbox SET status = 'parked', error = 'blocked' WHERE id = :id", id=number)
    return number


def _item_of(tx: Tx, customer_id: int, card: int) -> int:
    item = inbox_items.lock_new(tx, customer_id)
    assert item is not None
    about: dict[str, Any] = {"customer_id": customer_id, "inbox_item_id": item.id}
    telegram_messages.add(tx, GROUP, card, "copy", audience=Audience.DESK, **about)
    return item.id


def _copy(tx: Tx, dialog_id: int, number: int) -> None:
    """The customer's words, as the group shows them."""
    words = _id(
        tx,
        "SELECT MIN(m.id) AS id FROM messages m JOIN dialogs d ON d.customer_id = m.customer_id WHERE d.id = :d",
        d=dialog_id,
    )
    about = {"message_id": words, "dialog_id": dialog_id}
    telegram_messages.add(tx, GROUP, number, "copy", audience=Audience.DESK, **about)


def _task(tx: Tx, manager_id: int, dialog_id: int) -> int:
    number = tasks.insert(tx, manager_id=manager_id, dialog_id=dialog_id, title="Call", starts_at=tx.at)
    assert number is not None
    return number


def _form(tx: Tx, manager: Manager, kind: str, values: dict[str, Any]) -> int:
    values = {**values, "thread_id": None}
    place = {"chat_id": manager.telegram_id, "kind": kind, "step": "main"}
    return forms.open_form(tx, manager=manager, values=values, **place)


def set_aside(tx: Tx, update_id: int) -> None:
    """An update that no handler could carry out."""
    tx.run(
        "UPDATE inbox SET state = 'quarantined', reason = 'x', done_at = :at WHERE update_id = :id",
        at=tx.at,
        id=update_id,
    )


async def make_actor(store: Store, *, role: str) -> None:
    def work(tx: Tx) -> None:
        managers.update(tx, _person(tx, ACTOR).id, role=role)

    await store.act(work)


def _person(tx: Tx, telegram_id: int) -> Manager:
    found = managers.by_telegram_id(tx, telegram_id)
    assert found is not None
    return found


def _id(tx: Tx, sql: str, **words: Any) -> int:
    row = tx.one(sql, **words)
    assert row is not None
    return int(row["id"])
