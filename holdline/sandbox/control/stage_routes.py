"""Routes by which a test sets up groups, raw updates, faults, limits and time."""

from fastapi import APIRouter

from holdline.sandbox.control.box_of import Box
from holdline.sandbox.control.requests import (
    ChatRequest,
    ClockRequest,
    LimitsRequest,
    MemberRequest,
    NewChat,
    NewFault,
    NewTopic,
    RepeatRequest,
    TopicRequest,
)
from holdline.sandbox.json_types import Json

router = APIRouter(tags=["stage"])


@router.post("/updates", status_code=201)
async def raw_update(box: Box, update: Json) -> Json:
    """Delivers this update unchanged, even if it is malformed. Without an update_id it gets the next one."""
    return {"update_id": box.raw_update(update)}


@router.post("/updates/again")
async def again(box: Box, order: RepeatRequest) -> Json:
    """Delivers an update again."""
    box.again(order.update_id)
    return {"ok": True}


@router.post("/faults", status_code=201)
async def add_fault(box: Box, order: NewFault) -> Json:
    """Adds a fault."""
    words = order.model_dump()
    box.faults.add(words.pop("method"), **words)
    return {"waiting": len(box.faults.list_pending())}


@router.delete("/faults")
async def clear_faults(box: Box) -> Json:
    """Removes all faults."""
    box.faults.clear()
    return {"waiting": 0}


@router.post("/chats", status_code=201)
async def new_chat(box: Box, order: NewChat) -> Json:
    """Creates a forum (with the bot as administrator), a group or a supergroup."""
    if order.type == "forum":
        return box.forum(order.chat_id, order.title, order.members, order.admins, bot_rights=order.bot_rights)
    return box.group(order.chat_id, order.title, [*order.members, *order.admins], order.type)


@router.post("/topics", status_code=201)
async def open_topic(box: Box, order: NewTopic) -> Json:
    """Opens a topic as a person."""
    return box.opens_topic(order.user_id, order.chat_id, order.name)


@router.post("/topics/delete")
async def delete_topic(box: Box, order: TopicRequest) -> Json:
    """Deletes a topic with its messages. The bot gets no update."""
    box.deletes_topic(order.chat_id, order.thread_id)
    return {"ok": True}


@router.post("/topics/close")
async def close_topic(box: Box, order: TopicRequest) -> Json:
    """Closes a topic, or opens it again with `closed: false`."""
    box.closes_topic(order.chat_id, order.thread_id, order.closed)
    return {"ok": True}


@router.post("/members")
async def member(box: Box, order: MemberRequest) -> Json:
    """Changes the status of a member of a group."""
    if order.status == "left" and order.user_id != box.tg.bot.id:
        box.leaves(order.user_id, order.chat_id)
    else:
        box.joins(order.user_id, order.chat_id, order.status, **order.rights)
    return {"ok": True}


@router.post("/migrate")
async def migrate(box: Box, order: ChatRequest) -> Json:
    """Converts a group to a supergroup with a new id."""
    return {"chat_id": box.migrates(order.chat_id)}


@router.post("/limits")
async def limits(box: Box, order: LimitsRequest) -> Json:
    """Sets flood control: `overall` calls per second, `private` per three seconds, `group` per minute; and `stars`."""
    box.tg.limits.configure(**order.model_dump())
    return {"ok": True, "refused": box.tg.limits.refused, "paid_for": box.tg.limits.paid_for}


@router.post("/clock")
async def clock(box: Box, order: ClockRequest) -> Json:
    """Moves the sandbox's time forward."""
    box.tg.clock.advance(order.advance_seconds)
    return {"now": box.tg.clock.now()}


@router.post("/reset")
async def reset(box: Box) -> Json:
    """Resets everything to the initial state."""
    box.reset()
    return {"ok": True}
