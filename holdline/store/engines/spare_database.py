"""A database of one's own on a PostgreSQL server, made for a measurement and dropped after it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg


class NoSpareDatabase(Exception):
    """The server did not make one; the message says why and what to do."""


@contextmanager
def open_spare_database(url: str) -> Iterator[str]:
    """Yields the address of a new database on the server of `url`. When it is dropped, its sessions are ended."""
    name = f"holdline_bench_{secrets.token_hex(6)}"
    try:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}"'.encode())
    except psycopg.Error as refused:
        reason = str(refused).strip().partition("\n")[0]
        raise NoSpareDatabase(
            f"no new database: {reason}. The role must be able to create databases."
        ) from None
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
