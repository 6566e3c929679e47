"""The result of a check: a level, a code for programs, a sentence for people, and the remedy."""

from dataclasses import asdict, dataclass
from typing import Any

ERROR, WARNING, GOOD = "error", "warning", "ok"


@dataclass(frozen=True, slots=True)
class Finding:
    """`error`: the desk will not work; `warning`: it will work, but something needs attention; `ok`: tested, and it
    works.
    """

    level: str
    code: str
    message: str
    mend: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.message} {self.mend}".strip()


def as_object(findings: list[Finding]) -> dict[str, Any]:
    """What `check --json` prints."""
    return {"ok": not any_error(findings), "findings": [asdict(finding) for finding in findings]}


def any_error(findings: list[Finding]) -> bool:
    return any(finding.level == ERROR for finding in findings)
