"""Files that are made when they are sent: read in short pieces, so that nothing else waits for them."""

from collections.abc import AsyncIterator
from dataclasses import replace

from holdline.desk.reading.customer_history import history_head, history_page
from holdline.desk.reading.reports import dialogs_csv_page
from holdline.desk.reading.transcripts import transcript_head, transcript_page
from holdline.store.engine import Store
from holdline.telegram.call import Call, FileRequest


async def attach_file(store: Store, call: Call) -> Call:
    """The same call with the file that it ordered; a call without an order as it is."""
    if call.order is None:
        return call
    content = b"".join([piece.encode() async for piece in _pieces(store, call.order)])
    return replace(call, files={**call.files, "document": (call.order.name, content)}, order=None)


def _pieces(store: Store, order: FileRequest) -> AsyncIterator[str]:
    if order.dialog_id is None:
        return _report(store)
    if order.until is not None:
        return _history(store, order.dialog_id, order.language, order.until)
    return _transcript(store, order.dialog_id, order.language)


async def _report(store: Store) -> AsyncIterator[str]:
    after: int | None = 0
    while after is not None:
        page = await store.read_heavy(dialogs_csv_page, after=after)
        yield page.text
        after = page.last


async def _transcript(store: Store, dialog_id: int, language: str) -> AsyncIterator[str]:
    head = await store.read_heavy(transcript_head, dialog_id=dialog_id, language=language)
    yield head.text
    after = head.last
    while after is not None:
        page = await store.read_heavy(transcript_page, dialog_id=dialog_id, language=language, after=after)
        yield page.text
        after = page.last


async def _history(store: Store, dialog_id: int, language: str, until: int) -> AsyncIterator[str]:
    head = await store.read_heavy(history_head, dialog_id=dialog_id, language=language)
    yield head.text
    after = head.last
    while after is not None:
        page = await store.read_heavy(
            history_page, dialog_id=dialog_id, language=language, after=after, until=until
        )
        yield page.text
        after = page.last
