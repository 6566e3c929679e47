"""When the questions of smart replies are indexed."""

from collections.abc import Mapping

import pytest

from holdline.desk.smart_replies.choosing import learn_questions, try_text
from holdline.dialogs.smart_replies.question_index import Key, QuestionIndex
from tests.desk.conftest import Desk
from tests.desk.smart_replies.test_answering import HOURS, keep, said, write


async def test_questions_indexed_at_the_start_are_not_indexed_again_at_the_first_message(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(desk, HOURS)
    learnt: list[int] = []
    update = QuestionIndex.update

    def counted(index: QuestionIndex, questions: Mapping[Key, tuple[str, str]]) -> None:
        learnt.append(len(questions))
        update(index, questions)

    monkeypatch.setattr(QuestionIndex, "update", counted)
    await desk.store.read(learn_questions)
    assert learnt == [1]
    await write(desk, "What are your opening hours?", 7)
    await desk.store.read(try_text, text="When do you open?")
    assert learnt == [1] and await said(desk) == [HOURS["answer"]]
