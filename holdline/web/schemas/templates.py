"""Templates of replies and notes."""

from typing import Any

from pydantic import ConfigDict, Field

from holdline.dialogs.conversation.template import Template, TemplateKind
from holdline.web.pages import Page
from holdline.web.schemas.dialogs import ActingIn
from holdline.web.schemas.fields import In, Name, OurId, Out

_TEXT = (
    "The text. It may contain {customer.name}, {dialog.id}, {manager.name} and {field.X} with the name of a field. "
    "The text after a bar is used if there is no value: {field.Order|unknown}."
)


class TemplateIn(In):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Greeting", "kind": "reply", "text": "Hello {customer.name}, case {dialog.id}."}
            ]
        }
    )

    name: Name
    kind: TemplateKind
    text: str = Field(min_length=1, max_length=4096, description=_TEXT)
    team: Name | None = Field(None, description="Only this team can use it.")
    language: str | None = Field(None, description="The language of the text, such as `en`.")

    @property
    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class TemplateChangesIn(In):
    """Only given fields change. Null removes team and language."""

    name: Name | None = None
    kind: TemplateKind | None = None
    text: str | None = Field(None, min_length=1, max_length=4096, description=_TEXT)
    team: Name | None = None
    language: str | None = None

    @property
    def values(self) -> dict[str, Any]:
        return self.values_given("team", "language")


class PreviewIn(ActingIn):
    dialog_id: OurId


class PreviewOut(Out):
    text: str


class TemplateOut(Out):
    id: int
    name: str
    kind: TemplateKind
    text: str
    team: str | None
    language: str | None
    file: str | None = Field(
        description="The kind of the file that is sent with it, such as photo or document; null if "
        "there is none."
    )
    uses: int = Field(description="How many times it was used.")

    @classmethod
    def of(cls, template: Template) -> "TemplateOut":
        return cls(
            id=template.id,
            name=template.name,
            kind=template.kind,
            text=template.text,
            team=template.team,
            language=template.language,
            file=template.file.get("kind"),
            uses=template.uses,
        )


class TemplatesOut(Out):
    items: list[TemplateOut]
    next: str | None

    @classmethod
    def of(cls, page: Page, templates: list[Template]) -> "TemplatesOut":
        page_templates, after = page.cut(templates, lambda template: template.id)
        return cls(items=[TemplateOut.of(template) for template in page_templates], next=after)
