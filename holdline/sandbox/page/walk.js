// What the tours after the first share: their state, the words they type, the buttons they press, what they wait for.
import { el, tried } from "./dom.js";
import { recall, remember } from "./memory.js";
import { marksOf, offers, placed, stepButton } from "./steps.js";
import { say } from "./strings.js";
import { act } from "./wire.js";

const PATIENCE_MS = 8000;
const endOf = (message, end) => (message.reply_markup?.inline_keyboard ?? []).flat().findIndex((button) => button.callback_data?.endsWith(end));

// `name` keeps its state apart and begins its sentences: day1, day2 …; `fresh` is the state of its beginning.
export class Walk {
  constructor(root, desk, { name, steps, fresh }) {
    Object.assign(this, { root, desk, name, length: steps, fresh: { on: false, at: 0, ...fresh } });
    this.state = { ...this.fresh, ...recall(name, {}) };
  }

  get on() { return this.state.on && this.possible; }
  get customer() { return this.desk.customers[0]; }
  get manager() { return this.desk.managers[0]; }
  get trainee() { return this.desk.managers[1]; }

  // A dialog of an earlier round would take the words for which the first step waits.
  async begin() {
    await this.desk.guide.free();
    this.desk.tours.forEach((other) => other !== this && other.put({ on: false }));
    this.put({ ...this.fresh, on: true });
  }

  put(change) {
    Object.assign(this.state, change);
    remember(this.name, this.state);
    this.desk.guide.draw();
  }

  next(step, found = {}) {
    if (this.on && step === this.state.at + 1) this.put({ ...found, at: step });
  }

  typed(panel, text) {
    panel.open(this.state.topic.chat, this.state.topic.thread);
    return act("messages", { user_id: panel.person.id, chat_id: this.state.topic.chat, thread_id: this.state.topic.thread, text });
  }

  async opened(words, title) {
    const chat = this.desk.world.group.id;
    const last = this.desk.world.messagesOf(chat).at(-1)?.message_id ?? 0;
    await act("messages", { user_id: this.customer.person.id, text: words });
    const mine = (message) => message.message_id > last && (message.text ?? "").includes(`${this.customer.person.id}`) && offers(message, "card.");
    const card = placed(await this.appears(chat, mine));
    await act("messages", { user_id: this.manager.person.id, chat_id: chat, thread_id: card.thread || undefined, text: `/open ${title}`, reply_to: card.id });
  }

  inTopic() {
    return this.desk.world.messagesOf(this.state.topic.chat).filter((message) => (message.message_thread_id ?? 0) === this.state.topic.thread);
  }

  async newest(end) {
    return placed(await this.appears(this.state.topic.chat, (message) => endOf(message, end) >= 0));
  }

  // The newest message that fits, now or soon.
  async appears(chat, fits) {
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until; ) {
      const found = this.desk.world.messagesOf(chat).reverse().find(fits);
      if (found) return found;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(say("not_come"));
  }

  // `end`: how the button's data ends, without the numbers that may follow.
  press({ chat, id }, end) {
    const message = this.desk.world.message(chat, id);
    const flat = (message.reply_markup?.inline_keyboard ?? []).flat();
    const button = flat.findIndex(({ callback_data }) => callback_data?.replace(/(:\d+)+$/, "").endsWith(end) || callback_data?.endsWith(end));
    return act("presses", { user_id: this.manager.person.id, chat_id: chat, message_id: id, button });
  }

  heard({ kind, data }) {
    if (!this.on || (kind !== "message" && kind !== "edit") || !data.from?.is_bot) return;
    if (data.chat.id === this.customer.person.id) this.atCustomer(data);
    else if (data.chat.id === this.desk.world.group.id) this.atStaff(data);
  }

  // The dialog that the tour has opened: its topic, in front of the manager.
  atNewTopic(message, step) {
    const text = message.text ?? message.caption ?? "";
    if (!offers(message, "dlg.pause:") || !text.includes(String(this.customer.person.id))) return;
    this.manager.open(message.chat.id, message.message_thread_id ?? 0);
    this.next(step, { topic: placed(message) });
  }

  draw() {
    const step = this.steps()[this.state.at];
    step?.lit.lit(true);
    this.desk.bring?.(step?.lit);
    const names = { customer: this.customer.person.first_name, manager: this.manager.person.first_name, trainee: this.trainee?.person.first_name };
    const held = this.root.contains(document.activeElement);
    this.root.replaceChildren(marksOf(this.state.at, this.length), el("p", {}, say(`${this.name}${this.state.at + 1}`, names)), this.buttons(step));
    if (held) this.root.querySelector("button").focus();
  }

  buttons(step) {
    return el("div", { class: "steps" },
      step ? stepButton(step) : null,
      step ? null : this.desk.guide.further(this),
      this.state.at ? el("button", { type: "button", class: "quiet", id: "start-over", onclick: () => tried(() => this.begin()) }, say("again")) : null,
      el("button", { type: "button", class: "quiet", id: "close-guide", onclick: () => this.put({ on: false }) }, say("skip")));
  }
}
