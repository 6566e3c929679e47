"""A desk to which Anna has written once."""

import pytest

from holdline.store.engine import Store
from tests.bot.desk_kit import Staff
from tests.bot.staging import words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    staff = Staff(group_desk)
    await staff.heard()
    return staff
