"""Actions of people: write, press, edit, react, delete, block. Nothing here blocks."""

from holdline.sandbox.errors import ControlError
from holdline.sandbox.json_types import Json
from holdline.sandbox.markup.entities import trim, with_detected
from holdline.sandbox.telegram import Query, Telegram
from holdline.sandbox.world.chats import Chat, Topic
from holdline.sandbox.world.media import CAPTIONED, person_content
from holdline.sandbox.world.people import SandboxUser
from holdline.sandbox.world.posting import is_service, kind_of, post, remove, replace, send_update
from holdline.sandbox.world.rights import KICKED, MEMBER


class Actors:
    """Acts as customers and managers."""

    def __init__(self, tg: Telegram) -> None:
        self.tg = tg

    def customer(
        self,
        user_id: int,
        first_name: str | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
    ) -> Json:
        """Creates the person, or renames an existing one. The bot gets no update."""
        if user_id <= 0:
            raise ControlError("a person's id is a positive number")
        old = self.tg.world.users.get(user_id)
        person = old or SandboxUser(user_id, first_name or f"Person {user_id}")
        person.first_name = first_name or person.first_name
        person.last_name = last_name or person.last_name
        person.username = username or person.username
        person.language_code = language_code or person.language_code
        user = self.tg.world.add_person(person).as_user()
        self.tg.show("user", user)
        return user

    def _person(self, user_id: int) -> SandboxUser:
        if user_id not in self.tg.world.users:
            self.customer(user_id)
        person = self.tg.world.users[user_id]
        if person.deactivated:
            raise ControlError(f"{user_id} has deleted the account and can do nothing more")
        return person

    def _place(self, person: SandboxUser, chat_id: int | None) -> Chat:
        """The chat in which the person acts. Acting in the private chat starts or unblocks the bot."""
        if chat_id is None or chat_id == person.id:
            chat = self.tg.world.private_chat(person)
            if person.blocked:
                self.blocks(person.id, False)
            person.started = True
            return chat
        chat = self.tg.world.chat(chat_id)
        if not chat.member(person.id).inside:
            raise ControlError(f"{person.id} is not in chat {chat_id}; let the person join first")
        return chat

    def _topic(self, person: SandboxUser, chat: Chat, thread_id: int | None) -> Topic | None:
        if not thread_id:
            return None
        topic = chat.topics.get(thread_id)
        if topic is None:
            raise ControlError(f"chat {chat.id} has no topic {thread_id}; GET chats lists the topics")
        if topic.closed and not chat.member(person.id).is_admin:
            raise ControlError(f"topic {thread_id} is closed; only administrators write there")
        return topic

    def says(
        self,
        user_id: int,
        text: str,
        chat_id: int | None = None,
        thread_id: int | None = None,
        *,
        reply_to: int | None = None,
        entities: list[Json] | None = None,
    ) -> Json:
        """Sends a text message. Commands, links and mentions are marked as a client does."""
        plain, trimmed_entities = trim(text, entities or [])
        if not plain or len(plain) > 4096:
            raise ControlError("a client sends 1 to 4096 characters at a time; split or fill the text")
        content: Json = {"text": plain}
        marked = with_detected(plain, trimmed_entities)
        if marked:
            content["entities"] = marked
        return self._posts(user_id, content, chat_id, thread_id=thread_id, reply_to=reply_to)

    def sends(
        self,
        user_id: int,
        kind: str,
        /,
        chat_id: int | None = None,
        *,
        thread_id: int | None = None,
        reply_to: int | None = None,
        **content: object,
    ) -> Json:
        """Sends anything but text: a photo, a place, a poll. `content` may include `caption`, `media_group_id`,
        `entities`.
        """
        if kind == "story":
            content.setdefault("chat", {"id": user_id, "type": "private"} | self._person(user_id).names())
        around: Json = {}
        for name, field in (
            ("caption", "caption"),
            ("entities", "caption_entities"),
            ("media_group_id", "media_group_id"),
        ):
            value = content.pop(name, None)
            if value:
                around[field] = value
        if "caption" in around:
            marked = with_detected(around["caption"], around.get("caption_entities", []))
            around |= {"caption_entities": marked} if marked else {}
        message = person_content(self.tg, kind, content) | around
        return self._posts(user_id, message, chat_id, thread_id=thread_id, reply_to=reply_to)

    def album(
        self,
        user_id: int,
        kinds: list[str] | None = None,
        caption: str | None = None,
        chat_id: int | None = None,
        *,
        thread_id: int | None = None,
    ) -> list[Json]:
        """Sends several pictures or files as one album: one update each, one media_group_id."""
        group = str(self.tg.world.random.getrandbits(53))
        messages = []
        for number, kind in enumerate(kinds or ["photo", "photo"]):
            words: Json = {"media_group_id": group}
            if caption and number == 0:
                words["caption"] = caption
            messages.append(self.sends(user_id, kind, chat_id, thread_id=thread_id, **words))
        return messages

    def _posts(
        self, user_id: int, content: Json, chat_id: int | None, *, thread_id: int | None, reply_to: int | None
    ) -> Json:
        person = self._person(user_id)
        chat = self._place(person, chat_id)
        topic = self._topic(person, chat, thread_id)
        quoted = self._message_to_quote(chat, reply_to)
        message = post(self.tg, chat, person, content, topic=topic, reply_to=quoted)
        if self._bot_sees(chat, message):
            send_update(self.tg, chat, "message", message)
        return message

    def _message_to_quote(self, chat: Chat, reply_to: int | None) -> Json | None:
        if reply_to is None:
            return None
        if reply_to not in chat.messages:
            raise ControlError(f"message {reply_to} is not in chat {chat.id}; reply to one that is shown")
        return chat.messages[reply_to]

    def _bot_sees(self, chat: Chat, message: Json) -> bool:
        """Privacy mode: in a group a bot that is no administrator gets only commands, mentions and replies to it."""
        if chat.private or chat.member(self.tg.bot.id).is_admin:
            return True
        quoted = message.get("reply_to_message", {}).get("from", {}).get("id")
        words = str(message.get("text", message.get("caption", "")))
        return words.startswith("/") or quoted == self.tg.bot.id or f"@{self.tg.bot.username}" in words

    def presses(self, user_id: int, chat_id: int, message_id: int, data: str | int | None = None) -> str:
        """Presses an inline button, named by its data, its text, or its number from 0. Returns the query's id."""
        person = self._person(user_id)
        chat = self._place(person, chat_id)
        message = self._visible_message(chat, message_id)
        button = _button(message, data)
        self.tg.world.random.random()
        query_id = str(self.tg.world.random.getrandbits(62))
        if len(self.tg.queries) > 10_000:
            del self.tg.queries[next(iter(self.tg.queries))]
        self.tg.queries[query_id] = Query(user_id, chat.id, message_id, self.tg.clock.now())
        query = {"id": query_id, "from": person.as_user(), "message": message}
        query |= {"chat_instance": str(abs(chat.id) * 7919), "data": button}
        self.tg.updates.add("callback_query", query, ("press", user_id))
        return query_id

    def _visible_message(self, chat: Chat, message_id: int) -> Json:
        message = chat.messages.get(message_id)
        if message is None:
            raise ControlError(f"message {message_id} is not in chat {chat.id}; it was deleted or never sent")
        return message

    def edits(
        self, user_id: int, chat_id: int, message_id: int, text: str | None = None, caption: str | None = None
    ) -> Json:
        """Edits the person's own message. The bot gets edited_message."""
        chat = self._place(self._person(user_id), chat_id)
        old = self._own(chat, user_id, message_id)
        words = text if text is not None else caption
        if kind_of(old) not in (*CAPTIONED, "text"):
            raise ControlError(f"message {message_id} holds no words that could be changed; send a new one")
        name, marks = ("text", "entities") if "text" in old else ("caption", "caption_entities")
        if not words:
            raise ControlError("give the new text or the new caption")
        new = {key: value for key, value in old.items() if key != marks}
        new |= {name: words, "edit_date": self.tg.clock.date()}
        marked = with_detected(words, [])
        if marked:
            new[marks] = marked
        replace(self.tg, chat, new)
        if self._bot_sees(chat, new):
            send_update(self.tg, chat, "edited_message", new)
        return new

    def _own(self, chat: Chat, user_id: int, message_id: int) -> Json:
        message = self._visible_message(chat, message_id)
        if message["from"]["id"] != user_id or is_service(message):
            raise ControlError(
                f"message {message_id} is not {user_id}'s own; people change only what they wrote"
            )
        return message

    def reacts(self, user_id: int, chat_id: int, message_id: int, emoji: str | None) -> None:
        """Sets a reaction; None removes it. The bot gets an update if it requested message_reaction and, in a group, is
        an administrator.
        """
        person = self._person(user_id)
        chat = self._place(person, chat_id)
        self._visible_message(chat, message_id)
        own = chat.reactions.setdefault(message_id, {})
        old = own.get(user_id, [])
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        if new:
            own[user_id] = new
        else:
            own.pop(user_id, None)
        change = {"chat": chat.face, "message_id": message_id, "user": person.as_user()}
        change |= {"date": self.tg.clock.date(), "old_reaction": old, "new_reaction": new}
        self.tg.show("reaction", {"message_id": message_id, "user_id": user_id, "reaction": new}, chat)
        if chat.private or chat.member(self.tg.bot.id).is_admin:
            self.tg.updates.add("message_reaction", change, ("chat", chat.id))

    def deletes(self, user_id: int, chat_id: int, message_id: int) -> None:
        """Deletes a message for both sides. The bot gets no update, as in Telegram."""
        chat = self._place(self._person(user_id), chat_id)
        message = self._visible_message(chat, message_id)
        may = chat.private or message["from"]["id"] == user_id or chat.member(user_id).is_admin
        if not may:
            raise ControlError(
                f"{user_id} may not delete message {message_id}; let its author or an administrator"
            )
        remove(self.tg, chat, message_id)

    def blocks(self, user_id: int, on: bool = True) -> None:
        """Blocks the bot; `on=False` unblocks it."""
        person = self._person(user_id)
        chat = self.tg.world.private_chat(person)
        if person.blocked == on:
            return
        person.blocked = on
        old, new = (MEMBER, KICKED) if on else (KICKED, MEMBER)
        chat.members[self.tg.bot.id] = new
        bot = self.tg.bot.as_user()
        change = {"chat": chat.face, "from": person.as_user(), "date": self.tg.clock.date()}
        change |= {"old_chat_member": old.as_chat_member(bot), "new_chat_member": new.as_chat_member(bot)}
        self.tg.updates.add("my_chat_member", change, ("member", chat.id))
        self.tg.show("blocked", {"user_id": user_id, "blocked": on}, chat)

    def deactivates(self, user_id: int) -> None:
        """Deletes the account. As in Telegram, the bot learns it only when it writes to the person."""
        self._person(user_id).deactivated = True
        self.tg.show("deactivated", {"user_id": user_id})


def _button(message: Json, wanted: str | int | None) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row if "callback_data" in button]
    if isinstance(wanted, int):
        buttons = buttons[wanted : wanted + 1]
    elif wanted is not None:
        buttons = [b for b in buttons if b["callback_data"] == wanted] or [
            b for b in buttons if b["text"] == wanted
        ]
    if not buttons:
        raise ControlError(f"message {message['message_id']} has no such button; press one that it shows")
    return str(buttons[0]["callback_data"])
