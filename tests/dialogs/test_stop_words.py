"""A message that consists only of a stop word, in three languages; other texts are not stop words."""

import pytest

from holdline.dialogs.customer_commands import asks_to_stop

STOPS = [
    "Stop!", "STOP", "stop please", "🛑 Stop", "unsubscribe", "Please unsubscribe me.", "opt out", "no more offers",
    "Please stop sending me offers", "don't send me ads", "remove me from your list",
    "стоп", "СТОП!!!", "Отпишите меня", "хочу отписаться", "отпишите меня от рассылки", "не присылайте больше",
    "хватит рекламы", "больше не пишите мне", "без спама, пожалуйста",
    "I don't want to receive offers", "I do not want to get your ads", "не хочу больше получать рекламу",
    "больше не надо рекламы", "мне не нужна реклама", "nie chcę już dostawać ofert", "nie chcę otrzymywać newslettera",
    "wypisz mnie", "Proszę mnie wypisać", "nie chcę ofert", "rezygnuję z ofert", "koniec reklam", "przestańcie",
]  # fmt: skip
OTHERS = [
    "", "?", "no", "не", "nie", "hello", "send me offers", "what offers do you have?", "the bus stop", "stop 2",
    "stop the delivery of order 9913", "cancel my order", "не работает", "отпишите мне счёт", "nie działa",
    "stop " * 9, "I don't get it", "I do not get your messages", "I don't receive your messages", "не надо",
    "я не получаю ваши сообщения", "nie dostaję wiadomości", "I want to get offers", "хочу получать рассылку",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_a_stop_word_is_recognised(text: str) -> None:
    assert asks_to_stop(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_texts_are_not_stop_words(text: str) -> None:
    assert not asks_to_stop(text)
