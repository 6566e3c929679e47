// The funnel tool: an outside program that may only speak through the gate.
import { Campaigns } from "./campaigns.js";
import { el, toast } from "./dom.js";
import { gateWords } from "./gates.js";
import { recall, remember } from "./memory.js";
import { say } from "./strings.js";
import { tool } from "./wire.js";

const FINAL = new Set(["sent", "dropped", "expired", "cancelled", "refused"]);
const REFUSED = { 404: "unknown" };
const SPOKEN = new Set(["unknown", "opted_out", "unreachable"]);
const CLASSES = ["funnel", "broadcast", "smart_reply"];
const KEPT = 30;

export class Marketing {
  constructor(world, gates, standing) {
    Object.assign(this, { world, gates, standing, orders: recall("orders", []), ordered: () => {} });
    this.gateBox = el("div", { class: "gates" });
    this.campaigns = new Campaigns(world);
    this.list = el("div", { class: "orders", role: "log", "aria-label": say("orders") });
    this.root = el("section", { class: "panel funnel", "data-person": "tool", "aria-label": say("tool") },
      el("header", {}, el("span", { class: "face face-tool", "aria-hidden": "true" }, "📣"),
        el("div", { class: "names" }, el("span", { class: "who" }, say("tool")), el("span", { class: "muted" }, say("tool_about")))),
      el("div", { class: "tool" }, ...(standing ? [this.gateBox, this.campaigns.root, this.form(), this.list] : [el("p", { class: "muted" }, say("no_tool"))])));
    if (standing) this.begin();
  }

  form() {
    this.to = el("select", {});
    this.kind = el("select", {}, ...CLASSES.map((name) => el("option", { value: name }, say(name))));
    this.text = el("textarea", { "aria-label": say("words"), rows: "2" });
    this.text.value = say("offer");
    const sent = (event) => {
      event.preventDefault();
      this.send(Number(this.to.value), this.text.value, this.kind.value);
    };
    return el("form", { class: "order", onsubmit: sent },
      el("label", {}, say("to"), this.to), el("label", {}, say("kind"), this.kind), this.text,
      el("button", { type: "submit", class: "primary" }, say("send")));
  }

  begin() {
    this.gates.listeners.push(() => this.follow());
    this.draw();
  }

  async send(to, text, kind) {
    if (!text.trim()) return;
    try {
      const said = await tool.post("outbound", { customer: { telegram_id: to }, class: kind, text });
      this.orders.unshift({ id: said.id, status: said.status, text, to });
      await this.gates.ask(to);
      this.draw();
      this.ordered(this.orders[0]);
    } catch (broken) {
      this.refused(to, broken);
    }
  }

  // The reason stands where the answer would have stood; a lost line is nobody's refusal.
  refused(to, broken) {
    const code = REFUSED[broken.status] ?? broken.said?.error?.code;
    if (!code) return toast(broken.message);
    const reason = SPOKEN.has(code) ? say(code) : broken.message;
    this.orders.unshift({ text: reason, to, status: "refused" });
    return this.draw();
  }

  // The fates of what was sent, until each is final.
  async follow() {
    const open = this.orders.slice(0, KEPT).filter((order) => !FINAL.has(order.status));
    for (const order of open) order.status = (await tool.get(`outbound/${order.id}`)).status;
    await this.campaigns.follow();
    this.draw();
  }

  draw() {
    const people = this.world.customers;
    this.gateBox.replaceChildren(...people.filter((user) => this.gates.of(user.id)).map((user) => {
      const gate = this.gates.of(user.id);
      return el("div", { class: `gate ${gate.state}` }, el("span", { class: "name" }, user.first_name), ...gateWords(gate));
    }));
    this.offerPeople(people);
    const name = (id) => this.world.users.get(id)?.first_name ?? "?";
    const shown = this.orders.slice(0, KEPT);
    remember("orders", shown);
    this.list.replaceChildren(...shown.map((order) => el("div", { class: "fate" },
      el("span", {}, el("b", {}, `→ ${name(order.to)} `), order.text), el("span", { class: `chip ${order.status}` }, say(`s_${order.status}`)))));
  }

  // Rebuilt only when somebody came: an open list must not fold under the visitor's pointer.
  offerPeople(people) {
    if (this.to.options.length === people.length) return;
    const chosen = this.to.value;
    this.to.replaceChildren(...people.map((user) => el("option", { value: String(user.id) }, user.first_name)));
    if (chosen) this.to.value = chosen;
  }

  aim(telegramId) {
    this.offerPeople(this.world.customers);
    this.to.value = String(telegramId);
  }

  lit(on) {
    this.root.classList.toggle("lit", on);
  }
}
