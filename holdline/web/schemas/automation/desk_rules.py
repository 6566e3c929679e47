"""Rules as the API shows and accepts them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from holdline.desk.automation.dry_run import DryRun
from holdline.dialogs.decisions.rule import MOST_STEPS, Conditions, Rule, Trigger
from holdline.web.pages import Page
from holdline.web.schemas.dialogs import People
from holdline.web.schemas.fields import In, LongText, Name, Out, Positive, YesNo
from holdline.web.schemas.steps import DialogStepIn

Words = Annotated[list[Name], Field(min_length=1, max_length=100)]


class RuleConditionsIn(In):
    """All given conditions must hold. Letter case does not matter."""

    text_contains: Words | None = Field(
        None, description="At least one of these words occurs in the message."
    )
    type: Name | None = None
    stage: Name | None = None
    priority: Name | None = None
    queue: Name | None = None
    tag: Name | None = None
    outside_hours: YesNo | None = Field(
        None,
        description="true: only outside the hours of the desk's working calendar; false: only "
        "within them. The desk needs a calendar.",
    )
    after: str | None = Field(
        None,
        max_length=10,
        description="Only for `no_reply`: how long the customer had no answer, such as `30m` (the default).",
    )

    @property
    def conditions(self) -> Conditions:
        return Conditions.of(self.model_dump())


def _no_conditions() -> RuleConditionsIn:
    return RuleConditionsIn.model_validate({})


class OpenDialogIn(In):
    title: str | None = Field(None, min_length=1, max_length=512)
    type: Name | None = None


class RuleStepIn(DialogStepIn):
    """Exactly one of these."""

    team: Name | None = None
    open_dialog: OpenDialogIn | None = Field(
        None, description="Opens a dialog; does nothing if the customer already has an active dialog."
    )
    notify: People | None = None
    answer: LongText | None = Field(None, description="The text of an automatic message to the customer.")

    @property
    def step(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


Steps = Annotated[list[RuleStepIn], Field(max_length=MOST_STEPS)]
_EXAMPLE: dict[str, Any] = {
    "name": "Refunds",
    "on": "first_message",
    "if": {"text_contains": ["refund", "money back"]},
    "then": [{"open_dialog": {"type": "Refund"}}, {"priority": "high"}],
}


class RuleIn(In):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Name
    on: Trigger
    conditions: RuleConditionsIn = Field(default_factory=_no_conditions, alias="if")
    then: Steps
    active: YesNo = True
    position: Positive | None = Field(
        None,
        description="Rules act in the order of their positions, lowest first. Without it, the rule "
        "acts last.",
    )

    @property
    def rule(self) -> Rule:
        steps = tuple(step.step for step in self.then)
        conditions = self.conditions.conditions
        return Rule(0, self.name, self.on, conditions, steps, self.active, position=self.position or 0)


class RuleTryIn(In):
    """The rule to try. Nothing is stored or done."""

    on: Trigger
    conditions: RuleConditionsIn = Field(default_factory=_no_conditions, alias="if")
    name: Name | None = None
    then: Steps | None = None
    active: YesNo | None = None
    position: Positive | None = None

    @property
    def rule(self) -> Rule:
        return Rule(0, self.name or "", self.on, self.conditions.conditions, ())


class RuleChangesIn(In):
    """Only given fields change. Conditions and steps are replaced as a whole."""

    name: Name | None = None
    on: Trigger | None = None
    conditions: RuleConditionsIn | None = Field(None, alias="if")
    then: Steps | None = None
    active: YesNo | None = None
    position: Positive | None = None

    @property
    def changes(self) -> dict[str, Any]:
        given = {
            "name": self.name,
            "trigger": self.on,
            "conditions": self.conditions.conditions if self.conditions is not None else None,
            "steps": tuple(step.step for step in self.then) if self.then is not None else None,
            "active": self.active,
            "position": self.position,
        }
        return {name: value for name, value in given.items() if value is not None}


class RuleOut(Out):
    id: int
    name: str
    on: Trigger
    conditions: dict[str, Any] = Field(serialization_alias="if")
    then: list[dict[str, Any]]
    active: bool
    position: int
    runs: int = Field(description="How many times the rule has acted.")
    last_run_at: datetime | None

    @classmethod
    def of(cls, rule: Rule) -> "RuleOut":
        return cls(
            id=rule.id,
            name=rule.name,
            on=rule.trigger,
            conditions=rule.conditions.given,
            then=list(rule.steps),
            active=rule.active,
            position=rule.position,
            runs=rule.runs,
            last_run_at=rule.ran_at,
        )


class RulesOut(Out):
    items: list[RuleOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, rules: list[Rule]) -> "RulesOut":
        by_id = sorted(rules, key=lambda rule: rule.id)
        page_rules, after = page.cut_all(by_id, lambda rule: rule.id)
        return cls(items=[RuleOut.of(rule) for rule in page_rules], next=after)


class TriedEventOut(Out):
    customer_id: int
    dialog_id: int | None
    at: datetime
    text: str


class DryRunOut(Out):
    events: int = Field(description="How many past events were examined: the last ones, at most 100.")
    items: list[TriedEventOut] = Field(
        description="The events on which the rule would have acted, newest first."
    )

    @classmethod
    def of(cls, run: DryRun) -> "DryRunOut":
        items = [
            TriedEventOut(customer_id=each.customer_id, dialog_id=each.dialog_id, at=each.at, text=each.text)
            for each in run.matching
        ]
        return cls(events=run.looked_at, items=items)
