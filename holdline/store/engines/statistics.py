"""Analyses tables of PostgreSQL that have grown suddenly.

Autovacuum does so once a minute. Until then PostgreSQL plans for a handful of rows, and some statements scan a queue of
thousands once for each of its rows.
"""

import logging
from typing import Any

import psycopg
from psycopg import sql

log = logging.getLogger("holdline.store")

LEAST_CHANGES = 100
_GROWN = f"""
    SELECT s.relname FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
    WHERE s.schemaname = ANY (current_schemas(false)) AND pg_catalog.pg_get_userbyid(c.relowner) = current_user
    AND s.n_mod_since_analyze >= {LEAST_CHANGES} AND s.n_mod_since_analyze > c.reltuples
    ORDER BY s.relname"""
"""More rows were changed than the statistics know of. Only the owner of a table may analyse it."""


def refresh(connection: psycopg.Connection[Any]) -> list[str]:
    """Returns the tables that were analysed. Skips a table that another session is analysing or vacuuming."""
    tables = [str(row[0]) for row in connection.execute(_GROWN.encode())]
    for table in tables:
        connection.execute(sql.SQL("ANALYZE (SKIP_LOCKED) {}").format(sql.Identifier(table)))
    if tables:
        log.debug("new statistics of %s", ", ".join(tables))
    return tables
