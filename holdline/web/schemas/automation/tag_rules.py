"""Rules that tag dialogs when they close."""

from typing import Annotated, Any

from pydantic import Field

from holdline.dialogs.tagging.tag_rules import TagRule
from holdline.web.pages import Page
from holdline.web.schemas.fields import In, Name, Out


class TagRuleIn(In):
    tag: Name
    any_of: list[Annotated[str, Field(min_length=1)]] = Field(
        [], description="Words; each fits where a word begins so."
    )
    regex: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="In any case; cut off after 50 ms."
    )
    enabled: bool = Field(True, description="Whether it tags what closes.")

    @property
    def values(self) -> dict[str, Any]:
        return self.model_dump()


class TagRuleOut(Out):
    id: int
    tag: str
    any_of: list[str]
    regex: str | None
    enabled: bool
    corrected: int = Field(description="How often people took this tag off after a rule had put it there.")

    @classmethod
    def of(cls, rule: TagRule) -> "TagRuleOut":
        return cls(
            id=rule.id,
            tag=rule.tag,
            any_of=list(rule.any_of),
            regex=rule.regex,
            enabled=rule.enabled,
            corrected=rule.corrected,
        )


class TagRulesOut(Out):
    items: list[TagRuleOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rules: list[TagRule]) -> "TagRulesOut":
        page_rules, after = page.cut_all(rules, lambda rule: rule.id)
        return cls(items=[TagRuleOut.of(rule) for rule in page_rules], next=after)
