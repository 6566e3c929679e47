"""Rules that tag dialogs when they close."""

from fastapi import APIRouter
from starlette.responses import Response

from holdline.desk.tagging import tag_rules as desk
from holdline.web.calls import Read, Write
from holdline.web.pages import Rising
from holdline.web.routes import PathId, api_router, reads, writes
from holdline.web.schemas.automation.tag_rules import TagRuleIn, TagRuleOut, TagRulesOut
from holdline.web.schemas.lists import DeletedOut


def tag_rules_router() -> APIRouter:
    """The tags are those of /lists/tags."""
    router = api_router("tag rules")

    @reads(router, "/tag-rules", shows=TagRulesOut, scopes=("admin", "read"))
    async def list_tag_rules(call: Read, page: Rising) -> Response:
        """Lists the tag rules, oldest first."""
        return await call.show(lambda rules: TagRulesOut.of(page, rules), desk.list_rules)

    @writes(router, "POST", "/tag-rules", shows=TagRuleOut, scope="admin", status=201)
    async def add_tag_rule(call: Write, body: TagRuleIn) -> Response:
        """Adds a tag rule: a dialog that contains one of the words when it closes gets the tag."""
        return await call.show(TagRuleOut.of, desk.add_rule, status=201, manager=None, values=body.values)

    @writes(router, "PUT", "/tag-rules/{rule_id}", shows=TagRuleOut, scope="admin")
    async def replace_tag_rule(call: Write, rule_id: PathId, body: TagRuleIn) -> Response:
        """Replaces a tag rule. Closed dialogs keep their tags."""
        return await call.show(
            TagRuleOut.of, desk.replace_rule, manager=None, rule_id=rule_id, values=body.values
        )

    @writes(router, "DELETE", "/tag-rules/{rule_id}", shows=DeletedOut, scope="admin")
    async def delete_tag_rule(call: Write, rule_id: PathId) -> Response:
        """Deletes a tag rule. The tags that it added stay."""
        return await call.show(
            lambda _: DeletedOut(id=rule_id), desk.remove_rule, manager=None, rule_id=rule_id
        )

    return router
