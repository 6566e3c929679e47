"""Which fields an object in a body may have, for the error message about an unknown field."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

from pydantic import BaseModel


def fields_at(body: Any, location: Sequence[str | int]) -> list[str]:
    """The fields of the object that contains the one at `location`; `body` is the type of the whole body.

    Empty if several kinds of object are possible there, or any name is allowed.
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
    """Also searches lists and unions. Numbers and pydantic's own marks in a location need no step."""
    if isinstance(place, type) and issubclass(place, BaseModel):
        yield place
        return
    for inner in get_args(place):
        yield from _models(inner)
