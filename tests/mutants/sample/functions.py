"""Every function object of the rooms, and how a changed code gets into it."""

import functools
import gc
from collections import defaultdict
from importlib import import_module
from types import FunctionType
from typing import Any

from tests.mutants.mutant import ROOT
from tests.mutants.sample.changes import Change
from tests.mutants.sample.config import Config
from tests.mutants.sample.visits import FunctionName, name_of


class Functions:
    """Every function object of the rooms, and the caches that may hold what it has answered before."""

    def __init__(self, config: Config) -> None:
        folders = tuple(f"{ROOT / room}/" for room in config.rooms)
        for room in config.rooms:  # some are imported late
            for path in (ROOT / room).rglob("*.py"):
                import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        self._of: dict[FunctionName, list[FunctionType]] = defaultdict(list)
        self._caches: list[Any] = []
        gc.unfreeze()  # what is frozen cannot be listed
        for thing in gc.get_objects():
            if type(thing) is FunctionType and thing.__code__.co_filename.startswith(folders):
                self._of[name_of(thing.__code__)].append(thing)
            elif isinstance(thing, functools._lru_cache_wrapper) and thing.__module__.startswith("holdline."):
                self._caches.append(thing)
        gc.freeze()

    def change(self, change: Change) -> bool:
        """Puts the changed code in its place; False if there is no such function."""
        code = change.compiled(ROOT)
        targets = [
            function
            for function in self._of.get((change.path, change.function), ())
            if function.__code__.co_qualname == code.co_qualname
        ]
        for target in targets:
            target.__code__ = code
        self.empty_caches()
        return bool(targets)

    def empty_caches(self) -> None:
        for cache in self._caches:
            cache.cache_clear()
