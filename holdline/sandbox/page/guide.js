// The first minute: six steps that watch what happens and can each be done by one press.
import { el, toast } from "./dom.js";
import { say } from "./strings.js";
import { act } from "./wire.js";

export class Guide {
  constructor(root, desk) {
    Object.assign(this, { root, desk, at: 0, card: null, topic: null, form: null, offered: false });
    if (localStorage.getItem("holdline.guide") === "closed" || !desk.marketing.standing) root.hidden = true;
    this.draw();
  }

  get customer() { return this.desk.customers[0]; }
  get manager() { return this.desk.managers[0]; }

  // Where each step happens, and how it is done for somebody who only wants to look.
  steps() {
    const { customer, manager, desk } = this;
    const typed = (text) => act("messages", { user_id: manager.person.id, chat_id: this.topic.chat, thread_id: this.topic.thread || undefined, text });
    return [
      { lit: customer, run: () => act("messages", { user_id: customer.person.id, text: say("parcel") }) },
      { lit: manager, run: () => this.opening() },
      { lit: desk.marketing, run: () => desk.marketing.send(customer.person.id, say("offer"), "funnel") },
      { lit: manager, run: () => typed(say("answer")) },
      { lit: manager, run: () => typed("/close 3 form") },
      { lit: customer, run: () => act("presses", { user_id: customer.person.id, chat_id: customer.person.id, message_id: this.form, button: 2 }) },
    ];
  }

  opening() {
    const card = this.card;
    manager_looks(this.manager, card);
    return act("messages", { user_id: this.manager.person.id, chat_id: card.chat.id, thread_id: card.message_thread_id, text: "/open Lost parcel", reply_to: card.message_id });
  }

  heard(event) {
    if (event.kind === "message") this.saw(event.data);
    if (event.kind === "edit" && this.at === 5 && event.data.message_id === this.form) this.next(6);
  }

  saw(m) {
    const fromBot = m.from.is_bot;
    const toCustomer = m.chat.id === this.customer.person.id;
    const buttons = (m.reply_markup?.inline_keyboard ?? []).flat();
    if (!fromBot && toCustomer && this.at === 0) this.said = m.text;
    if (fromBot && !toCustomer && this.at <= 1 && this.said && (m.text ?? "").includes(this.said)) {
      this.card = m;
      this.next(1);
    }
    if (fromBot && !toCustomer && this.at === 1 && buttons.some((b) => b.callback_data?.startsWith("dlg.close"))) {
      this.topic = { chat: m.chat.id, thread: m.message_thread_id ?? 0 };
      this.manager.open(this.topic.chat, this.topic.thread);
      this.next(2);
    }
    if (fromBot && toCustomer && this.at === 3) this.next(4);
    if (fromBot && toCustomer && buttons.length === 3 && buttons.every((b) => b.callback_data?.startsWith("rate:"))) {
      this.form = m.message_id;
      this.next(5);
    }
  }

  // Called every time the tool has sent something.
  offeredNow() {
    if (this.at === 2) this.next(3);
  }

  next(step) {
    if (step <= this.at) return;
    this.at = step;
    this.draw();
  }

  draw() {
    const steps = this.steps();
    steps.forEach((step) => step.lit.lit(false));
    if (this.root.hidden) return;
    const now = Math.min(this.at, 5);
    if (this.at < 6) steps[now].lit.lit(true);
    const names = { customer: this.customer.person.first_name, manager: this.manager.person.first_name };
    const marks = steps.map((_, i) => el("li", { class: i < this.at ? "done" : i === this.at ? "now" : "" }, i < this.at ? "✓" : String(i + 1)));
    const run = async () => {
      try {
        await steps[now].run();
      } catch (broken) {
        toast(broken.message);
      }
    };
    this.root.replaceChildren(
      el("ol", { "aria-label": "1–6" }, ...marks), el("p", {}, say(`g${now + 1}`, names)),
      this.at < 6 ? el("button", { class: "primary", id: "do-it", onclick: run }, say("do_it")) : "",
      el("button", { class: "quiet", onclick: () => this.close() }, say("skip")));
  }

  close() {
    localStorage.setItem("holdline.guide", "closed");
    this.root.hidden = true;
    this.draw();
  }
}

function manager_looks(panel, card) {
  panel.open(card.chat.id, card.message_thread_id ?? 0);
}
