"""Carry the bare facts of the published Bot API into the sandbox: names, types, required, returns, error texts.

Usage: python tools/carry_facts.py FOLDER    (the folder holds api.json and errors.json)
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

FACTS = Path(__file__).parent.parent / "holdline" / "sandbox" / "facts"


def _fields(entry: dict[str, Any]) -> list[list[Any]]:
    return [[field["name"], field["types"], bool(field["required"])] for field in entry.get("fields", [])]


def _bare_type(entry: dict[str, Any]) -> dict[str, Any]:
    if entry.get("subtypes"):
        return {"subtypes": entry["subtypes"]}
    return {"fields": _fields(entry)}


def bare_api(api: dict[str, Any]) -> dict[str, Any]:
    methods = {
        name: {"returns": entry["returns"], "fields": _fields(entry)}
        for name, entry in sorted(api["methods"].items())
    }
    types = {name: _bare_type(entry) for name, entry in sorted(api["types"].items())}
    return {"version": api["version"], "methods": methods, "types": types}


def bare_errors(errors: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": error["id"],
            "code": error["error_code"],
            "text": error["description"],
            "parameters": sorted(error.get("parameters", {})),
            "methods": error["methods"],
        }
        for error in errors["errors"]
    ]


def main(folder: Path) -> None:
    api = bare_api(json.loads((folder / "api.json").read_text()))
    packed = json.dumps(api, ensure_ascii=False, separators=(",", ":")).encode()
    (FACTS / "api.json.gz").write_bytes(gzip.compress(packed, mtime=0))
    errors = bare_errors(json.loads((folder / "errors.json").read_text()))
    text = json.dumps(errors, ensure_ascii=False, indent=1)
    (FACTS / "errors.json").write_text(text + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name one folder that holds api.json and errors.json.")
    main(Path(sys.argv[1]))
