"""What may be sent to a customer, and when a manager must confirm it first."""

from typing import Any

import pytest

from holdline.dialogs.decisions.conversation import refuse_if_answered_just_now, require_sayable
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, DeskError
from tests.dialogs.examples import ANNA, BORIS, example_customer, person_of_desk

CARD = Content("contact", data={"user_id": 9, "phone_number": "1", "first_name": "Anna"})


@pytest.mark.parametrize(
    ("content", "typed", "mend"),
    [
        (Content(text="It comes tomorrow"), True, None),
        (Content(text=". Look at this"), True, "for_desk_only"),
        (Content(text=". Look at this"), False, None),
        (Content(text="/note Look"), True, "for_desk_only"),
        (Content("story"), True, "kind_cannot_be_sent"),
        (CARD, True, None),
        (Content(text="  "), False, "text_empty"),
        (Content("dice"), True, None),
    ],
)
def test_which_content_may_be_sent_to_a_customer(content: Content, typed: bool, mend: str | None) -> None:
    anna = person_of_desk(ANNA)
    if mend is None:
        require_sayable(anna, content, typed=typed)
        return
    with pytest.raises(BadInput) as refused:
        require_sayable(anna, content, typed=typed)
    assert refused.value.mend == mend


@pytest.mark.parametrize(("whose", "mend"), [(ANNA, "own_contact"), (BORIS, "colleagues_contact")])
def test_a_contact_of_the_desk_is_never_sent(whose: Any, mend: str) -> None:
    with pytest.raises(BadInput) as refused:
        require_sayable(person_of_desk(ANNA), CARD, typed=True, whose_account=person_of_desk(whose))
    assert refused.value.mend == mend


@pytest.mark.parametrize(
    ("answered", "asks"), [((), False), ((BORIS,), True), ((ANNA, BORIS), False), ((BORIS, BORIS), True)]
)
def test_of_two_simultaneous_replies_the_second_needs_confirmation(
    answered: tuple[Any, ...], asks: bool
) -> None:
    answers = [{"manager_id": person.id, "manager_name": person.name} for person in answered]
    if not asks:
        refuse_if_answered_just_now(answers, example_customer(), by=person_of_desk(ANNA))
        return
    with pytest.raises(DeskError) as refused:
        refuse_if_answered_just_now(answers, example_customer(), by=person_of_desk(ANNA))
    assert (refused.value.code, refused.value.words["who"]) == ("answered_just_now", BORIS.name)
    assert refused.value.obj == {"type": "customer", "id": example_customer().id}
