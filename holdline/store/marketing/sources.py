"""Where marketing comes from, by the names that people know."""

from typing import Any

from holdline.store.tx import Row

SOURCE_COLUMNS = "o.broadcast_id, source_funnel.name AS funnel_name, source_key.name AS key_name"
SOURCE_JOINS = """LEFT JOIN api_keys source_key ON source_key.id = o.api_key_id
    LEFT JOIN enrolments source_enrolment ON source_enrolment.id = o.enrolment_id
    LEFT JOIN funnels source_funnel ON source_funnel.id = source_enrolment.funnel_id"""
"""For a query that has the outbox as `o`."""


def source_of(row: Row) -> dict[str, Any]:
    """{"funnel": name}, {"broadcast": id}, {"key": name} or nothing, from a row with these columns."""
    if row["funnel_name"]:
        return {"funnel": row["funnel_name"]}
    if row["broadcast_id"] is not None:
        return {"broadcast": row["broadcast_id"]}
    return {"key": row["key_name"]} if row["key_name"] else {}
