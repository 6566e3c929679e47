"""Settings → People: what an administrator types there. Each message gets one reply, line by line."""

from dataclasses import dataclass, field
from typing import Any

from holdline.desk.notices.bot_messages import BotMessage, send_bot_message
from holdline.desk.people.adding import Addition
from holdline.desk.people.customer_colleagues import open_with
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.wording import one_line, without_controls
from holdline.dialogs.verbs import MAX_DIGITS
from holdline.screens.forms import people_search
from holdline.screens.forms.add_people import add, ask_about
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, ellipsize
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.texts import say

MOST_LINES = 40
"""The most lines read from one message, because each may change rights, all in one unit of work."""


@dataclass(frozen=True, slots=True)
class LineResult:
    """The result of a line, with buttons for what is left to do. `page` is opened if it was the only line."""

    text: str
    rows: ButtonRows = field(default_factory=list)
    page: str = "people"


def process_lines(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """“510000001 Anna”, one person per line; or a contact; or a forwarded message of the person; otherwise a search."""
    form.values.pop("renames", None)
    if content.kind == "contact":
        results = [_contact(tx, form, manager, content)]
    elif origin := content.data.get("forwarded"):
        results = [_from_forward(tx, form, manager, origin)]
    else:
        results = _lines(tx, form, manager, content.text)
    form.step = results[0].page if len(results) == 1 else "people"
    form.values["first"] = 0
    _answer(tx, content, results)


def _lines(tx: Tx, form: Form, manager: Manager, text: str) -> list[LineResult]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and _as_person(lines[0]) is None:
        return [_search(tx, form, manager, lines[0])]
    results = [_line(tx, form, manager, line) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        remaining = len(lines) - MOST_LINES
        results.append(LineResult(say("windows.people_lines_left", manager.language, count=remaining)))
    return results


def _line(tx: Tx, form: Form, manager: Manager, line: str) -> LineResult:
    """For a person who has written to the bot, the whole @username or id is enough."""
    person = _as_person(line) or people_search.find_exact(tx, line)
    if person is None:
        return _refusal_result(manager, line, say("windows.people_format", manager.language))
    return _add(tx, form, manager, *person)


def _as_person(line: str) -> tuple[int, str] | None:
    """The Telegram id and the name, or None for any other text."""
    digits, _, name = line.replace("\t", " ").partition(" ")
    is_id = digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS
    return (int(digits), name.strip()) if is_id and name.strip() else None


def _contact(tx: Tx, form: Form, manager: Manager, content: Content) -> LineResult:
    name = str(content.data.get("first_name") or "")
    if not content.data.get("user_id"):
        return _refusal_result(manager, name, say("windows.people_contact", manager.language))
    return _add(tx, form, manager, int(content.data["user_id"]), name)


def _from_forward(tx: Tx, form: Form, manager: Manager, origin: dict[str, Any]) -> LineResult:
    """The text is somebody else's, so it adds nobody. The question is about its author."""
    name = str(origin["name"])
    if origin.get("is_bot"):
        return _refusal_result(manager, name, say("mends.bot_as_manager", manager.language))
    if origin["origin"] in ("chat", "channel"):
        return _refusal_result(manager, name, say("windows.people_no_person", manager.language))
    if origin["origin"] != "user":
        return _refusal_result(manager, name, say("windows.people_contact", manager.language))
    before = managers.by_telegram_id(tx, origin["id"])
    if before is not None and before.active:
        return _addition_result(form, manager, Addition(before, "already"), before.name)
    name = before.name if before is not None else name
    if open_with(tx, origin["id"]):
        return _ask_first(tx, form, manager, origin["id"], name)
    ask_about(tx, form, origin["id"], name)
    return _question(form, manager, origin["id"])


def _question(form: Form, manager: Manager, telegram_id: int) -> LineResult:
    """Each question keeps its own data, because several can be open if several messages are forwarded."""
    language, question = manager.language, form.values["asked"]
    form.values.setdefault("forwarded", {})[str(telegram_id)] = question
    name, role = inline(question["name"]), people_search.role_name(question["role"], language)
    ask, means = (
        say("windows.join_ask", language, name=name),
        say("windows.join_means", language, name=name, role=role),
    )
    yes = form.button(say("windows.join_yes", language), "join", telegram_id)
    return LineResult(f"{ask}\n{means}", [[yes]], form.step)


def _add(tx: Tx, form: Form, manager: Manager, telegram_id: int, name: str) -> LineResult:
    """Asks first only if the person is a customer with an open case."""
    try:
        name = one_line(name, field="name")
        before = managers.by_telegram_id(tx, telegram_id)
        if not (before is not None and before.active) and open_with(tx, telegram_id):
            return _ask_first(tx, form, manager, telegram_id, name)
        return _addition_result(form, manager, add(tx, manager, telegram_id=telegram_id, name=name), name)
    except BadInput as refused:
        return _refusal_result(manager, f"{telegram_id} {name}", refused.hint_text(manager.language))


def _addition_result(form: Form, manager: Manager, added: Addition, name: str) -> LineResult:
    person, language = added.person, manager.language
    role = people_search.role_name(person.role, language)
    text = say(f"windows.people_{added.outcome}", language, name=inline(person.name), role=role)
    rows: ButtonRows = []
    if added.outcome == "already":
        if name != person.name:
            form.values.setdefault("renames", {})[str(person.id)] = name
            rows.append(
                [
                    form.button(
                        say("windows.people_rename", language, name=ellipsize(name, 24)), "rename", person.id
                    )
                ]
            )
        rows.append(
            [
                form.button(
                    say("windows.people_change_role", language, name=ellipsize(person.name, 24)),
                    "person",
                    person.id,
                )
            ]
        )
    return LineResult(text, rows, f"people/{person.id}")


def _ask_first(tx: Tx, form: Form, manager: Manager, telegram_id: int, name: str) -> LineResult:
    ask_about(tx, form, telegram_id, name)
    text = say("windows.people_is_customer", manager.language, name=inline(name))
    return LineResult(text, [[form.button(f"➕ {ellipsize(name, 24)}", "add", telegram_id)]], form.step)


def _refusal_result(manager: Manager, line: str, mend: str) -> LineResult:
    text = say("windows.people_not_added", manager.language, line=inline(ellipsize(line)), mend=mend)
    return LineResult(text)


def _search(tx: Tx, form: Form, manager: Manager, line: str) -> LineResult:
    """A single name, @username or Telegram id."""
    language, sought = manager.language, " ".join(without_controls(line).split())[:200]
    if sought.startswith("@") and sought.lower().endswith("bot"):
        return _refusal_result(manager, sought, say("mends.bot_as_manager", language))
    customers, _ = people_search.find_customers(tx, sought)
    colleagues = people_search.colleagues_called(tx, sought)
    if not customers and not colleagues:
        return LineResult(say("windows.people_nobody", language, text=inline(ellipsize(sought))))
    form.values["sought"] = sought
    rows = [
        *people_search.colleague_rows(form, manager, colleagues),
        *people_search.customer_rows(tx, form, manager, customers),
    ]
    return LineResult(
        say("windows.list_found", language, text=inline(ellipsize(sought))), rows, "people/found"
    )


def _answer(tx: Tx, content: Content, results: list[LineResult]) -> None:
    assert content.chat_id is not None
    send_bot_message(
        tx,
        chat_id=content.chat_id,
        thread_id=content.thread_id,
        said=BotMessage(
            "\n".join(result.text for result in results), (), [row for each in results for row in each.rows]
        ),
        key=f"people:{content.chat_id}:{content.tg_message_id}",
        reply_to_tg_id=content.tg_message_id,
    )
