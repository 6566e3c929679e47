// The first minute: six steps that watch what really happens; each can be done by hand or by one press.
import { el, tried } from "./dom.js";
import { recall, remember } from "./memory.js";
import { newcomer } from "./people.js";
import { marksOf, offers, placed, stepButton } from "./steps.js";
import { say, spoken } from "./strings.js";
import { act } from "./wire.js";

const STEPS = 6;
const FRESH = { at: 0, customer: null, asked: false, card: null, topic: null, form: null, mark: null, closed: false };

export class Guide {
  constructor(root, desk, standing) {
    Object.assign(this, { root, desk, standing, begun: false, state: { ...FRESH, ...recall("guide", {}) } });
    desk.marketing.ordered = (order) => this.ordered(order);
  }

  // A guide that was never begun needs a customer whom no dialog holds.
  async begin() {
    if (!this.standing) return this.draw();
    const { state, customer } = this;
    if (state.customer !== customer.person.id) this.state = { ...FRESH, closed: state.closed };
    if (this.state.at === 0 && !this.state.asked) await this.free();
    this.put({ customer: this.customer.person.id, mark: this.state.mark ?? this.ends() });
    this.begun = true;
    this.catchUp();
  }

  // What came while the page was being loaded again.
  catchUp() {
    const { world } = this.desk;
    const { mark } = this.state;
    const after = (chat, last) => world.messagesOf(chat).filter((message) => message.message_id > last);
    const missed = [...after(this.customer.person.id, mark.customer), ...after(world.group?.id ?? this.manager.person.id, mark.staff)];
    const form = this.state.at === 5 ? world.message(this.customer.person.id, this.state.form) : null;
    missed.forEach((message) => this.heard({ kind: "message", data: message }));
    if (form) this.heard({ kind: "edit", data: form });
  }

  ends() {
    const last = (chat) => this.desk.world.messagesOf(chat).at(-1)?.message_id ?? 0;
    return { customer: last(this.customer.person.id), staff: last(this.desk.world.group?.id ?? this.manager.person.id) };
  }

  async free() {
    const gate = await this.desk.gates.ask(this.customer.person.id);
    if (gate?.state === "held" || this.customer.person.language_code !== spoken()) this.customer.become(await this.someoneFree());
    this.desk.seated();
  }

  // Somebody of the page's language whom no dialog holds and whom no phone shows; only where there is none, a new face.
  async someoneFree() {
    const { world, gates } = this.desk;
    const shown = new Set(world.shown.values());
    for (const user of world.customers.filter((one) => one.language_code === spoken() && !shown.has(one.id))) {
      if ((await gates.ask(user.id))?.state !== "held") return user;
    }
    return newcomer(world);
  }

  async again() {
    this.state = { ...FRESH };
    await this.free();
    this.put({ customer: this.customer.person.id, mark: this.ends() });
  }

  get customer() { return this.desk.customers[0]; }
  get manager() { return this.desk.managers[0]; }

  put(change) {
    Object.assign(this.state, change);
    remember("guide", this.state);
    this.draw();
  }

  // Only forward: whoever runs ahead by hand is followed.
  next(step, found = {}) {
    if (step <= this.state.at) return;
    if (step === 2) this.desk.marketing.aim(this.customer.person.id);
    this.put({ ...found, at: step, mark: this.ends() });
  }

  // Where each step happens, and how it is done for somebody who only wants to look.
  steps() {
    const { customer, manager, desk, state } = this;
    const typed = (text) => {
      manager.open(state.topic.chat, state.topic.thread);
      return act("messages", { user_id: manager.person.id, chat_id: state.topic.chat, thread_id: state.topic.thread || undefined, text });
    };
    const me = customer.person.id;
    return [
      { lit: customer, run: () => act("messages", { user_id: me, text: say("parcel") }) },
      { lit: manager, run: () => this.opening() },
      { lit: desk.marketing, run: () => desk.marketing.send(me, say("offer"), "funnel") },
      { lit: manager, run: () => typed(say("answer")) },
      { lit: manager, run: () => typed("/close 3 form") },
      { lit: customer, run: () => act("presses", { user_id: me, chat_id: me, message_id: state.form, button: 2 }) },
    ];
  }

  opening() {
    const { chat, thread, id } = this.state.card;
    this.manager.open(chat, thread);
    return act("messages", { user_id: this.manager.person.id, chat_id: chat, thread_id: thread || undefined, text: `/open ${say("title")}`, reply_to: id });
  }

  heard({ kind, data }) {
    if (!this.begun || (kind !== "message" && kind !== "edit")) return;
    if (data.chat.id === this.customer.person.id) this.atCustomer(data, kind);
    else if (data.from.is_bot) this.atStaff(data);
  }

  atCustomer(message, kind) {
    const { at, form } = this.state;
    if (!message.from.is_bot && at === 0) this.put({ asked: true });
    if (!message.from.is_bot) return;
    if (kind === "message" && at === 3) this.next(4);
    if (offers(message, "rate:")) this.next(5, { form: message.message_id });
    else if (at === 5 && message.message_id === form) this.next(6);
  }

  atStaff(message) {
    const { at, asked } = this.state;
    const text = message.text ?? message.caption ?? "";
    if (at > 1 || !text.includes(String(this.customer.person.id))) return;
    if (asked && text.startsWith("👤")) this.put({ card: placed(message), at: 1, mark: this.ends() });
    if (!offers(message, "dlg.close:")) return;
    this.manager.open(message.chat.id, message.message_thread_id ?? 0);
    this.next(2, { topic: placed(message) });
  }

  ordered({ to, status }) {
    if (this.state.at === 2 && to === this.customer.person.id && status === "held") this.next(3);
  }

  draw() {
    const { state, root } = this;
    const hidden = state.closed || !this.standing;
    root.hidden = hidden;
    document.getElementById("guide-again").hidden = !this.standing || !state.closed;
    [...this.desk.customers, ...this.desk.managers, this.desk.marketing].forEach((panel) => panel.lit(false));
    if (hidden) return;
    const tour = this.desk.tours.find((one) => one.on);
    if (tour) return tour.draw();
    const step = this.steps()[state.at];
    step?.lit.lit(true);
    this.desk.bring?.(step?.lit);
    const names = { customer: this.customer.person.first_name, manager: this.manager.person.first_name, title: say("title") };
    const held = root.contains(document.activeElement);
    root.replaceChildren(marksOf(state.at, STEPS), el("p", {}, say(`g${state.at + 1}`, names)), this.buttons(step));
    if (held) root.querySelector("button").focus();
  }

  // The ways on from where a tour ends.
  further(from = null) {
    const others = this.desk.tours.filter((tour) => tour !== from && tour.possible);
    const way = (tour, i) => el("button", { type: "button", class: i ? "quiet" : "primary", id: `to-${tour.name}`, onclick: () => tried(() => tour.begin()) }, say(`to_${tour.name}`));
    return el("span", { class: "ways" }, ...others.map(way));
  }

  buttons(step) {
    return el("div", { class: "steps" },
      step ? stepButton(step) : null,
      step ? null : this.further(),
      this.state.at ? el("button", { type: "button", class: "quiet", id: "start-over", onclick: () => tried(() => this.again()) }, say("again")) : null,
      el("button", { type: "button", class: "quiet", id: "close-guide", onclick: () => this.put({ closed: true }) }, say("skip")));
  }
}
