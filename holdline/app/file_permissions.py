"""Finds database files that other accounts of this machine can read. They contain customers' messages."""

from pathlib import Path

from holdline.app.configuration import Configuration

_OTHERS = 0o077
_BESIDE = ("", "-wal", "-shm", "-journal")


def files_open_to_others(configuration: Configuration) -> list[Path]:
    """The readable files. Empty for PostgreSQL, or if there is no file yet."""
    database = configuration.database_file
    if database is None:
        return []
    files = [database.with_name(database.name + suffix) for suffix in _BESIDE]
    return [path for path in files if path.exists() and path.stat().st_mode & _OTHERS]


def remedy(files: list[Path]) -> str:
    return f"Run chmod 600 {' '.join(str(path) for path in files)}"
