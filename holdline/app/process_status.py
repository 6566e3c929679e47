"""The state of this process, for its own probe."""

import asyncio

from holdline.scheduler.leadership import Leadership


class ProcessStatus:
    """`leads` are the roles that this process holds or waits for."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self.leads: list[Leadership] = []

    def reasons(self) -> list[str]:
        """Why the process is not ready."""
        reasons = ["This process is stopping."] if self._stop.is_set() else []
        lost = [lead.role for lead in self.leads if lead.epoch and not lead.held and not lead.waiting]
        return [
            *reasons,
            *(f"The lease as {role} could not be renewed; nothing is begun until it is." for role in lost),
        ]

    def notes(self) -> list[str]:
        """Remarks that are not faults."""
        return [
            f"Standby as {lead.role}: another process does the work; this one takes over when that one is gone."
            for lead in self.leads
            if lead.waiting
        ]
