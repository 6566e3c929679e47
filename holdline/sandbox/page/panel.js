// One person's phone: who they are, which chat is open, what was said there, and what they write.
import { composer } from "./composer.js";
import { el, face, toast, tried } from "./dom.js";
import { recall, remember } from "./memory.js";
import { picker } from "./people.js";
import { say } from "./strings.js";
import { Talk } from "./talk.js";
import { nameOf, placeOf, places, tab, walked } from "./topics.js";
import { act } from "./wire.js";

const ROOM_PX = 6;

export class Panel {
  constructor(world, person, role, slot) {
    Object.assign(this, { world, person, role, slot, unread: new Set() });
    world.shown.set(slot, person.id);
    this.talk = new Talk(person.first_name, this.hooks());
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": say("topics"), onkeydown: walked });
    this.strip = el("div", { class: "strip", role: "status" });
    this.toasts = el("div", { class: "toasts", role: "status" });
    this.composer = composer(this);
    this.root = el("section", { class: `panel ${role}` });
    this.root.addEventListener("open-topic", ({ detail }) => this.opened(detail.chat, detail.thread));
    this.root.addEventListener("start-bot", ({ detail }) => this.started(detail));
    this.build();
    this.open(...this.first());
  }

  build() {
    const manages = this.role === "manager";
    this.root.setAttribute("aria-label", `${this.person.first_name}, ${say(this.role)}`);
    this.root.dataset.person = this.person.id;
    this.top = this.header();
    this.root.replaceChildren(
      this.top, manages ? this.tabs : this.strip, this.talk.pin, this.toasts, this.talk.list, this.composer.root,
    );
  }

  // Who may be picked has changed; the talk stays as it is.
  retitle() {
    const top = this.header();
    this.top.replaceWith(top);
    this.top = top;
  }

  header() {
    this.says = el("span", { class: "muted" }, say(this.role));
    const name = this.role === "customer" ? picker(this) : el("span", { class: "who" }, this.person.first_name);
    return el("header", {}, face(this.person), el("div", { class: "names" }, name, this.says), this.blocker());
  }

  blocker() {
    if (this.role !== "customer") return null;
    this.block = el("button", { type: "button", class: "quiet", onclick: () => tried(() => act("blocks", { user_id: this.person.id, blocked: !this.person.blocked })) });
    this.blocked(Boolean(this.person.blocked));
    return this.block;
  }

  // Called when the sandbox says so, whoever asked for it.
  blocked(on) {
    this.person.blocked = on;
    this.block.textContent = on ? "🔓" : "🚫";
    this.block.title = say(on ? "unblock" : "block");
    this.block.setAttribute("aria-label", this.block.title);
    this.says.textContent = on ? `${say(this.role)} · ${say("has_blocked")}` : say(this.role);
    this.root.classList.toggle("off", on);
  }

  // Another customer takes this phone.
  become(person) {
    this.person = person;
    this.world.shown.set(this.slot, person.id);
    this.unread.clear();
    remember(`slot${this.slot}`, person.id);
    this.build();
    this.open(person.id, 0);
  }

  // Where this phone was left, else where there is something to see.
  first() {
    if (this.role === "customer") return [this.person.id, 0];
    const all = places(this.world, this.person.id);
    const left = recall(`place${this.slot}`);
    const dialogs = all.filter((place) => place.chat === this.world.group?.id && this.isActive(place));
    const known = all.find((place) => nameOf(place) === left) ?? (this.slot === 3 ? dialogs[0] : null) ?? all[0];
    return [known.chat, known.thread];
  }

  isActive(place) {
    return this.world.messagesOf(place.chat).some((m) => m.message_thread_id === place.thread && held(m));
  }

  opened(chat, thread) {
    if (this.role !== "manager") return;
    if (places(this.world, this.person.id).some((place) => place.chat === chat && place.thread === thread)) this.open(chat, thread);
    else toast(say("no_place"));
  }

  started({ bot, payload }) {
    if (bot.toLowerCase() !== this.world.bot.username.toLowerCase()) return toast(say("outside"));
    return tried(() => act("messages", { user_id: this.person.id, text: `/start ${payload}`.trim() }));
  }

  open(chat, thread) {
    this.chat = chat;
    this.thread = thread;
    this.unread.delete(nameOf(this));
    remember(`place${this.slot}`, nameOf(this));
    this.composer.arrive();
    this.draw();
  }

  get shown() {
    return this.world.messagesOf(this.chat).filter((message) => this.shows(message));
  }

  draw() {
    if (this.role === "manager") this.drawTabs();
    this.talk.draw(this.shown, this.person.id);
    this.drawPin();
  }

  drawTabs() {
    const held = this.tabs.contains(document.activeElement);
    const open = (chat, thread) => this.open(chat, thread);
    this.tabs.replaceChildren(...places(this.world, this.person.id).map((place) =>
      tab(place, nameOf(place) === nameOf(this), this.unread.has(nameOf(place)), open)));
    const chosen = this.tabs.querySelector("[aria-selected=true]");
    if (held) chosen?.focus();
    else if (chosen) nearest(this.tabs, chosen);
  }

  drawPin() {
    const told = this.shown.filter((message) => message.pinned_message).at(-1);
    this.talk.pinned(told && this.world.message(this.chat, told.pinned_message.message_id));
  }

  shows(message) {
    return message.chat.id === this.chat && (message.message_thread_id ?? 0) === this.thread;
  }

  sees(message) {
    const mine = message.chat.id === this.person.id || (this.role === "manager" && message.chat.id === this.world.group?.id);
    if (!mine) return;
    if (this.shows(message)) {
      this.talk.append(message, this.before(message));
      if (message.pinned_message) this.drawPin();
    } else {
      this.unread.add(placeOf(message));
      if (this.role === "manager") this.drawTabs();
    }
  }

  before(message) {
    const all = this.shown;
    return all[all.findIndex((one) => one.message_id === message.message_id) - 1];
  }

  redraw(message) {
    if (!this.shows(message)) return;
    this.talk.redraw(message, this.before(message));
    this.drawPin();
  }

  lose(chat, id) {
    if (chat === this.chat) this.talk.lose(id);
  }

  hooks() {
    const about = (m) => ({ user_id: this.person.id, chat_id: m.chat.id, message_id: m.message_id });
    return {
      reply: (m) => this.composer.reply(m),
      edit: (m) => this.composer.edit(m),
      react: (m) => tried(() => act("reactions", { ...about(m), emoji: m.reactions?.[this.person.id]?.length ? null : "👍" })),
      remove: (m) => tried(() => act("deletions", about(m))),
    };
  }

  lit(on) {
    this.root.classList.toggle("lit", on);
  }
}

// Not scrollIntoView: that would also move the row of phones on a narrow window.
function nearest(list, node) {
  const top = node.offsetTop - list.offsetTop;
  const most = top - ROOM_PX;
  const least = top + node.offsetHeight + ROOM_PX - list.clientHeight;
  list.scrollTop = Math.max(least, Math.min(most, list.scrollTop));
}

const held = (message) => (message.reply_markup?.inline_keyboard ?? []).flat().some((b) => b.callback_data?.startsWith("dlg.pause:"));
