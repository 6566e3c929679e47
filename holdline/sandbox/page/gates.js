// What the desk says about each customer's gate, asked anew every second: the page shows no hopes of its own.
import { el } from "./dom.js";
import { say } from "./strings.js";
import { tool } from "./wire.js";

const BEAT_MS = 1000;
const SOON_MS = 120;

export class Gates {
  constructor(world) {
    Object.assign(this, { world, ids: new Map(), states: new Map(), listeners: [], timer: 0, asking: false });
  }

  of(telegramId) {
    return this.states.get(telegramId);
  }

  async ask(telegramId) {
    if (!this.ids.has(telegramId)) {
      const found = (await tool.get(`customers?telegram_id=${telegramId}`)).items[0];
      if (!found) return null;
      this.ids.set(telegramId, found.id);
    }
    const gate = await tool.get(`customers/${this.ids.get(telegramId)}/gate`);
    this.states.set(telegramId, gate);
    return gate;
  }

  async beat() {
    clearTimeout(this.timer);
    this.asking = true;
    try {
      await Promise.all([...this.watched].map((id) => this.ask(id)));
      for (const heard of this.listeners) await heard();
    } catch {
      // The desk is starting or stopping; the next beat asks again.
    }
    this.asking = false;
    this.timer = setTimeout(() => this.beat(), BEAT_MS);
  }

  // Something was said somewhere: not a whole beat later.
  soon() {
    if (this.asking || !this.timer) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beat(), SOON_MS);
  }

  // Who is on the page, and the last few others.
  get watched() {
    const shown = new Set([...this.world.shown.values()].filter((id) => !this.world.staff.has(id)));
    this.world.customers.slice(0, 6).forEach((user) => shown.add(user.id));
    return shown;
  }
}

export function gateWords(gate) {
  if (!gate) return [el("span", {}, say("not_yet"))];
  if (gate.state !== "held") return [el("strong", {}, say("open")), el("span", {}, say("open_about"))];
  const by = gate.dialog ? say("held_by", gate.dialog) : "";
  return [el("strong", {}, `⏸ ${say("held")}`), gate.held ? el("b", { class: "count" }, say("waiting", { n: gate.held })) : "", el("span", { title: by }, by)];
}
