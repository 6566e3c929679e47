"""Whether a message says nothing but that automatic messages shall stop."""

import re

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
