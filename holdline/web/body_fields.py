"""Which fields an object of a body may have: for whoever wrote one that it has not."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel


def fields_at(body: Any, location: Sequence[str | int]) -> list[str]:
    """Of the object that holds the field at `location`; `body` is the type of the whole.

    Empty where several kinds of object may stand there, or any name may.
    """
    places = [body]
    for step in location[:-1]:
        if isinstance(step, str) and not step.startswith("<"):
            places = [inner for place in places for inner in _under(place, step)]
    models = list(dict.fromkeys(model for place in places for model in _models(place)))
    return [field.alias or name for name, field in models[0].model_fields.items()] if len(models) == 1 else []


def _under(place: Any, name: str) -> Iterator[Any]:
    for model in _models(place):
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        if name in fields:
            yield fields[name].annotation


def _models(place: Any) -> Iterator[type[BaseModel]]:
    """Also inside lists and choices: numbers and pydantic's own marks in a location lead nowhere else."""
    if isinstance(place, type) and issubclass(place, BaseModel):
        yield place
        return
    for inner in get_args(place):
        yield from _models(inner)
