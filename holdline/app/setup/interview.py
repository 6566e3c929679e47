"""The questions of `holdline init`. Each answer is tried at once; a wrong one is explained and asked again."""

import re
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from holdline.app.check.command import database_findings
from holdline.app.check.group import look_at_group
from holdline.app.check.results import ERROR
from holdline.app.check.telegram import Bot, bot_of
from holdline.app.check.web import port_finding
from holdline.app.configuration import Configuration
from holdline.app.settings import Settings
from holdline.app.setup.arrivals import look, wait_a_moment
from holdline.bot.gateway import Gateway
from holdline.bot.intake.bot_api import BotApiCaller, direct_caller
from holdline.texts.catalog import LANGUAGES

WAIT_SECONDS = 120.0
_TOKEN = re.compile(r"\d{3,}:[\w-]{5,}")
_SQLITE = "sqlite:///holdline.db"


class Talk(Protocol):
    """The person at the terminal. An empty answer means the default."""

    def say(self, sentence: str) -> None: ...
    def ask(self, question: str, default: str = "", *, secret: bool = False) -> str: ...


async def interview(
    talk: Talk, preset: dict[str, Any], *, base: Path, wait_seconds: float = WAIT_SECONDS
) -> dict[str, Any]:
    """The values by key. What is in `preset` is not asked for."""
    values = dict(preset)
    api_base = str(values.get("telegram.api_base", "https://api.telegram.org"))
    token, bot = await _ask_token(talk, values.get("telegram.token"), api_base)
    values["telegram.token"] = token
    async with Gateway(token, api_base) as gateway:
        caller = direct_caller(gateway)
        if "telegram.admins" not in values:
            values["telegram.admins"] = [await _ask_admin(talk, caller, bot, wait_seconds)]
        if "telegram.staff_group" not in values:
            values["telegram.staff_group"] = await _ask_group(talk, caller, bot)
    if "desk.language" not in values:
        values["desk.language"] = _ask_language(talk)
    if "store.url" not in values:
        values["store.url"] = await _ask_database(talk, base, token)
    if "web.port" not in values:
        values["web.port"] = await _ask_port(talk, str(values.get("web.host", "127.0.0.1")))
    return values


async def _ask_token(talk: Talk, given: str | None, api_base: str) -> tuple[str, Bot]:
    while True:
        token = given or talk.ask("The bot's token, from @BotFather (it is not shown)", secret=True)
        given = None
        if not _TOKEN.fullmatch(token):
            talk.say("A token looks like 123456789:AAF… with a colon. Copy it whole from @BotFather.")
            continue
        async with Gateway(token, api_base) as gateway:
            bot, finding = await bot_of(direct_caller(gateway))
        talk.say(finding.sentence)
        if bot is not None:
            return token, bot


async def _ask_admin(talk: Talk, caller: BotApiCaller, bot: Bot, wait_seconds: float) -> int:
    """The first administrator: typed, or found by a message to the bot."""
    typed = talk.ask("Your Telegram id, or Enter to find it: then write to the bot", "find")
    while True:
        if typed.isdecimal() and int(typed) > 0:
            return int(typed)
        if typed == "find":
            found = await _find_admin(talk, caller, bot, wait_seconds)
            if found is not None:
                return found
        typed = talk.ask(
            "Your Telegram id, a number such as 111111111 (@userinfobot tells it), or Enter to find it",
            "find",
        )


async def _find_admin(talk: Talk, caller: BotApiCaller, bot: Bot, wait_seconds: float) -> int | None:
    talk.say(f"Open https://t.me/{bot.username} from your own account and press Start. Waiting …")
    deadline, strangers = monotonic() + wait_seconds, set[int]()
    while monotonic() < deadline:
        arrivals = await look(caller)
        if arrivals.refusal:
            talk.say(
                f"Telegram does not tell who writes ({arrivals.refusal}); another program may use this bot."
            )
            return None
        for person, name in arrivals.people.items():
            if person in strangers:
                continue
            if _agrees(talk, f"{name}, id {person}, has written. Is that you?"):
                return person
            strangers.add(person)
            talk.say("Then somebody else was faster. Waiting for your message …")
        if arrivals.is_full:
            talk.say("More than a hundred messages wait for this bot, so yours cannot be seen yet.")
            return None
        await wait_a_moment()
    talk.say("Nobody else has written.")
    return None


async def _ask_group(talk: Talk, caller: BotApiCaller, bot: Bot) -> int:
    """0 for none. A group whose rights are missing may be chosen: `holdline check` names them again."""
    talk.say("Managers can work in a group with topics, or each in their own chat with the bot.")
    question = "The group's id, Enter to look for groups the bot was added to, or 0 for no group"
    while True:
        typed = talk.ask(question, "look")
        if typed == "0":
            return 0
        if typed == "look":
            arrivals = await look(caller)
            for group, title in arrivals.groups.items():
                talk.say(f"  {group}  {title}")
            if not arrivals.groups:
                talk.say(
                    "None seen. Add the bot to the group as an administrator, write something there, look again."
                )
        elif re.fullmatch(r"-\d{2,18}", typed):
            finding = (await look_at_group(caller, int(typed), bot.id)).finding
            talk.say(finding.sentence)
            if finding.level != ERROR or _agrees(talk, "Take it anyway?"):
                return int(typed)
        else:
            talk.say("A group's id is a number with a minus, such as -1001234567890.")


def _agrees(talk: Talk, question: str) -> bool:
    """Asks until the answer is yes or no: an administrator who is refused by mistake would wait in vain."""
    while True:
        answer = talk.ask(f"{question} y/n", "n").casefold()
        if answer in ("y", "yes", "n", "no"):
            return answer in ("y", "yes")
        talk.say("Answer y or n.")


def _ask_language(talk: Talk) -> str:
    choices = ", ".join(LANGUAGES)
    while (typed := talk.ask(f"Language of the desk: {choices}", "en")) not in LANGUAGES:
        talk.say(f"Holdline speaks these: {choices}.")
    return typed


async def _ask_database(talk: Talk, base: Path, token: str) -> str:
    while True:
        url = talk.ask("Database: a SQLite file, or postgresql://user:password@host/database", _SQLITE)
        try:
            settings = Settings.model_validate({"telegram": {"token": token}, "store": {"url": url}})
        except ValueError:
            talk.say(f"Write {_SQLITE} or postgresql://user:password@host/database.")
            continue
        findings = await database_findings(Configuration(settings=settings, path=None, base=base))
        for finding in findings:
            talk.say(finding.sentence)
        if not any(finding.level == ERROR for finding in findings):
            return url


async def _ask_port(talk: Talk, host: str) -> int:
    while True:
        typed = talk.ask("Port of the HTTP API, the probes and the status page", "8080")
        if not typed.isdecimal() or not 0 < int(typed) < 65536:
            talk.say("A port is a number from 1 to 65535.")
            continue
        finding = await port_finding(host, int(typed), is_at_work=False)
        talk.say(finding.sentence)
        if finding.level != ERROR:
            return int(typed)
