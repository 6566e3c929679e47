"""Faults for chosen calls: errors, delays, lost connections."""

import json
from dataclasses import dataclass

from holdline.sandbox.errors import ControlError
from holdline.sandbox.json_types import Json


@dataclass(slots=True)
class Fault:
    """Affects the next `count` calls (0: all calls) of `method` ("*": any) whose parameters contain `match`.

    With `error_code` or `html` the method is not executed. `delay` (seconds) delays the answer after the work was
    done. `drop` cuts the connection "before" the work, "after" it, or "midway" through the answer.
    """

    method: str = "*"
    match: str | None = None
    count: int = 1
    error_code: int | None = None
    description: str | None = None
    retry_after: int | None = None
    delay: float = 0.0
    drop: str | None = None
    html: str | None = None

    def __post_init__(self) -> None:
        if self.drop not in (None, "before", "after", "midway"):
            raise ControlError('drop is "before" or "after" the work is done, or "midway" through the answer')
        if not (self.error_code or self.retry_after or self.delay or self.drop or self.html):
            raise ControlError("a fault needs one of error_code, retry_after, delay, drop or html")

    @property
    def refuses(self) -> bool:
        return bool(self.error_code or self.retry_after or self.html)

    def status(self) -> int:
        if self.error_code:
            return self.error_code
        return 429 if self.retry_after else 502

    def body(self) -> Json:
        code = self.status()
        usual = f"Too Many Requests: retry after {self.retry_after}" if self.retry_after else "Bad Gateway"
        body: Json = {"ok": False, "error_code": code, "description": self.description or usual}
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, method: str = "*", **how: object) -> Fault:
        """Adds a fault; `Fault` describes the arguments."""
        fault = Fault(method, **how)  # type: ignore[arg-type]
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        self._waiting.clear()

    def list_pending(self) -> list[Fault]:
        return list(self._waiting)

    def take_matching(self, method: str, params: Json) -> Fault | None:
        """The first fault that affects this call, or None. Its count is decreased."""
        if not self._waiting:
            return None
        text: str | None = None
        for fault in self._waiting:
            if fault.method not in ("*", method):
                continue
            if fault.match is not None:
                text = text or json.dumps(params, ensure_ascii=False)
                if fault.match not in text:
                    continue
            self._use(fault)
            return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.count == 1:
            self._waiting.remove(fault)
        elif fault.count > 1:
            fault.count -= 1
