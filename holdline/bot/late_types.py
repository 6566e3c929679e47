"""Builds aiogram's types when they are first used.

On import aiogram builds a validator for each of its 350 types, with all types that it refers to. That is two thirds
of the start time of a desk, which uses only one of them: the update.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

_TYPES, _METHODS = "aiogram.types", "aiogram.methods.base"
_named: dict[str, Any] = {}
"""The names that aiogram's types refer to."""


def make_types_late() -> None:
    """Applies to every later import of aiogram in this process."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in (_TYPES, _METHODS):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        from pydantic import BaseModel  # noqa: PLC0415 - most commands of the program do without it

        if self.name == _METHODS:
            super().exec_module(module)
            bases = [module.TelegramMethod, module.Response]
        else:
            made_at_once = BaseModel.__dict__["model_rebuild"]
            setattr(BaseModel, "model_rebuild", classmethod(_remember_names))  # noqa: B010 - mypy knows no other way
            try:
                super().exec_module(module)
            finally:
                setattr(BaseModel, "model_rebuild", made_at_once)  # noqa: B010 - as above
            bases = [module.TelegramObject]
        for base in bases:
            base.model_rebuild = classmethod(_rebuild)


def _remember_names(_model: type[Any], /, *, _types_namespace: dict[str, Any]) -> None:
    """Replaces the function that builds the type."""
    _named.update(_types_namespace)


def _rebuild(model: type[Any], /, **options: Any) -> bool | None:
    """pydantic calls it when a type is first used."""
    from pydantic import BaseModel  # noqa: PLC0415 - as above

    rebuild = BaseModel.__dict__["model_rebuild"].__func__
    made: bool | None = rebuild(model, **options | {"_types_namespace": _named})
    return made
