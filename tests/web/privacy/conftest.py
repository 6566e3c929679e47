"""A desk that forwards by mail, and an erasure list of its own."""

from contextlib import suppress
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.customers import customers as customers_desk
from holdline.desk.privacy import erasing
from holdline.desk.privacy.asking import ask_to_erase, erase_again
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.conversation.timeline import HistoryFilter, TimelineOrder
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.messages import BotText
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import NotAllowed
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.privacy.erased_again import apply_erasure_list
from holdline.scheduler.privacy.eraser import Eraser
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.screens.dialogs.history_lines import timeline_file_page
from holdline.store import invariants
from holdline.store.clock import ManualClock
from holdline.store.delivery import outbox
from holdline.store.errors import StoreUnavailable
from holdline.store.intake import inbox
from holdline.store.people import customers
from holdline.store.privacy import erasures, person_values
from holdline.store.privacy.erasures import Erasure
from holdline.store.privacy.person import PersonIds
from holdline.store.privacy.table_map import TABLES
from holdline.store.tx import Tx
from tests.conftest import BOT
from tests.web.conftest import Api
from tests.web.privacy.canary import CANARY, left_everywhere, places_with


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(mail_from="desk@example.org")


@pytest.fixture
def erased(tmp_path: Path) -> ErasureList:
    return ErasureList(tmp_path / "erased.jsonl", BOT)
