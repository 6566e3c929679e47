"""Rules that tag dialogs when they close."""

from typing import Annotated, Any

from pydantic import Field

from holdline.dialogs.tagging.tag_rules import TagRule
from holdline.web.pages import Page
from holdline.web.schemas.fields import In, Name, Out


class TagRuleIn(In):
    tag: Name
    any_of: list[Annotated[str, Field(min_length=1)]] = Field(
        [], description="The rule matches if a word in the dialog begins with one of these."
    )
    regex: Annotated[str, Field(min_length=1)] | None = Field(
        None,
        description="A regular expression that ignores case. If it takes longer than 50 ms, it does "
        "not match.",
    )
    enabled: bool = Field(True, description="Whether the rule tags dialogs when they close.")

    @property
    def values(self) -> dict[str, Any]:
        return self.model_dump()


class TagRuleOut(Out):
    id: int
    tag: str
    any_of: list[str]
    regex: str | None
    enabled: bool
    corrected: int = Field(description="How many times a person removed this tag after a rule had set it.")

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
