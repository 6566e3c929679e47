// The messages of one open place, kept true to what the sandbox tells; the arrow keys walk through them.
import { el } from "./dom.js";
import { bubble, firstLine } from "./message.js";
import { say } from "./strings.js";

const SHOWN = 200;
const NEAR_THE_END_PX = 80;
const ROOM_PX = 6;

export class Talk {
  constructor(name, hooks) {
    Object.assign(this, { hooks, me: 0, low: true });
    const list = el("div", { class: "talk", role: "log", "aria-label": name, onkeydown: (event) => this.walk(event) });
    list.addEventListener("scroll", () => (this.low = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_THE_END_PX), { passive: true });
    new ResizeObserver(() => this.low && this.end()).observe(list); // a bar above it came or went
    this.list = list;
    this.pin = el("button", { type: "button", class: "pin", hidden: true, title: say("pinned") });
    this.pin.addEventListener("click", () => this.show(Number(this.pin.dataset.of)));
  }

  draw(messages, me) {
    this.me = me;
    this.list.replaceChildren(...messages.slice(-SHOWN).map((m, i, all) => bubble(m, all[i - 1], me, this.hooks)));
    if (!messages.length) this.list.append(el("div", { class: "empty" }, say("nothing")));
    this.reachable();
    this.end();
  }

  // What came while the page was loading is told once more: it is there already.
  append(message, before) {
    if (this.node(message.message_id)) return this.redraw(message, before);
    this.list.querySelector(".empty")?.remove();
    const node = bubble(message, before, this.me, this.hooks);
    node.classList.add("fresh");
    this.list.append(node);
    this.reachable();
    if (this.low || message.from.id === this.me) this.end();
  }

  // Whoever has the keyboard on a button keeps it when the bot edits the message, and sees the buttons that come.
  redraw(message, before) {
    const old = this.node(message.message_id);
    if (!old) return;
    const at = [...old.querySelectorAll("button, a")].indexOf(document.activeElement);
    const node = bubble(message, before, this.me, this.hooks);
    old.replaceWith(node);
    this.reachable();
    if (at >= 0) ([...node.querySelectorAll("button, a")][at] ?? node).focus({ preventScroll: true });
    if (this.low) this.end();
    else if (at >= 0) this.list.scrollTop += Math.max(0, node.getBoundingClientRect().bottom - this.list.getBoundingClientRect().bottom + ROOM_PX);
  }

  lose(id) {
    this.node(id)?.remove();
  }

  pinned(message) {
    this.pin.hidden = !message;
    if (!message) return;
    this.pin.dataset.of = message.message_id;
    this.pin.replaceChildren(el("span", { "aria-hidden": "true" }, "📌 "), firstLine(message));
  }

  show(id) {
    const node = this.node(id);
    node?.scrollIntoView({ block: "start" });
    node?.focus({ preventScroll: true });
  }

  node(id) {
    return this.list.querySelector(`[data-id="${Number(id)}"]`);
  }

  end() {
    this.low = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  // One message is a stop of the Tab key, not all two hundred.
  reachable() {
    const all = this.list.querySelectorAll("article");
    all.forEach((node) => (node.tabIndex = -1));
    if (all.length) all[all.length - 1].tabIndex = 0;
  }

  walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const all = [...this.list.querySelectorAll("article")];
    const at = all.indexOf(event.target);
    if (!step || at < 0 || !all[at + step]) return;
    event.preventDefault();
    all[at + step].focus();
  }
}
