// The funnel tool: an outside program that may only speak through the gate.
import { el, toast } from "./dom.js";
import { say } from "./strings.js";
import { tool } from "./wire.js";

const FINAL = new Set(["sent", "dropped", "expired", "cancelled"]);

export class Marketing {
  constructor(world, customers, standing) {
    Object.assign(this, { world, customers, standing, orders: [], gates: new Map() });
    this.to = el("select", {}, ...customers.map((c) => el("option", { value: String(c.person.id) }, c.person.first_name)));
    this.kind = el("select", {}, ...["funnel", "broadcast", "smart_reply"].map((k) => el("option", { value: k }, say(k))));
    this.text = el("textarea", {});
    this.text.value = say("offer");
    this.gateBox = el("div", {});
    this.list = el("div", {});
    const send = el("button", { class: "primary", onclick: () => this.send() }, say("send"));
    const form = [el("label", {}, say("to"), this.to), el("label", {}, say("kind"), this.kind), this.text, send, this.list];
    this.root = el("section", { class: "panel", "data-person": "tool", "aria-label": say("tool") },
      el("header", {}, el("span", { class: "face", style: "background:#64748b", "aria-hidden": "true" }, "📣"),
        el("span", {}, el("span", { class: "who" }, say("tool")), el("div", { class: "muted" }, say("tool_about")))),
      el("div", { class: "tool" }, ...(standing ? [this.gateBox, ...form] : [el("p", { class: "muted" }, say("no_tool"))])));
    if (standing) this.beat();
  }

  async send(telegramId = Number(this.to.value), text = this.text.value, kind = this.kind.value) {
    try {
      const order = { customer: { telegram_id: telegramId }, class: kind, text };
      const said = await tool.post("outbound", order);
      this.orders.unshift({ ...said, text, to: telegramId });
      this.draw();
    } catch (broken) {
      toast(broken.status === 404 ? say("unknown") : broken.message);
    }
  }

  // Gates and fates are asked anew every second: the page shows what the desk says, never what it hopes.
  async beat() {
    try {
      for (const panel of this.customers) await this.gate(panel);
      for (const order of this.orders.slice(0, 20).filter((o) => !FINAL.has(o.status))) {
        order.status = (await tool.get(`outbound/${order.id}`)).status;
      }
      this.draw();
    } catch {
      // The desk is starting or stopping; the next beat asks again.
    }
    setTimeout(() => this.beat(), 1000);
  }

  async gate(panel) {
    const found = (await tool.get(`customers?telegram_id=${panel.person.id}`)).items[0];
    if (!found) return;
    const gate = await tool.get(`customers/${found.id}/gate`);
    this.gates.set(panel.person.id, gate);
    const held = gate.state === "held";
    panel.badge.className = `chip ${held ? "held" : "open"}`;
    panel.badge.textContent = (held ? "⏸ " : "") + say(held ? "held" : "open") + (gate.held ? ` · ${say("waiting", { n: gate.held })}` : "");
  }

  draw() {
    const box = (panel) => {
      const gate = this.gates.get(panel.person.id);
      if (!gate) return null;
      const held = gate.state === "held";
      return el("div", { class: `gate ${held ? "held" : ""}` },
        el("strong", {}, `${panel.person.first_name}: ${say(held ? "held" : "open")}`),
        gate.dialog ? el("span", {}, `${say("held_by")} #${gate.dialog.id} “${gate.dialog.title}”`) : "",
        gate.held ? el("span", {}, say("waiting", { n: gate.held })) : "");
    };
    this.gateBox.replaceChildren(...this.customers.map(box).filter(Boolean));
    this.list.replaceChildren(...this.orders.slice(0, 30).map((order) =>
      el("div", { class: "sent" }, el("span", {}, order.text), el("span", { class: `chip ${order.status}` }, say(`s_${order.status}`)))));
  }

  lit(on) {
    this.root.classList.toggle("lit", on);
  }
}
