"""What a customer asks of the bot: one of our commands, or to stop marketing."""

import re
from dataclasses import dataclass

from holdline.dialogs.message import Content
from holdline.dialogs.text.marks import parse_command
from holdline.texts import language_code

_OURS = frozenset({"start", "help", "language", "stop", "subscriptions"})
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)  # Bot API, deep links


@dataclass(frozen=True, slots=True)
class CustomerCommand:
    """`argument` is a start payload, or a language code, possibly of an unsupported language.

    `has_words` is True if the message contains more than the command.
    """

    name: str
    addressed: str | None = None
    argument: str = ""
    has_words: bool = False


def parse_customer_command(content: Content) -> CustomerCommand | None:
    """The command, or None if the text is not one of our commands: another command, a path, plain text."""
    parsed = parse_command(content.text.lstrip())
    if parsed is None or parsed[0] not in _OURS:
        return None
    name, addressed, rest = parsed
    argument = _argument(name, rest, one_line="\n" not in content.text.strip())
    has_words = content.kind != "text" or (bool(rest) and not argument)
    return CustomerCommand(name, addressed, argument, has_words)


def is_start_payload(text: str) -> bool:
    """Whether the text may follow t.me/bot?start=."""
    return _PAYLOAD.fullmatch(text) is not None


def _argument(name: str, rest: str, *, one_line: bool) -> str:
    """Telegram puts a payload after /start and one space. Text on a separate line is the customer's own text."""
    if name == "start":
        return rest if one_line and is_start_payload(rest) else ""
    return language_code(rest) if name == "language" and one_line else ""


_MOST_WORDS = 8
_WORD = re.compile(r"[^\W\d_]+")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ENDS = _words(
    """
    stop stopp stopall unsubscribe unsub optout
    стоп отпишите отпиши отписаться отписка отписать хватит прекратите прекрати остановите перестаньте
    wypisz wypiszcie wypisać wypisuję rezygnuję rezygnacja zrezygnować przestańcie przestań
    """
)
"""Any one of these words is enough."""

_NO = _words("no not dont don never без не нет хватит больше nie bez koniec dość dosyć opt remove")
_WHAT = _words(
    """
    offers offer ads ad advertising advertisements marketing promotions newsletter newsletters mailing mailings spam
    spamming send sending write writing messages messaging subscription list out
    предложений предложения предложении рекламы рекламу реклама реклам рассылки рассылку рассылка рассылок спам спама
    спамить спамьте спамите присылайте присылать шлите слать пишите писать подписку подписка
    ofert oferty reklam reklamy spamu newsletter newslettera newsletterów mailingu wysyłajcie wysyłać przysyłajcie
    piszcie pisać wiadomości listy subskrypcji subskrypcję
    """
)
"""What should stop. Counts only together with a word of `_NO`."""

_AROUND = _words(
    """
    please pls plz just i want to me my you your it this these that any all more from the of now t
    пожалуйста прошу меня мне нам мы я хочу от из всё все эту эти этот вашу ваши ваших мою это уже и
    получать надо нужно нужна нужны
    proszę mnie mi się ja chcę z ze od tych tego te to wszystko wszystkie więcej już
    waszych wasze swoje moją dostawać otrzymywać
    """
)

_WANTED = _words("do get receive")
"""Counts only together with "want": "I do not get your messages" is a complaint."""


def asks_to_stop(text: str) -> bool:
    """Whether the text asks to stop marketing: "Stop!", «отпишите меня», "no more offers please". It does not match
    "stop the delivery of order 9913".
    """
    if any(char.isdecimal() for char in text):
        return False
    words = set(_WORD.findall(text.casefold()))
    if not words or len(_WORD.findall(text)) > _MOST_WORDS:
        return False
    fitting = _ENDS | _NO | _WHAT | _AROUND | (_WANTED if "want" in words else frozenset())
    if not words <= fitting:
        return False
    return bool(words & _ENDS) or bool(words & _NO and words & _WHAT)
