"""Files that are made when they are sent: read in short pieces, so that nothing else waits for them."""

from dataclasses import replace

from holdline.desk.reports import dialogs_csv_page
from holdline.dialogs.call import Call
from holdline.store.engine import Store


async def with_report(store: Store, call: Call) -> Call:
    """The same call with its report attached; a call without one as it is."""
    if call.report is None:
        return call
    page = await store.read(dialogs_csv_page)
    pages = [page.text]
    while page.last is not None:
        page = await store.read(dialogs_csv_page, after=page.last)
        pages.append(page.text)
    return replace(
        call, files={**call.files, "document": (call.report, "".join(pages).encode())}, report=None
    )
