"""What befalls the calls at Telegram: rules that look at each of them, and may say what it meets."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from holdline.sandbox.faults import Fault, Faults

Rule = Callable[[str, dict[str, Any]], Fault | None]
READING = ("getUpdates", "getMe", "getChat", "getChatMember", "deleteWebhook", "setWebhook", "setMyCommands")


class Weather(Faults):
    """Rules are asked in their order, then the sandbox's own faults; `met` counts what they decided."""

    def __init__(self) -> None:
        super().__init__()
        self.rules: list[Rule] = []
        self.met: Counter[str] = Counter()

    def meeting(self, method: str, params: dict[str, Any]) -> Fault | None:
        for rule in list(self.rules):
            fault = rule(method, params)
            if fault is not None:
                self.met[method] += 1
                return fault
        return super().meeting(method, params)


def says(method: str) -> bool:
    """Whether the call puts a new message into a chat; a repeat of it is seen by people."""
    return method in ("sendMessage", "copyMessage", "copyMessages", "sendDocument")


def losing_answers(dice: random.Random, share: float) -> Rule:
    """So many of the messages are carried out, and nobody hears of it."""

    def rule(method: str, params: dict[str, Any]) -> Fault | None:
        return Fault(drop="after") if says(method) and dice.random() < share else None

    return rule


def everything(**fate: Any) -> Rule:
    """Every call alike."""
    return lambda method, params: Fault(**fate)
