"""What a customer asks of the bot: a command of ours, or that offers shall stop."""

import re
from dataclasses import dataclass

from holdline.dialogs.message import Content
from holdline.dialogs.text.marks import parse_command
from holdline.texts import language_code

_OURS = frozenset({"start", "help", "language", "stop", "subscriptions"})
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)  # Bot API, deep links


@dataclass(frozen=True, slots=True)
class CustomerCommand:
    """`argument`: a start payload, or a language's code, also of one that we do not speak.

    `has_words`: the message says more than the command does.
    """

    name: str
    addressed: str | None = None
    argument: str = ""
    has_words: bool = False


def parse_customer_command(content: Content) -> CustomerCommand | None:
    """None for what is no command of ours: another command, a path, plain words."""
    parsed = parse_command(content.text.lstrip())
    if parsed is None or parsed[0] not in _OURS:
        return None
    name, addressed, rest = parsed
    argument = _argument(name, rest, one_line="\n" not in content.text.strip())
    has_words = content.kind != "text" or (bool(rest) and not argument)
    return CustomerCommand(name, addressed, argument, has_words)


def is_start_payload(text: str) -> bool:
    """What may stand behind t.me/bot?start=."""
    return _PAYLOAD.fullmatch(text) is not None


def _argument(name: str, rest: str, *, one_line: bool) -> str:
    """Telegram puts a payload behind /start with one space; words on a line of their own are somebody's words."""
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
"""One of these is enough."""

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
"""What shall not be any more: it needs a word of `_NO`."""

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
"""Beside "want" only: "I do not get your messages" is a complaint."""


def asks_to_stop(text: str) -> bool:
    """ "Stop!", «отпишите меня», "no more offers please"; not "stop the delivery of order 9913"."""
    if any(char.isdecimal() for char in text):
        return False
    words = set(_WORD.findall(text.casefold()))
    if not words or len(_WORD.findall(text)) > _MOST_WORDS:
        return False
    fitting = _ENDS | _NO | _WHAT | _AROUND | (_WANTED if "want" in words else frozenset())
    if not words <= fitting:
        return False
    return bool(words & _ENDS) or bool(words & _NO and words & _WHAT)
