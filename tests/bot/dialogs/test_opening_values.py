"""Description, priority and SLA policy on the last page of the wizard: leaving them out costs no tap."""

import pytest

from holdline.desk.settings.sla_policies import add_policy, list_policies, remove_policy
from holdline.store.dialogs import dialogs, history
from holdline.store.engine import Store
from tests.bot.desk_kit import Said, Staff, thread_of, to_customer
from tests.bot.staging import GROUP, manager, words, wrote

MORE = [f"value:{name}" for name in ("description", "priority", "sla_policy")]


class Wizard:
    """Open at its last page, in the Inbox topic."""

    def __init__(self, staff: Staff, window: Said, inbox: int) -> None:
        self.staff, self.window, self.form, self.inbox = staff, window, window.form, inbox

    async def press(self, *actions: str) -> None:
        for action in actions:
            await self.staff.presses(
                f"{self.form}:{action}", chat=GROUP, thread=self.inbox, on=self.window.number
            )

    async def type(self, text: str) -> None:
        await self.staff.says(text, chat=GROUP, thread=self.inbox, reply_to=self.window.number)

    @property
    def shown(self) -> str:
        return self.staff.gateway.window

    @property
    def offered(self) -> list[str]:
        return [data.removeprefix(f"{self.form}:") for data in self.staff.gateway.offered]


@pytest.fixture
async def wizard(group_desk: Store) -> Wizard:
    await wrote(group_desk, words("Where is my order?"))
    staff = Staff(group_desk)
    card = (await staff.heard("inbox_card"))[-1]
    inbox = await thread_of(group_desk, None)
    await staff.presses(card.data("card.open"), chat=GROUP, thread=inbox, on=card.number)
    at_start = Wizard(staff, await staff.answer(), inbox)
    await at_start.press("next", "next")
    await at_start.press(next(data for data in at_start.offered if data.startswith("type:")))
    return at_start


async def add_policies(wizard: Wizard, *names: str) -> None:
    for name in names:
        given = {"name": name, "first_response": "1h"}
        await wizard.staff.store.act(lambda tx, v=given: add_policy(tx, manager=manager(tx), values=v))


@pytest.mark.row("W-27")
@pytest.mark.row("W-28")
async def test_the_description_is_typed_for_the_desk_and_never_sent_to_the_customer(wizard: Wizard) -> None:
    await wizard.press("value:description")
    await wizard.type("Parcel 17 did not arrive.\nShe called twice.")
    assert "📄 Description: Parcel 17 did not arrive. She called twice." in wizard.shown
    await wizard.press("create")
    said = await wizard.staff.heard()
    assert to_customer(said) == []
    card = next(one for one in said if one.row["kind"] == "info_card" and one.call.params["chat_id"] == GROUP)
    assert "Description: Parcel 17 did not arrive. She called twice." in card.text
    dialog = await wizard.staff.store.read(lambda tx: dialogs.by_id(tx, 1))
    assert dialog.description == "Parcel 17 did not arrive.\nShe called twice."
    messages = await wizard.staff.store.read(lambda tx: tx.all("SELECT text FROM messages"))
    assert [row["text"] for row in messages] == ["Where is my order?"]
    entries = await wizard.staff.store.read(lambda tx: history.page(tx, dialog_id=1))
    (opened,) = [row for row in entries if row["kind"] == "dialog_opened"]
    assert opened["data_json"]["description"] == dialog.description


@pytest.mark.row("W-24")
@pytest.mark.row("W-26")
async def test_priority_and_policy_are_chosen_where_the_desk_has_policies(wizard: Wizard) -> None:
    assert MORE[:2] == [data for data in wizard.offered if data.startswith("value:")]
    await add_policies(wizard, "Standard", "Urgent help")
    await wizard.press("value:priority", "priority:3")
    assert [data for data in wizard.offered if data.startswith("value:")] == MORE
    assert "❗ Priority: urgent" in wizard.shown
    (_, urgent) = await wizard.staff.store.read(list_policies)
    await wizard.press("value:sla_policy", f"sla_policy:{urgent.id}")
    assert "⏱ SLA: Urgent help" in wizard.shown
    await wizard.press("create")
    dialog = await wizard.staff.store.read(lambda tx: dialogs.by_id(tx, 1))
    assert (dialog.priority, dialog.sla_policy) == ("urgent", "Urgent help")


async def test_optional_fields_add_no_tap_to_opening_a_dialog(wizard: Wizard) -> None:
    await add_policies(wizard, "Standard")
    await wizard.press("create")
    dialog = await wizard.staff.store.read(lambda tx: dialogs.by_id(tx, 1))
    assert (dialog.priority, dialog.description, dialog.state) == ("normal", "", "active")


async def test_wrong_presses_and_texts_change_nothing(wizard: Wizard) -> None:
    await add_policies(wizard, "Standard")
    await wizard.press("value:colour", "value:priority", "priority:9")
    assert "deleted" in wizard.shown
    await wizard.type("high")
    await wizard.press("back", "value:description", "back")
    await wizard.type("Another title")
    await wizard.press("next", "next", "next", "create")
    dialog = await wizard.staff.store.read(lambda tx: dialogs.by_id(tx, 1))
    assert (dialog.priority, dialog.description) == ("normal", "")


async def test_a_policy_deleted_meanwhile_is_reported_and_left_out(wizard: Wizard) -> None:
    await add_policies(wizard, "Standard")
    (policy,) = await wizard.staff.store.read(list_policies)
    await wizard.press("value:sla_policy", f"sla_policy:{policy.id}")
    await wizard.staff.store.act(lambda tx: remove_policy(tx, manager=manager(tx), policy_id=policy.id))
    await wizard.press("create")
    assert "no longer in this form" in wizard.shown
    await wizard.press("create")
    dialog = await wizard.staff.store.read(lambda tx: dialogs.by_id(tx, 1))
    assert (dialog.state, dialog.sla_policy) == ("active", None)
