"""Statuses and rights in a group, in Telegram's terms."""

from dataclasses import dataclass, field

from holdline.sandbox.json_types import Json

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_send_welcome_messages",
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
STATUSES = ("creator", "administrator", "member", "restricted", "left", "kicked")


@dataclass(frozen=True, slots=True)
class Membership:
    """`rights` lists differences from the default of the status: an administrator has all rights, a restricted member
    none.
    """

    status: str
    rights: dict[str, bool] = field(default_factory=dict)

    @property
    def inside(self) -> bool:
        return self.status in ("creator", "administrator", "member", "restricted")

    @property
    def is_admin(self) -> bool:
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        if self.status == "creator":
            return True
        if self.status == "administrator":
            return self.rights.get(right, True)
        if self.status == "restricted":
            return self.rights.get(right, False)
        return self.inside and right in PERMISSIONS[:11]

    def as_chat_member(self, user: Json) -> Json:
        fields: Json = {"status": self.status, "user": user}
        if self.status == "creator":
            fields["is_anonymous"] = False
        elif self.status == "administrator":
            fields |= {"can_be_edited": False, "is_anonymous": False}
            fields |= {right: self.rights.get(right, True) for right in ADMIN_RIGHTS}
        elif self.status == "restricted":
            fields |= {"is_member": True, "until_date": 0}
            fields |= {right: self.rights.get(right, False) for right in PERMISSIONS}
        elif self.status == "kicked":
            fields["until_date"] = 0
        return fields


MEMBER = Membership("member")
LEFT = Membership("left")
KICKED = Membership("kicked")
