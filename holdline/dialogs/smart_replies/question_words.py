"""A question as weighted features: words, word pairs, and pieces of words, which tolerate endings and typos."""

from functools import lru_cache
from itertools import pairwise

from holdline.dialogs.text.patterns import words_in
from holdline.dialogs.text.snippets import strip_marks

LONGEST = 1000
"""Only this many characters of a text are used; a longer text is not a short question."""
_PIECES = (3, 4, 5)
_FRAME, _FRAME_NEXT, _NEXT = 0.3, (0.7, 0.45, 0.15), 0.6
_OF_PIECES = 1.6

_FRAME_WORDS = frozenset(
    strip_marks(
        """
        a an the i im ive id me my mine we our us you u your yours he she it its they them their this that these those
        am is are was were be been being do does did done doing have has had having will would can could should may
        might must shall to of in on at for from with without by about as into out up down over and or but if then
        than so because not no nor don dont t s m ve re ll d what whats which who whom how why when where there here
        just very please pls hi hello hey thanks thank some any all more most other also get got
        и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня
        еще нет о из ему теперь когда даже ну вдруг ли если уже или ни быть был него до вас нибудь опять уж вам ведь
        там потом себя ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз
        тоже себе под будет ж тогда кто этот того потому этого какой какая какие каким каков совсем ним здесь этом
        один почти мой моя мои мое моего моей мою моих тем чтобы нее сейчас были куда зачем всех никогда можно при
        об это эта эти как-то пожалуйста здравствуйте привет добрый день спасибо нам наш ваш ваша ваши вашу вашей
        могу можете можно хочу нужно нужен скажите подскажите сколько
        a aby ale albo ani az bardzo bez bo by byc byl byla bylo byly ci co czy dla dlaczego do gdy gdzie go i ich ile
        im ja jak jaka jakie jaki jako je jego jej jest jestem jesli juz kiedy kto ktora ktore ktory ma mam mi mnie moge
        moja moje moj moim moj mozna mozecie moze mozesz mu my na nad nam nas nasz nie nich nim niz no o od on ona one
        oni oraz po pod poniewaz prosze przed przez przy sa sie skad ta tak takze tam te tego tej ten teraz to tu twoj
        ty tych tylko tym u w wasz wasza wasze was wam we wiec wy wszystko z za zas ze dzien dobry czesc witam dziekuje
        chce chcialbym chcialabym potrzebuje musze powiedziec
        """
    ).split()
)
"""Words that frame a question in English, Russian or Polish and say little about its subject."""

Features = dict[str, float]


def features_of(text: str) -> Features:
    """Feature → its weight in this text, before rarity is applied."""
    words = words_in(text[:LONGEST]).split()
    features: Features = {}
    for word in words:
        if word in _FRAME_WORDS:
            features[f"w {word}"] = _FRAME
        else:
            features[f"w {word}"] = 1.0
            features.update(_pieces(word))
    for first, second in pairwise(words):
        frames = (first in _FRAME_WORDS) + (second in _FRAME_WORDS)
        features[f"n {first} {second}"] = _FRAME_NEXT[frames]
    return features


def plain_words(text: str) -> str:
    """The words in normal form. Texts with equal results count as the same."""
    return words_in(text[:LONGEST])


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> Features:
    """Together, all pieces of a word weigh a little more than the word; more so for longer words."""
    padded = f" {word} "
    pieces = [padded[start : start + size] for size in _PIECES for start in range(len(padded) - size + 1)]
    weight = _OF_PIECES / max(1, len(pieces)) ** _NEXT
    return dict.fromkeys(pieces, weight)
