"""The audience of a broadcast, as SQL over `customers c` and `chats ch`."""

from collections.abc import Sequence
from typing import Any

from holdline.dialogs.broadcasts.audience_filter import AudienceFilter, FunnelStanding
from holdline.store.tx import Row, Tx, compact_json

TABLES = "customers c JOIN chats ch ON ch.customer_id = c.id"
_EVERYBODY = """+c.bot_id = :bot AND +c.started_at IS NOT NULL AND c.opted_out_at IS NULL AND ch.reach = 'ok'
    AND NOT EXISTS (SELECT 1 FROM managers m
                    WHERE m.bot_id = c.bot_id AND m.telegram_id = c.telegram_id AND m.active = 1)"""
"""Only the primary key of customers is used (+): an index of those who started would be scanned again for every
chunk.
"""
_HAS_TAG = "EXISTS (SELECT 1 FROM customer_tags t WHERE t.customer_id = c.id AND t.name"
_SINCE = {
    "wrote_since": "c.last_wrote_at >= :wrote_since",
    "silent_since": "(c.last_wrote_at IS NULL OR c.last_wrote_at < :silent_since)",
    "started_since": "c.started_at >= :started_since",
}


_ENROLLED = "EXISTS (SELECT 1 FROM enrolments e WHERE e.customer_id = c.id AND e.funnel_id = :{funnel}"
_STANDINGS = {
    FunnelStanding.RUNNING: f"{_ENROLLED} AND e.state = 'running')",
    FunnelStanding.ENDED: f"{_ENROLLED}) AND NOT {_ENROLLED} AND e.state = 'running')",
    FunnelStanding.NEVER: f"NOT {_ENROLLED})",
    FunnelStanding.GOAL: f"{_ENROLLED} AND e.goal IS NOT NULL)",
}


def condition_of(audience: AudienceFilter) -> tuple[str, Row]:
    """The condition and its parameters, besides `:bot`; the SQL text contains nothing from outside."""
    conditions, values = [_EVERYBODY], Row()
    for number, tag in enumerate(audience.tags):
        conditions.append(f"{_HAS_TAG} = :tag{number})")
        values[f"tag{number}"] = tag
    for name, tags in (("any", audience.any_tags), ("without", audience.exclude_tags)):
        if tags:
            among = ", ".join(f":{name}{number}" for number in range(len(tags)))
            conditions.append(f"{'NOT ' if name == 'without' else ''}{_HAS_TAG} IN ({among}))")
            values |= {f"{name}{number}": tag for number, tag in enumerate(tags)}
    if audience.language is not None:
        conditions.append("c.language = :language")
        values["language"] = audience.language
    for name, condition in _SINCE.items():
        if (moment := getattr(audience, name)) is not None:
            conditions.append(condition)
            values[name] = moment
    for number, (name, value) in enumerate(audience.fields.items()):
        conditions.append(_has_value(number))
        values |= _needles(number, name, value)
    for sign, asked in (("", audience.funnels), ("NOT ", audience.exclude_funnels)):
        for each in asked:
            name = f"funnel{len(values)}"
            conditions.append(f"{sign}({_STANDINGS[each.state].format(funnel=name)})")
            values[name] = each.funnel
    return " AND ".join(conditions), values


def count(tx: Tx, *, audience: AudienceFilter) -> int:
    """How many there are now. Reads every customer."""
    condition, values = condition_of(audience)
    row = tx.one(f"SELECT COUNT(*) AS n FROM {TABLES} WHERE {condition}", bot=tx.bot_id, **values)
    return int(row["n"]) if row else 0


def has_anybody(
    tx: Tx, *, audience: AudienceFilter, zones: Sequence[str] | None = None, outside: bool = False
) -> bool:
    """Whether there is anybody; with `zones` only customers who have given one of them, or with `outside` all others,
    also customers without a time zone. Ends with the first one.
    """
    condition, values = condition_of(audience)
    if zones is not None:
        among = ", ".join(f":zone{number}" for number in range(len(zones))) or "NULL"
        own = f"c.time_zone IN ({among})"
        condition = f"{f'({own}) IS NOT TRUE' if outside else own} AND {condition}"
        values |= {f"zone{number}": zone for number, zone in enumerate(zones)}
    found = tx.one(f"SELECT c.id FROM {TABLES} WHERE {condition} LIMIT 1", bot=tx.bot_id, **values)
    return found is not None


def estimate(tx: Tx, *, audience: AudienceFilter, until_id: int, parts: int, size: int) -> float:
    """About how many there are, counted in `parts` runs of `size` ids that are spread evenly up to `until_id`."""
    condition, values = condition_of(audience)
    sql = f"SELECT COUNT(*) AS n FROM {TABLES} WHERE c.id > :after AND c.id <= :until AND {condition}"
    found = 0
    for number in range(parts):
        after = until_id * number // parts
        row = tx.one(sql, bot=tx.bot_id, after=after, until=after + size, **values)
        found += int(row["n"]) if row else 0
    return found * until_id / (parts * size)


def _has_value(number: int) -> str:
    """Both engines have REPLACE. Quotes inside a value are escaped, so no value looks like another's name."""
    found = [f"REPLACE(c.fields_json, :{end}{number}, '') <> c.fields_json" for end in ("inner", "last")]
    return f"(c.fields_json IS NOT NULL AND ({' OR '.join(found)}))"


def _needles(number: int, name: str, value: Any) -> Row:
    """The pair as the column holds it: between others, or as the last one."""
    pair = compact_json({name: value})[1:-1]
    return {f"inner{number}": f"{pair},", f"last{number}": f"{pair}}}"}
