// The second tour: a manager's day. Each step watches what really happens; a press does it for whoever only looks.
import { el, tried } from "./dom.js";
import { recall, remember } from "./memory.js";
import { marksOf, offers, placed, stepButton } from "./steps.js";
import { say } from "./strings.js";
import { act } from "./wire.js";

const STEPS = 6;
const LINK = "holdline.example/track";
const PATIENCE_MS = 8000;
const FRESH = { on: false, at: 0, topic: null, draft: null };
const endOf = (message, end) => (message.reply_markup?.inline_keyboard ?? []).flat().findIndex((button) => button.callback_data?.endsWith(end));

export class Tour {
  constructor(root, desk) {
    Object.assign(this, { root, desk, state: { ...FRESH, ...recall("tour", {}) } });
  }

  // The two who work in one group see each other's drafts; in private desks the first tour stands alone.
  get possible() { return Boolean(this.desk.world.group && this.desk.managers[1]); }
  get on() { return this.state.on && this.possible; }
  get customer() { return this.desk.customers[0]; }
  get manager() { return this.desk.managers[0]; }
  get trainee() { return this.desk.managers[1]; }

  // A dialog of an earlier round would take the words for which the first step waits.
  async begin() {
    await this.desk.guide.free();
    this.put({ ...FRESH, on: true });
  }

  put(change) {
    Object.assign(this.state, change);
    remember("tour", this.state);
    this.desk.guide.draw();
  }

  next(step, found = {}) {
    if (this.on && step === this.state.at + 1) this.put({ ...found, at: step });
  }

  steps() {
    const { customer, manager, trainee, state } = this;
    const typed = (panel, text) => {
      panel.open(state.topic.chat, state.topic.thread);
      return act("messages", { user_id: panel.person.id, chat_id: state.topic.chat, thread_id: state.topic.thread, text });
    };
    return [
      { lit: customer, run: () => this.open() },
      { lit: trainee, run: () => typed(trainee, say("exchange")) },
      { lit: manager, run: () => this.press(state.draft, "draft.ok") },
      { lit: manager, run: async () => { await typed(manager, "/t track"); await this.press(await this.newest(":send"), ":send"); } },
      { lit: manager, run: () => this.postpone() },
      { lit: manager, run: () => this.report() },
    ];
  }

  async open() {
    const chat = this.desk.world.group.id;
    const last = this.desk.world.messagesOf(chat).at(-1)?.message_id ?? 0;
    await act("messages", { user_id: this.customer.person.id, text: say("broken_cup") });
    const mine = (message) => message.message_id > last && (message.text ?? "").includes(`${this.customer.person.id}`) && offers(message, "card.");
    const card = placed(await this.appears(chat, mine));
    await act("messages", { user_id: this.manager.person.id, chat_id: chat, thread_id: card.thread || undefined, text: `/open ${say("cup")}`, reply_to: card.id });
  }

  async postpone() {
    const card = this.inTopic().find((message) => offers(message, "dlg.postpone:"));
    await this.press(placed(card), "dlg.postpone");
    await this.press(await this.newest(":by:1d"), ":by:1d");
    await this.press(await this.newest(":set"), ":set");
  }

  report() {
    const chat = this.desk.world.group.id;
    this.manager.open(chat, 0);
    return act("messages", { user_id: this.manager.person.id, chat_id: chat, text: "/report" });
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

  // `end`: how the button's data ends, without the number that may follow.
  press({ chat, id }, end) {
    const message = this.desk.world.message(chat, id);
    const flat = (message.reply_markup?.inline_keyboard ?? []).flat();
    const button = flat.findIndex(({ callback_data }) => callback_data?.replace(/:\d+$/, "").endsWith(end) || callback_data?.endsWith(end));
    return act("presses", { user_id: this.manager.person.id, chat_id: chat, message_id: id, button });
  }

  heard({ kind, data }) {
    if (!this.on || (kind !== "message" && kind !== "edit") || !data.from?.is_bot) return;
    if (data.chat.id === this.customer.person.id) {
      if (this.state.at === 3 && (data.text ?? "").includes(LINK)) this.next(4);
    } else if (data.chat.id === this.desk.world.group.id) this.atStaff(data);
  }

  atStaff(message) {
    const { at, topic, draft } = this.state;
    const text = message.text ?? message.caption ?? "";
    if (at === 0 && offers(message, "dlg.pause:") && text.includes(String(this.customer.person.id))) {
      this.manager.open(message.chat.id, message.message_thread_id ?? 0);
      this.next(1, { topic: placed(message) });
    }
    const here = topic && (message.message_thread_id ?? 0) === topic.thread;
    if (at === 1 && here && offers(message, "draft.ok:")) this.next(2, { draft: placed(message) });
    else if (at === 2 && message.message_id === draft?.id && !offers(message, "draft.ok:")) this.next(3);
    else if (at === 4 && here && text.startsWith("⏰ #") && !offers(message, "form:")) this.next(5);
    else if (at === 5 && text.startsWith("📊")) this.next(6);
  }

  draw() {
    const step = this.steps()[this.state.at];
    step?.lit.lit(true);
    this.desk.bring?.(step?.lit);
    const names = { customer: this.customer.person.first_name, manager: this.manager.person.first_name, trainee: this.trainee.person.first_name };
    this.root.replaceChildren(marksOf(this.state.at, STEPS), el("p", {}, say(`t${this.state.at + 1}`, names)), this.buttons(step));
  }

  buttons(step) {
    return el("div", { class: "steps" },
      step ? stepButton(step) : null,
      this.state.at ? el("button", { type: "button", class: "quiet", id: "start-over", onclick: () => tried(() => this.begin()) }, say("again")) : null,
      el("button", { type: "button", class: "quiet", id: "close-guide", onclick: () => this.put({ on: false }) }, say("skip")));
  }
}
