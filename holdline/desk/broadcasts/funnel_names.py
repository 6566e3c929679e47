"""Looks up the funnels that an audience names once, so that a later renaming changes nothing."""

from dataclasses import replace

from holdline.dialogs.broadcasts.audience_filter import AudienceFilter, FunnelCondition
from holdline.dialogs.refusal import BadInput
from holdline.store.funnels import funnels
from holdline.store.tx import Tx


def with_funnel_ids(tx: Tx, audience: AudienceFilter) -> AudienceFilter:
    """The audience with funnel ids; raises BadInput for an unknown funnel, as “never in it” would match everybody."""
    return replace(
        audience,
        funnels=_look_up(tx, audience.funnels, "funnels"),
        exclude_funnels=_look_up(tx, audience.exclude_funnels, "exclude_funnels"),
    )


def _look_up(tx: Tx, asked: tuple[FunnelCondition, ...], field: str) -> tuple[FunnelCondition, ...]:
    return tuple(
        replace(each, funnel=_id_of(tx, each.funnel, f"audience.{field}.{number}.funnel"))
        for number, each in enumerate(asked)
    )


def _id_of(tx: Tx, funnel: int | str, field: str) -> int:
    known = funnels.by_name(tx, funnel) if isinstance(funnel, str) else funnels.by_id(tx, funnel)
    if known is None:
        raise BadInput(field, "mends.no_such_funnel", funnel=funnel)
    return known.id
