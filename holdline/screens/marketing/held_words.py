"""Where a marketing message comes from, in words."""

from holdline.dialogs.text.splitting import inline
from holdline.screens.keyboards import ellipsize
from holdline.store.marketing.sources import source_of
from holdline.store.tx import Row
from holdline.texts import say

_NAME = 40


def source_words(row: Row, language: str) -> list[str]:
    """“key “CRM””; nothing where nobody kept it."""
    return [
        say(f"held.from_{kind}", language, name=inline(ellipsize(str(name), _NAME)))
        for kind, name in source_of(row).items()
    ]
