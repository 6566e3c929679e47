"""Renders a row of the outbox as one Bot API call.

Runs inside the transaction that marks the row as being sent. It only reads, so it shows the newest state.
"""

from typing import assert_never

from holdline.dialogs.outbox.changes import (
    CardPin,
    Change,
    CopyEdit,
    CopyRemoval,
    CustomerNoticeEdit,
    DeliveryMark,
    DeskNoticeEdit,
    GroupExit,
    InboxCardMarkup,
    InfoCardEdit,
    Markup,
    RatingFormEdit,
    Reaction,
    ReportPictureEdit,
    TopicName,
    WayOutEdit,
)
from holdline.dialogs.outbox.kinds import UnknownItem, item_of
from holdline.dialogs.outbox.marketing import FunnelPicture, MarketingSample, RecipientsFile
from holdline.dialogs.outbox.messages import (
    Album,
    AttachedFile,
    BotText,
    CustomerNotice,
    DeskNotice,
    Document,
    DraftFile,
    HistoryFile,
    InboxCard,
    InfoCard,
    MessagePart,
    Mirror,
    NewMessage,
    NotePart,
    RatingForm,
    ReportFile,
    ReportPicture,
    StandardText,
    TimelineFile,
    TopicCreation,
    TranscriptFile,
)
from holdline.dialogs.outbox.privacy import CustomerExport, ErasedCopies, ErasedTopic
from holdline.screens.marketing.way_out import way_out_edit
from holdline.screens.render import (
    albums,
    cards,
    edits,
    groups,
    inbox_cards,
    messages,
    mirrors,
    notes,
    notices,
    places,
    ratings,
    reports,
    standard_messages,
    transcripts,
)
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip


def render(tx: Tx, row: Row) -> Call | Skip:
    """The call to make now, or Skip if there is nothing left to send."""
    item = item_of(row)
    if isinstance(item, UnknownItem):
        return Skip(f"nothing is known about saying {row['kind']!r}")
    return _render_change(tx, row, item) if isinstance(item, Change) else _render_message(tx, row, item)


def _render_message(tx: Tx, row: Row, item: NewMessage) -> Call | Skip:  # noqa: PLR0911, PLR0912 # a case for each kind
    match item:
        case MessagePart():
            return messages.message(tx, row, item)
        case Album():
            return albums.album(tx, row)
        case RatingForm():
            return ratings.rating_form(tx, row, item)
        case StandardText():
            return standard_messages.standard(tx, row, item)
        case CustomerNotice():
            return notices.customer_notice(tx, row, item)
        case Mirror():
            return mirrors.mirror(tx, row, item)
        case InboxCard():
            return inbox_cards.inbox_card(tx, row, item)
        case NotePart():
            return notes.note(tx, row, item)
        case DraftFile():
            return notes.draft_file(tx, row, item)
        case TopicCreation():
            return places.topic_create(tx, row)
        case InfoCard():
            return cards.info_card(tx, row)
        case DeskNotice():
            return notices.desk_notice(tx, row, item)
        case BotText():
            return notices.text(tx, row, item)
        case Document():
            return notices.document(tx, row, item)
        case MarketingSample():
            return messages.sample(tx, row, item)
        case _:
            return _render_file(tx, row, item)


def _render_file(  # noqa: PLR0911 # a case for each kind
    tx: Tx,
    row: Row,
    item: ReportFile
    | ReportPicture
    | FunnelPicture
    | RecipientsFile
    | TranscriptFile
    | AttachedFile
    | TimelineFile
    | HistoryFile
    | CustomerExport,
) -> Call | Skip:
    """Files that are created or fetched right before the call."""
    match item:
        case ReportFile():
            return reports.report_file(tx, row, item)
        case ReportPicture():
            return reports.report_picture(tx, row, item)
        case FunnelPicture():
            return reports.funnel_picture(tx, row, item)
        case RecipientsFile():
            return reports.recipients_file(tx, row, item)
        case TranscriptFile():
            return transcripts.transcript(tx, row, item)
        case AttachedFile():
            return transcripts.file_of_dialog(tx, row, item)
        case TimelineFile():
            return transcripts.timeline_file(tx, row, item)
        case HistoryFile():
            return transcripts.history_file(tx, row, item)
        case CustomerExport():
            return transcripts.customer_export(tx, row, item)
        case _:
            assert_never(item)


def _render_change(tx: Tx, row: Row, item: Change) -> Call | Skip:  # noqa: PLR0911, PLR0912 # a case for each kind
    match item:
        case CopyEdit():
            return edits.edit_copy(tx, row, item)
        case CopyRemoval():
            return edits.delete_copy(row, item)
        case ErasedCopies():
            return edits.erase_copies(row, item)
        case ErasedTopic():
            return edits.erase_topic(row, item)
        case Reaction():
            return edits.reaction(row, item)
        case DeliveryMark():
            return edits.delivery_mark(tx, row, item)
        case Markup():
            return edits.markup(tx, row, item)
        case RatingFormEdit():
            return ratings.rating_form_edit(tx, row, item)
        case CustomerNoticeEdit():
            return notices.customer_notice_edit(tx, row, item)
        case WayOutEdit():
            return way_out_edit(tx, row, item)
        case InboxCardMarkup():
            return inbox_cards.inbox_card_markup(tx, row, item)
        case TopicName():
            return places.topic_name(tx, row)
        case InfoCardEdit():
            return cards.info_card_edit(tx, row)
        case DeskNoticeEdit():
            return notices.desk_notice_edit(tx, row, item)
        case CardPin():
            return places.pin(tx, row, item)
        case ReportPictureEdit():
            return reports.report_picture_edit(tx, row, item)
        case GroupExit():
            return groups.leave_chat(tx, row)
        case _:
            assert_never(item)
