"""Logs: one JSON line per event on standard error, without tokens, secrets or text of customers."""

import logging
import re
import sys
import traceback
from collections.abc import Iterable
from types import TracebackType
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from holdline.app.log_thinning import Thinning, add_count

TOKEN = re.compile(r"\d{3,}(?::|%3A|%253A)[A-Za-z0-9_-]{3,}|\bhl_[A-Za-z0-9_-]{20,}", re.IGNORECASE)
"""A bot's token, also as an address shows it, and a key of the API."""
PASSWORD = re.compile(r"(\w+://[^:/\s]*):[^@\s]+@")
WITHHELD = "[withheld]"
PERSONAL = frozenset(
    {"text", "caption", "name", "first_name", "last_name", "username", "title", "phone", "phone_number"}
    | {"content", "payload", "raw", "entities", "message", "description", "update", "params", "body"}
)
_STAMPS = frozenset({"timestamp"})
_FRAMES = 12
_CHATTY = ("uvicorn", "aiogram", "psycopg")


def set_up(level: str, secrets: Iterable[str] = ()) -> None:
    """Sends all logs, ours and those of libraries, through the same redaction."""
    redact = Redaction(secrets)
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    after: list[Processor] = [
        add_count,
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _shape_of_error,
        redact,
        structlog.processors.JSONRenderer(ensure_ascii=True),
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Thinning())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=after,
            foreign_pre_chain=[*before, _shape_of_foreign],
            pass_foreign_args=True,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    chatty_level = "WARNING" if level == "info" else level.upper()
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(chatty_level)
    if level != "debug":
        logging.getLogger("psycopg.pool").setLevel("ERROR")  # the store reports these problems in sentences


class Redaction:
    """Removes tokens and keys by their format, known secrets by their value, also as addresses show it, and people's
    text by its key.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        written = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
        self._secrets = sorted(written, key=len, reverse=True)

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {key: value if key in _STAMPS else self._clean(key, value) for key, value in event.items()}

    def _clean(self, key: str, value: object) -> object:
        if key in PERSONAL and value is not None:
            return WITHHELD
        if isinstance(value, bool | int | float) or value is None:
            return value
        if isinstance(value, dict):
            return {str(inner): self._clean(str(inner), item) for inner, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean("", item) for item in value]
        return self.text(str(value))

    def text(self, value: str) -> str:
        """The text with every secret replaced."""
        for secret in self._secrets:
            value = value.replace(secret, WITHHELD)
        return TOKEN.sub(WITHHELD, PASSWORD.sub(rf"\1:{WITHHELD}@", value))


def _shape_of_error(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Logs an exception's type and frames. Its message is left out, because it may quote a customer."""
    raised = event.pop("exc_info", None)
    if isinstance(raised, BaseException):
        raised = (type(raised), raised, raised.__traceback__)
    elif raised is True:
        raised = sys.exc_info()
    if raised and raised[0] is not None:
        event["error"] = _chain(raised[1])
        event["trace"] = _frames(raised[2]) + _frames_inside(raised[1])
    return event


def _chain(error: BaseException | None) -> str:
    names: list[str] = []
    while error is not None and len(names) < _FRAMES:
        names.append(type(error).__name__)
        error = _only_one_in(error) or error.__cause__ or error.__context__
    return " from ".join(names)


def _only_one_in(error: BaseException | None) -> BaseException | None:
    """The error inside a group with only one error, which is the one that the operator needs."""
    if isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        return error.exceptions[0]
    return None


def _frames_inside(error: BaseException | None) -> list[str]:
    inner = _only_one_in(error)
    return [] if inner is None else _frames(inner.__traceback__) + _frames_inside(inner)


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)[-_FRAMES:]]


def _shape_of_foreign(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Keeps the template and the numbers of a library's log line. Other values may be people's text and are removed."""
    record: logging.LogRecord = event["_record"]
    values = event.pop("positional_args", ())
    if not record.name.startswith("holdline."):  # our own lines contain no people's text
        event["event"] = _fill_template(str(record.msg), values)
    event["logger"] = record.name
    return event


def _fill_template(template: str, values: object) -> str:
    """Only the first line is kept: below it asyncio quotes the failed task and its exception."""
    if not isinstance(values, tuple) or not values:
        return template.partition("\n")[0]
    try:
        return template % tuple(value if isinstance(value, int | float) else "…" for value in values)
    except (TypeError, ValueError):
        return template
