"""Settings → People: what an administrator types there. Each message is answered where it stands, line by line."""

from dataclasses import dataclass, field
from typing import Any

from holdline.desk.notices.bot_messages import Answer, answer
from holdline.desk.people.adding import Addition
from holdline.desk.people.customer_colleagues import open_with
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.wording import one_line, without_controls
from holdline.screens.forms import people_search
from holdline.screens.forms.add_people import add, ask_about
from holdline.screens.forms.form import LONGEST, Form
from holdline.screens.keyboards import Rows, short
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.texts import say

MOST_LINES = 40
"""So many lines of one message are read: each may change rights, in one unit."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a line, with buttons for what is left to do; `page` is shown where it was the only line."""

    text: str
    rows: Rows = field(default_factory=list)
    page: str = "people"


def take(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """“510000001 Anna”, one a line; a contact says both; a forwarded message is about its writer; else a search."""
    form.values.pop("renames", None)
    if content.kind == "contact":
        results = [_contact(tx, form, manager, content)]
    elif origin := content.data.get("forwarded"):
        results = [_forwarded(tx, form, manager, origin)]
    else:
        results = _lines(tx, form, manager, content.text)
    form.step = results[0].page if len(results) == 1 else "people"
    form.values["first"] = 0
    _answer(tx, content, results)


def _lines(tx: Tx, form: Form, manager: Manager, text: str) -> list[Result]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and _as_person(lines[0]) is None:
        return [_search(tx, form, manager, lines[0])]
    results = [_line(tx, form, manager, line) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        left = len(lines) - MOST_LINES
        results.append(Result(say("windows.people_lines_left", manager.language, count=left)))
    return results


def _line(tx: Tx, form: Form, manager: Manager, line: str) -> Result:
    """Of who wrote here before the whole @username or id is enough."""
    person = _as_person(line) or people_search.only_one(tx, line)
    if person is None:
        return _refused(manager, line, say("windows.people_format", manager.language))
    return _add(tx, form, manager, *person)


def _as_person(line: str) -> tuple[int, str] | None:
    """The Telegram id and the name; None where it is something else."""
    digits, _, name = line.replace("\t", " ").partition(" ")
    is_id = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST
    return (int(digits), name.strip()) if is_id and name.strip() else None


def _contact(tx: Tx, form: Form, manager: Manager, content: Content) -> Result:
    name = str(content.data.get("first_name") or "")
    if not content.data.get("user_id"):
        return _refused(manager, name, say("windows.people_contact", manager.language))
    return _add(tx, form, manager, int(content.data["user_id"]), name)


def _forwarded(tx: Tx, form: Form, manager: Manager, origin: dict[str, Any]) -> Result:
    """Its words are somebody else's, so nothing in them adds anybody; its writer is asked about."""
    name = str(origin["name"])
    if origin.get("is_bot"):
        return _refused(manager, name, say("mends.bot_as_manager", manager.language))
    if origin["origin"] in ("chat", "channel"):
        return _refused(manager, name, say("windows.people_no_person", manager.language))
    if origin["origin"] != "user":
        return _refused(manager, name, say("windows.people_contact", manager.language))
    before = managers.by_telegram_id(tx, origin["id"])
    if before is not None and before.active:
        return _added(form, manager, Addition(before, "already"), before.name)
    name = before.name if before is not None else name
    if open_with(tx, origin["id"]):
        return _asked(tx, form, manager, origin["id"], name)
    ask_about(tx, form, origin["id"], name)
    return _question(form, manager, origin["id"])


def _question(form: Form, manager: Manager, telegram_id: int) -> Result:
    """Each question keeps its own answer: several stand below each other when several messages are forwarded."""
    language, asked = manager.language, form.values["asked"]
    form.values.setdefault("forwarded", {})[str(telegram_id)] = asked
    name, role = inline(asked["name"]), people_search.role_name(asked["role"], language)
    ask, means = (
        say("windows.join_ask", language, name=name),
        say("windows.join_means", language, name=name, role=role),
    )
    yes = form.button(say("windows.join_yes", language), "join", telegram_id)
    return Result(f"{ask}\n{means}", [[yes]], form.step)


def _add(tx: Tx, form: Form, manager: Manager, telegram_id: int, name: str) -> Result:
    """Asked first only where they turn out to be a customer in need."""
    try:
        name = one_line(name, field="name")
        before = managers.by_telegram_id(tx, telegram_id)
        if not (before is not None and before.active) and open_with(tx, telegram_id):
            return _asked(tx, form, manager, telegram_id, name)
        return _added(form, manager, add(tx, manager, telegram_id=telegram_id, name=name), name)
    except BadInput as refused:
        return _refused(manager, f"{telegram_id} {name}", refused.mended(manager.language))


def _added(form: Form, manager: Manager, added: Addition, name: str) -> Result:
    person, language = added.person, manager.language
    role = people_search.role_name(person.role, language)
    text = say(f"windows.people_{added.outcome}", language, name=inline(person.name), role=role)
    rows: Rows = []
    if added.outcome == "already":
        if name != person.name:
            form.values.setdefault("renames", {})[str(person.id)] = name
            rows.append(
                [
                    form.button(
                        say("windows.people_rename", language, name=short(name, 24)), "rename", person.id
                    )
                ]
            )
        rows.append(
            [
                form.button(
                    say("windows.people_change_role", language, name=short(person.name, 24)),
                    "person",
                    person.id,
                )
            ]
        )
    return Result(text, rows, f"people/{person.id}")


def _asked(tx: Tx, form: Form, manager: Manager, telegram_id: int, name: str) -> Result:
    ask_about(tx, form, telegram_id, name)
    text = say("windows.people_is_customer", manager.language, name=inline(name))
    return Result(text, [[form.button(f"➕ {short(name, 24)}", "add", telegram_id)]], form.step)


def _refused(manager: Manager, line: str, mend: str) -> Result:
    text = say("windows.people_not_added", manager.language, line=inline(short(line)), mend=mend)
    return Result(text)


def _search(tx: Tx, form: Form, manager: Manager, line: str) -> Result:
    """A word alone: a name, a @username or a Telegram id."""
    language, sought = manager.language, " ".join(without_controls(line).split())[:200]
    if sought.startswith("@") and sought.lower().endswith("bot"):
        return _refused(manager, sought, say("mends.bot_as_manager", language))
    customers, _ = people_search.find(tx, sought)
    colleagues = people_search.colleagues_called(tx, sought)
    if not customers and not colleagues:
        return Result(say("windows.people_nobody", language, text=inline(short(sought))))
    form.values["sought"] = sought
    rows = [
        *people_search.colleague_rows(form, manager, colleagues),
        *people_search.customer_rows(tx, form, manager, customers),
    ]
    return Result(say("windows.list_found", language, text=inline(short(sought))), rows, "people/found")


def _answer(tx: Tx, content: Content, results: list[Result]) -> None:
    assert content.chat_id is not None
    answer(
        tx,
        chat_id=content.chat_id,
        thread_id=content.thread_id,
        said=Answer(
            "\n".join(result.text for result in results), (), [row for one in results for row in one.rows]
        ),
        key=f"people:{content.chat_id}:{content.tg_message_id}",
        reply_to_tg_id=content.tg_message_id,
    )
