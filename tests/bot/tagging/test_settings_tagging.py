"""Settings → Automatic tags: rules, the model, the service; and 🤖 on the card, removed with one tap."""

import re
from typing import Any

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.settings.lists import add_to_list, remove_from_list
from holdline.desk.tagging.choices import is_service_on, model_choice
from holdline.desk.tagging.tag_rules import list_rules
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.tagging.tag_rules import TagRule
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import admin_log, managers
from holdline.store.tagging import examples, tag_models
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff
from tests.bot.staging import ADMIN, ANNA, IVAN, manager, named, opened, words, wrote


@pytest.fixture
def staff(private_desk: Store) -> Staff:
    return Staff(private_desk)


class Page:
    """The window, open at Automatic tags."""

    def __init__(self, staff: Staff, number: int, form: str) -> None:
        self.staff, self._number, self._form = staff, number, form

    @classmethod
    async def opened(cls, staff: Staff, part: str = "") -> "Page":
        await staff.says("/settings")
        window = await staff.answer()
        page = cls(staff, window.number, window.form)
        await page.presses("open:tagging")
        if part:
            await page.presses(f"part:{part}")
        return page

    async def presses(self, action: str) -> None:
        await self.staff.presses(f"{self._form}:{action}", on=self._number)

    @property
    def text(self) -> str:
        return self.staff.gateway.window

    @property
    def captions(self) -> list[str]:
        keyboard = self.staff.gateway.edits()[-1].params["reply_markup"]["inline_keyboard"]
        return [button["text"] for row in keyboard for button in row]


async def tag(staff: Staff, *names: str) -> None:
    def add(tx: Tx) -> None:
        for name in names:
            add_to_list(tx, manager=manager(tx), kind="tags", name=name)

    await staff.store.act(add)


async def rules(staff: Staff) -> list[TagRule]:
    return await staff.store.read(list_rules)


async def tag_id(staff: Staff, name: str) -> int:
    rows = await staff.store.read(lambda tx: tx.all("SELECT id FROM lists WHERE name = :name", name=name))
    return int(rows[0]["id"])


async def add_by_line(staff: Staff, line: str, name: str = "refund") -> Page:
    page = await Page.opened(staff, "rules")
    await page.presses("add")
    await page.presses(f"tag:{await tag_id(staff, name)}")
    await staff.says(line)
    return page


async def test_a_rule_is_added_tried_switched_off_and_deleted(staff: Staff) -> None:
    await tag(staff, "refund")
    page = await add_by_line(staff, "money back, возврат")
    (rule,) = await rules(staff)
    assert (rule.tag, rule.any_of, rule.enabled) == ("refund", ("money back", "возврат"), True)
    assert "money back, возврат" in page.text
    await page.presses("switch")
    assert [each.enabled for each in await rules(staff)] == [False]
    await page.presses("switch")
    await page.presses("list")
    assert "✅ refund: money back, возврат" in page.captions
    await page.presses("try")
    await staff.says("Хочу возврата!")
    assert "• refund (money back, возврат)" in page.text
    await staff.says("a parcel")
    assert "No rule fits" in page.text
    await page.presses("list")
    await page.presses(f"rule:{rule.id}")
    await page.presses("delete")
    assert len(await rules(staff)) == 1
    await page.presses("delete!")
    assert await rules(staff) == []
    assert "no rule yet" in page.text


async def test_a_tag_rule_of_a_deleted_tag_stops_and_can_be_switched_off(staff: Staff) -> None:
    await tag(staff, "refund")
    page = await add_by_line(staff, "money back")
    number = await tag_id(staff, "refund")
    await staff.store.act(lambda tx: remove_from_list(tx, manager=manager(tx), kind="tags", list_id=number))
    await page.presses("switch")
    assert [each.enabled for each in await rules(staff)] == [False]
    assert (await staff.store.read(admin_log.page))[0]["change"] == "tag_rule_changed"
    await page.presses("switch")
    await page.presses("list")
    await page.presses("try")
    await staff.says("My money back!")
    assert "No rule fits" in page.text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/(a+)+$/", "could take far too long"),
        ("/(/", "is not a regular expression"),
        ("!?", "has a letter or a number"),
        (",", "needs words"),
        ("//", "has a letter or a number"),
        ("x" * 101, "at most 100"),
    ],
)
async def test_a_wrong_line_is_refused_with_a_sentence_and_can_be_written_again(
    staff: Staff, line: str, told: str
) -> None:
    await tag(staff, "refund")
    page = await add_by_line(staff, line)
    said = " ".join([one.text for one in await staff.heard()] + [page.text])
    assert re.search(told, said), said
    assert await rules(staff) == []
    await staff.says("refund")
    assert [rule.any_of for rule in await rules(staff)] == [("refund",)]


async def test_an_expression_is_typed_between_slashes(staff: Staff) -> None:
    await tag(staff, "refund")
    await add_by_line(staff, r"/inv-\d{4,}/")
    assert [(rule.any_of, rule.regex) for rule in await rules(staff)] == [((), r"inv-\d{4,}")]


async def test_a_desk_without_tags_sees_where_they_are_added(staff: Staff) -> None:
    page = await Page.opened(staff, "rules")
    await page.presses("add")
    assert "No tags yet" in page.text
    assert any(data.startswith("settings.page:tags") for data in staff.gateway.offered)


async def test_the_model_is_requested_switched_and_given_a_threshold(staff: Staff) -> None:
    page = await Page.opened(staff, "model")
    assert "There is no model yet" in page.text
    await page.presses("train")
    assert "being trained" in page.text
    newest = await staff.store.read(tag_models.newest)
    assert newest is not None and newest.state == "asked"
    figures = {
        "top1": 0.91,
        "precision": 0.955,
        "coverage": 0.8,
        "threshold": 0.5,
        "examples": 340,
        "tags": 12,
    }

    def ready(tx: Tx) -> None:
        tag_models.end(tx, newest.id, state="ready", file="x.npz", checksum="0" * 64, figures_json=figures)

    await staff.store.act(ready)
    await page.presses("look")
    assert "right 91% of the time" in page.text
    assert "less sure than 50%" in page.text
    await page.presses("threshold:80")
    assert "less sure than 80%" in page.text
    await page.presses("switch")
    choice = await staff.store.read(model_choice)
    assert (choice.is_on, choice.threshold) == (False, 0.8)
    await page.presses("threshold:0")
    assert (await staff.store.read(model_choice)).threshold is None
    await page.presses("threshold:7")
    assert (await staff.store.read(model_choice)).threshold is None
    await page.presses("train")

    def failed(tx: Tx) -> None:
        last = tag_models.newest(tx)
        assert last is not None
        tag_models.end(tx, last.id, state="failed", reason="too_few")

    await staff.store.act(failed)
    await page.presses("look")
    assert "too little to learn from" in page.text


async def test_a_service_that_the_configuration_lacks_cannot_be_switched_on(staff: Staff) -> None:
    page = await Page.opened(staff, "service")
    assert "service_url" in page.text
    await page.presses("switch")
    assert not await staff.store.read(is_service_on)


async def test_switching_a_service_on_needs_confirmation(store_url: str, clock: Any) -> None:
    from tests.bot.staging import furnished  # noqa: PLC0415
    from tests.conftest import BOT  # noqa: PLC0415

    store = Store(store_url, bot_id=BOT, rules=DeskRules(admins=(ADMIN,), tag_service="llama3"), clock=clock)
    await store.start()
    await store.act(furnished)
    staff = Staff(store)
    page = await Page.opened(staff, "service")
    assert "nothing is sent to llama3" in page.text
    assert "what customers wrote in a dialog is sent there" in page.text
    await page.presses("switch")
    assert await store.read(is_service_on)
    log = await store.read(admin_log.page)
    assert log[0]["change"] == "tag_service_switched"
    await store.close()


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
async def test_every_page_is_there_in_every_language(staff: Staff, language: str) -> None:
    await staff.store.act(lambda tx: managers.update(tx, manager(tx).id, language=language))
    await tag(staff, "refund")
    for part, presses in (
        ("rules", ("add", "list", "try", "up")),
        ("model", ("train", "up")),
        ("service", ("up",)),
    ):
        page = await Page.opened(staff, part)
        for each in presses:
            await page.presses(each)
            assert "robots." not in page.text + " ".join(page.captions)


async def test_automatic_tag_settings_need_the_permission(staff: Staff) -> None:
    await staff.store.act(named, IVAN, "Ivan")
    await staff.store.act(lambda tx: managers.update(tx, _ivan(tx).id, role="agent"))
    await staff.says("/settings", IVAN)
    window = await staff.answer()
    await staff.presses(f"{window.form}:open:tagging", IVAN, on=window.number)
    assert not any("Rules" in str(call.params) for call in staff.gateway.edits())
    assert "dialog_settings.edit" in staff.gateway.toast


def _ivan(tx: Tx) -> Manager:
    found = managers.by_telegram_id(tx, IVAN)
    assert found is not None
    return found


async def closed_with_a_robot(staff: Staff) -> Dialog:
    await tag(staff, "refund", "vip")
    await add_by_line(staff, "money back")
    await staff.heard()
    await wrote(staff.store, words("hello"))
    dialog = await opened(staff.store)
    content = words("I want my money back", 72)
    await staff.store.act(receive_customer_message, sender=ANNA, content=content)

    def close(tx: Tx) -> None:
        close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=Closing(send_rating_form=False))

    await staff.store.act(close)
    return await staff.store.read(dialogs.by_id, dialog.id)


@pytest.mark.row("K-16")
async def test_a_robot_s_tag_on_the_card_comes_off_with_one_tap(staff: Staff) -> None:
    dialog = await closed_with_a_robot(staff)
    assert dialog.automatic_tags == ("refund",)
    card = next(one for one in reversed(await staff.heard()) if one.data_or_none("dlg.untag"))
    assert "refund 🤖" in card.text
    await staff.presses(card.data("dlg.untag"))
    assert "“refund” is off" in staff.gateway.toast
    assert (await staff.store.read(dialogs.by_id, dialog.id)).tags == ()
    (right,) = await staff.store.read(examples.correctness)
    assert (right.source, right.placed, right.corrected) == ("rule", 1, 1)
    after = [one for one in await staff.heard() if "refund 🤖" in one.text or one.data_or_none("dlg.untag")]
    assert after == []
    await staff.presses(card.data("dlg.untag"))
    assert "off already" in staff.gateway.toast
    page = await Page.opened(staff)
    assert "• rules: 0% (tags: 1, taken off: 1)" in page.text
