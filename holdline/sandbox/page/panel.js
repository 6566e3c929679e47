// One person's phone: who they are, which chat is open, what was said there, and what they write.
import { composer } from "./composer.js";
import { colour, el, toast } from "./dom.js";
import { bubble } from "./message.js";
import { say } from "./strings.js";
import { act } from "./wire.js";

export class Panel {
  constructor(world, person, role) {
    Object.assign(this, { world, person, role, thread: 0, unread: new Set() });
    this.chat = role === "manager" && world.group ? world.group.id : person.id;
    this.talk = el("div", { class: "talk", role: "log", "aria-label": person.first_name });
    this.tabs = el("div", { class: "tabs", role: "tablist" });
    this.badge = el("span", {});
    this.composer = composer(this);
    this.root = el(
      "section", { class: "panel", "data-person": String(person.id), "aria-label": `${person.first_name}, ${say(role)}` },
      this.header(), role === "manager" ? this.tabs : null, this.talk, this.composer.root,
    );
    this.root.addEventListener("open-topic", (event) => this.open(event.detail.chat, event.detail.thread));
  }

  header() {
    const name = el("span", { class: "who" }, this.person.first_name);
    const face = el("span", { class: "face", "aria-hidden": "true", style: `background:${colour(this.person.id)}` }, this.person.first_name[0]);
    return el("header", {}, face, el("span", {}, name, el("div", { class: "muted" }, say(this.role))), el("span", { class: "space" }), this.badge, this.blocker());
  }

  blocker() {
    if (this.role !== "customer") return null;
    const button = el("button", { class: "quiet", title: say(this.person.blocked ? "unblock" : "block") }, this.person.blocked ? "🔓" : "🚫");
    button.addEventListener("click", async () => {
      this.person.blocked = !this.person.blocked;
      await act("blocks", { user_id: this.person.id, blocked: this.person.blocked });
      button.textContent = this.person.blocked ? "🔓" : "🚫";
      button.title = say(this.person.blocked ? "unblock" : "block");
    });
    return button;
  }

  open(chat, thread) {
    this.chat = chat;
    this.thread = thread;
    this.unread.delete(`${chat}:${thread}`);
    this.composer.forget();
    this.draw();
  }

  // Topics in the order of the group, the private chat (with topics of its own) behind them.
  places() {
    const group = this.world.group;
    const shown = (chat, topics) => topics.map((t) => ({ chat, thread: t.message_thread_id, name: t.name }));
    const own = this.world.chats.get(this.person.id);
    return [
      ...(group ? [...shown(group.id, [...group.topics].reverse()), { chat: group.id, thread: 0, name: say("general") }] : []),
      { chat: this.person.id, thread: 0, name: `🔒 ${say("private")}` },
      ...shown(this.person.id, own?.topics ?? []),
    ];
  }

  draw() {
    if (this.role === "manager") this.drawTabs();
    const all = this.world.messagesOf(this.chat).filter((m) => this.shows(m));
    this.talk.replaceChildren(...all.slice(-200).map((m) => bubble(m, this.person.id, this.hooks())));
    if (!all.length) this.talk.append(el("div", { class: "empty" }, say("nothing")));
    this.talk.scrollTop = this.talk.scrollHeight;
  }

  drawTabs() {
    const tab = (place) => {
      const chosen = place.chat === this.chat && place.thread === this.thread;
      const fresh = this.unread.has(`${place.chat}:${place.thread}`);
      return el("button", {
        role: "tab", "aria-selected": String(chosen), class: fresh ? "new" : "", onclick: () => this.open(place.chat, place.thread),
      }, place.name);
    };
    this.tabs.replaceChildren(...this.places().map(tab));
  }

  shows(message) {
    return message.chat.id === this.chat && (message.message_thread_id ?? 0) === this.thread;
  }

  sees(message) {
    const mine = message.chat.id === this.person.id || (this.role === "manager" && message.chat.id === this.world.group?.id);
    if (!mine) return;
    if (this.shows(message)) this.append(message);
    else {
      this.unread.add(`${message.chat.id}:${message.message_thread_id ?? 0}`);
      if (this.role === "manager") this.drawTabs();
    }
  }

  append(message) {
    const low = this.talk.scrollHeight - this.talk.scrollTop - this.talk.clientHeight < 80;
    this.talk.querySelector(".empty")?.remove();
    const node = bubble(message, this.person.id, this.hooks());
    node.classList.add("new");
    this.talk.append(node);
    if (low || message.from.id === this.person.id) this.talk.scrollTop = this.talk.scrollHeight;
  }

  redraw(chatId, message) {
    if (chatId !== this.chat) return;
    const old = this.talk.querySelector(`[data-id="${message.message_id}"]`);
    old?.replaceWith(bubble(message, this.person.id, this.hooks()));
  }

  lose(chatId, messageId) {
    if (chatId === this.chat) this.talk.querySelector(`[data-id="${messageId}"]`)?.remove();
  }

  hooks() {
    const about = (m) => ({ user_id: this.person.id, chat_id: m.chat.id, message_id: m.message_id });
    const doing = (run) => run.catch((broken) => toast(broken.message));
    return {
      reply: (m) => this.composer.reply(m),
      edit: (m) => this.composer.edit(m),
      react: (m) => doing(act("reactions", { ...about(m), emoji: this.reacted(m) ? null : "👍" })),
      remove: (m) => doing(act("deletions", about(m))),
    };
  }

  reacted(message) {
    return Boolean(message.reactions?.[this.person.id]?.length);
  }

  lit(on) {
    this.root.classList.toggle("lit", on);
  }
}
