"""The source of a marketing message, in words."""

from holdline.dialogs.text.splitting import inline
from holdline.screens.keyboards import ellipsize
from holdline.store.marketing.sources import source_of
from holdline.store.tx import Row
from holdline.texts import say

_NAME = 40


def source_words(row: Row, language: str) -> list[str]:
    """“key “CRM””; empty if the source was not stored."""
    return [
        say(f"held.from_{kind}", language, name=inline(ellipsize(str(name), _NAME)))
        for kind, name in source_of(row).items()
    ]
