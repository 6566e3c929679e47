"""Automatic answers to free text."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from holdline.desk.smart_replies.smart_replies import CountedReply
from holdline.dialogs.smart_replies.smart_reply import Trial, When
from holdline.web.pages import Page
from holdline.web.schemas.fields import In, Name, Out, YesNo

_Word = Annotated[str, Field(min_length=1)]
_Question = Annotated[str, Field(min_length=1, max_length=500)]
_Answer = Annotated[str, Field(min_length=1, max_length=4096)]


class SmartReplyIn(In):
    """At least one of `any_of`, `regex`, `question` and `questions` is needed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Hours", "question": "When are you open?", "answer": "From 9 to 18."}]
        }
    )

    name: Name
    answer: _Answer
    any_of: list[_Word] = Field(
        [], description="It answers a text that contains one of these whole words, in upper or lower case."
    )
    regex: _Word | None = Field(
        None,
        description="A regular expression that ignores case. If it takes longer than 50 ms, it does "
        "not match.",
    )
    question: _Question | None = Field(
        None, description="It answers a text that is similar to this question."
    )
    questions: list[_Question] = Field([], description="Other wordings of the question.")
    hours: Name | None = Field(None, description="The name of a calendar: it answers only within its hours.")
    when: When = Field(
        "inside", description="With `hours`: whether it answers inside or outside those hours."
    )
    active: YesNo = True

    @property
    def values(self) -> dict[str, Any]:
        return self.model_dump()


class SmartReplyChangesIn(In):
    """Only given fields change. Null clears an expression, questions or hours."""

    name: Name | None = None
    answer: _Answer | None = None
    any_of: list[_Word] | None = None
    regex: _Word | None = None
    question: _Question | None = None
    questions: list[_Question] | None = None
    hours: Name | None = None
    when: When | None = None
    active: YesNo | None = None

    @property
    def values(self) -> dict[str, Any]:
        return self.values_given("any_of", "regex", "question", "questions", "hours")


class TryIn(In):
    text: str = Field(min_length=1, max_length=16384)


class TryOut(Out):
    answer: str | None = Field(description="The text that would be sent; null: no reply matches well enough.")
    by: str | None = Field(description="The name of the smart reply that would answer.")
    score: float = Field(
        description="0 to 1: 1 for an exact match, otherwise the score of the most similar question."
    )

    @classmethod
    def of(cls, trial: Trial) -> "TryOut":
        found = trial.suggestion
        answer, by = (found.reply.answer, found.reply.name) if found else (None, None)
        return cls(answer=answer, by=by, score=round(trial.score, 4))


class SmartReplyOut(Out):
    id: int
    name: str
    answer: str
    any_of: list[str]
    regex: str | None
    question: str | None = Field(description="The first of `questions`.")
    questions: list[str]
    hours: str | None
    when: str
    active: bool
    answers: int = Field(description="How many times it answered a customer.")
    helped: int = Field(description="How many times a customer said that it helped.")
    to_person: int = Field(description="How many times a customer asked for a person instead.")

    @classmethod
    def of(cls, counted: CountedReply) -> "SmartReplyOut":
        reply, counts = counted
        return cls(
            id=reply.id,
            name=reply.name,
            answer=reply.answer,
            any_of=list(reply.any_of),
            regex=reply.regex,
            question=reply.questions[0] if reply.questions else None,
            questions=list(reply.questions),
            hours=reply.hours,
            when=reply.when,
            active=reply.active,
            answers=counts.answers,
            helped=counts.helped,
            to_person=counts.to_person,
        )


class SmartRepliesOut(Out):
    items: list[SmartReplyOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, replies: list[CountedReply]) -> "SmartRepliesOut":
        by_id = sorted(replies, key=lambda counted: counted[0].id)
        page_replies, after = page.cut_all(by_id, lambda counted: counted[0].id)
        return cls(items=[SmartReplyOut.of(each) for each in page_replies], next=after)
