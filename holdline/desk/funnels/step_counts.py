"""Counts what happens at the steps of a funnel, for its figures."""

from holdline.dialogs.funnels.enrolment import Enrolment
from holdline.store.funnels import enrolment_steps
from holdline.store.tx import Tx


def count_step(
    tx: Tx,
    enrolment: Enrolment,
    kind: str,
    *,
    address: str | None = None,
    branch: str | None = None,
    message_id: int | None = None,
) -> None:
    """Counts what happened, at the enrolment's present step unless another is given."""
    enrolment_steps.add(
        tx,
        version_id=enrolment.version_id,
        enrolment_id=enrolment.id,
        kind=kind,
        address=enrolment.position if address is None else address,
        branch=branch,
        message_id=message_id,
    )
