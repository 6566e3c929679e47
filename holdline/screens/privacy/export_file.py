"""The export of a person: one ZIP with everything as JSON, the conversation as a page to read, and stored files."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from holdline.desk.reading.transcripts import line_text
from holdline.dialogs.text.times import in_zone, to_rfc3339
from holdline.store.people import customers
from holdline.store.privacy.exporting import files_in_database, message_page, rows_of, tables_to_export
from holdline.store.privacy.person import PersonIds
from holdline.store.tx import Row, Tx
from holdline.texts import say

FORMAT = "holdline-export"
VERSION = 1
DATA, CONVERSATION, ABOUT = "data.json", "conversation.html", "README.txt"
_MEDIA = ("file_name", "mime_type", "file_size", "file_id")
_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c1c1e}
p{white-space:pre-wrap;overflow-wrap:anywhere;margin:.6rem 0;padding:.5rem .8rem;border-radius:.6rem;background:#f1f1f4}
p.out{background:#e3f0e6}small{display:block;color:#55555c}"""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Of which customer, and in which language the page is. `with_notes`: managers' notes and drafts, too."""

    customer_id: int
    language: str
    with_notes: bool = False

    @property
    def file_name(self) -> str:
        return f"customer-{self.customer_id}.zip"


def write_export(tx: Tx, target: IO[bytes], asked: ExportRequest) -> list[Row]:
    """Writes the ZIP in one snapshot of the database; returns the media that only Telegram has.

    Raises NotFound if this bot has no such customer.
    """
    customer = customers.load(tx, asked.customer_id)
    person = PersonIds(customer.id, customer.telegram_id)
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        media = _write_data(tx, archive, person, asked)
        with archive.open(CONVERSATION, "w", force_zip64=True) as page:
            for piece in _conversation(tx, person, asked.language):
                page.write(piece.encode())
        for file in files_in_database(tx, person):
            archive.writestr(f"attachments/{file['id']}-{name_in_archive(file['name'])}", file["content"])
        archive.writestr(ABOUT, say("privacy.export_about", asked.language) + "\n")
    return media


def name_in_archive(name: str) -> str:
    """The name of a file inside the ZIP: no folders, no signs that a file system refuses."""
    kept = "".join(sign if sign.isalnum() or sign in " ._-()" else "_" for sign in name).strip(" .")
    return kept[-100:] or "file"


def _write_data(tx: Tx, archive: ZipFile, person: PersonIds, asked: ExportRequest) -> list[Row]:
    """A table at a time, so that no customer is too big for the memory."""
    media: list[Row] = []
    head = {"format": FORMAT, "version": VERSION, "exported_at": to_rfc3339(tx.at), "notes": asked.with_notes}
    with archive.open(DATA, "w", force_zip64=True) as out:
        out.write(json.dumps(head, ensure_ascii=False)[:-1].encode())
        for rule in tables_to_export(with_notes=asked.with_notes):
            rows = rows_of(tx, rule, person, with_notes=asked.with_notes)
            out.write(f', "{rule.name}": ['.encode())
            _write_rows(out, _collect_media(rows, media) if rule.name == "messages" else rows)
            out.write(b"]")
        out.write(b', "media": [')
        _write_rows(out, media)
        out.write(b"]}\n")
    return media


def _collect_media(rows: Iterable[Row], media: list[Row]) -> Iterator[Row]:
    for row in rows:
        data = row["data_json"]
        if data.get("file_id"):
            found = {name: data[name] for name in _MEDIA if name in data}
            media.append({"message_id": row["id"], "kind": row["kind"], **found})
        yield row


def _write_rows(out: IO[bytes], rows: Iterable[Row]) -> None:
    for number, row in enumerate(rows):
        text = json.dumps(
            {_plain_name(name): _plain(value) for name, value in row.items()}, ensure_ascii=False
        )
        out.write((",\n" if number else "\n").encode() + text.encode("utf-8", "replace"))


def _plain_name(name: str) -> str:
    """`fields_json` is called `fields`, because the export shows the decoded value."""
    return name.removesuffix("_json")


def _plain(value: Any) -> Any:
    return to_rfc3339(value) if isinstance(value, datetime) else value


def _conversation(tx: Tx, person: PersonIds, language: str) -> Iterator[str]:
    """Who wrote for the desk is left out: customers do not learn the names of managers."""
    name = customers.load(tx, person.customer_id).name
    title = escape(say("privacy.conversation_title", language, name=name))
    yield f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
    yield f"<style>{_STYLE}</style><h1>{title}</h1>"
    yield f"<small>{escape(say('windows.times_in', language, zone=tx.rules.time_zone))}</small>\n"
    after, desk = 0, say("privacy.desk", language)
    while rows := message_page(tx, person, after=after):
        for row in rows:
            at = in_zone(row["created_at"], tx.rules.time_zone)
            is_theirs = row["direction"] == "in"
            head = escape(f"{at:%Y-%m-%d %H:%M} · {name if is_theirs else desk}{_remark(row, language)}")
            words = escape(line_text(row, language))
            yield f'<p class="{row["direction"]}"><small>{head}</small>{words}</p>\n'
        after = rows[-1]["id"]
    yield "</html>\n"


def _remark(row: Row, language: str) -> str:
    if row["deleted_at"] is not None:
        return f" ({say('windows.transcript_deleted', language)})"
    if row["direction"] == "out" and row["status"] != "sent":
        return f" ({say('windows.transcript_not_delivered', language)})"
    return ""
