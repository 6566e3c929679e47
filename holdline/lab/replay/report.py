"""The result of a replay: a table for people, an object for programs."""

from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

from holdline.lab.replay.promises import BrokenPromise


@dataclass(slots=True)
class Report:
    """Figures of one replay. Updates per second are shown beside the floor of the same run; memory is in MB."""

    conversations: int = 0
    messages_in: int = 0
    messages_out: int = 0
    dialogs: int = 0
    held: int = 0
    released: int = 0
    dropped: int = 0
    ratings: int = 0
    updates_per_second: float = 0.0
    floor_updates_per_second: float = 0.0
    rss_mb: float = 0.0
    rss_growth_mb: float = 0.0
    seconds: float = 0.0
    broken: list[BrokenPromise] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The fixed keys, and some more."""
        figures = {name: value for name, value in asdict(self).items() if name != "broken"}
        rounded = {
            name: round(value, 1) if isinstance(value, float) else value for name, value in figures.items()
        }
        broken = [asdict(each) for each in self.broken]
        return {**rounded, "broken_promises": len(broken), "broken": broken[:200]}

    def show(self, console: Console) -> None:
        table = Table(title="Replay", show_header=False)
        for name, value in self._lines():
            table.add_row(name, value)
        console.print(table)
        for broken in self.broken[:50]:
            console.print(
                f"[red]broken[/red] {broken.promise}: {broken.detail}", highlight=False, markup=True
            )
        if not self.broken:
            console.print("[green]Every promise held.[/green]")

    def _lines(self) -> list[tuple[str, str]]:
        ratio = (
            self.updates_per_second / self.floor_updates_per_second if self.floor_updates_per_second else 0
        )
        return [
            ("conversations", f"{self.conversations:,}"),
            ("messages in / out", f"{self.messages_in:,} / {self.messages_out:,}"),
            ("dialogs", f"{self.dialogs:,}"),
            ("marketing held, then released", f"{self.held:,} / {self.released:,}"),
            ("smart replies dropped", f"{self.dropped:,}"),
            ("ratings", f"{self.ratings:,}"),
            (
                "updates a second",
                f"{self.updates_per_second:,.0f} ({ratio:.2f} of the floor's {self.floor_updates_per_second:,.0f})",
            ),
            (
                "memory, and its growth in the second half",
                f"{self.rss_mb:,.0f} MB, {self.rss_growth_mb:+,.1f} MB",
            ),
            ("broken promises", f"{len(self.broken):,}"),
        ]
