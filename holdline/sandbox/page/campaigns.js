// What the desk sends by itself: funnels and who is in them, broadcasts and how far they are. Nothing is shown that the desk did not say.
import { el } from "./dom.js";
import { recall, remember } from "./memory.js";
import { say } from "./strings.js";
import { tool } from "./wire.js";

const KEPT = 4;
const LOOK_MS = 1000;
const OVER = new Set(["done", "left", "cancelled"]);
const FIGURES = ["sent", "held", "waiting", "blocked", "failed"];

export class Campaigns {
  constructor(world) {
    Object.assign(this, { world, runs: recall("campaigns", []), listeners: [] });
    this.root = el("div", { class: "campaigns", role: "log", "aria-label": say("campaigns") });
    this.watch();
  }

  // What waits for a clock changes without a word on this page, so it is asked again while anything runs.
  watch() {
    setTimeout(async () => {
      if (this.open.length && !document.hidden) await this.follow().catch(() => {});
      this.watch();
    }, LOOK_MS);
  }

  get open() { return this.runs.filter((one) => !OVER.has(one.now.state ?? one.now.status)); }

  // The funnel of that name, loaded once.
  async funnel(definition) {
    const known = (await tool.get("funnels")).items.find((one) => one.name === definition.name);
    return known ?? tool.post("funnels", definition);
  }

  async enrol(funnel, telegramId) {
    const run = await tool.post(`funnels/${funnel.id}/enrolments`, { telegram_id: telegramId });
    this.add({ kind: "funnel", id: run.id, title: funnel.name, to: telegramId, now: run });
  }

  async broadcast(text) {
    const made = await tool.post("broadcasts", { text, audience: {} });
    this.add({ kind: "broadcast", id: made.id, title: text, now: made });
    return made;
  }

  add(run) {
    this.runs = [run, ...this.runs.filter((other) => other.kind !== run.kind || other.id !== run.id)].slice(0, KEPT);
    this.draw();
  }

  // Until each is over.
  async follow() {
    for (const run of this.open) {
      run.now = await tool.get(run.kind === "funnel" ? `enrolments/${run.id}` : `broadcasts/${run.id}`);
    }
    this.draw();
    for (const heard of this.listeners) heard(this.runs);
  }

  draw() {
    remember("campaigns", this.runs);
    this.root.replaceChildren(...this.runs.map((run) => (run.kind === "funnel" ? this.funnelCard(run) : broadcastCard(run))));
  }

  funnelCard({ title, to, now }) {
    const seconds = now.next_at ? Math.max(0, Math.round((Date.parse(now.next_at) - Date.now()) / 1000)) : null;
    return el("div", { class: "campaign" },
      el("div", { class: "campaign-head" }, el("b", {}, `🧭 ${title}`), el("span", { class: `chip ${now.state}` }, say(`f_${now.state}`))),
      el("span", { class: "muted" }, `→ ${this.world.users.get(to)?.first_name ?? "?"}`, seconds ? ` · ${say("next_in", { n: seconds })}` : ""));
  }
}

function broadcastCard({ title, now }) {
  const figures = FIGURES.filter((name) => now[name]).map((name) => el("span", { class: `figure ${name}` }, `${say(`b_${name}`)} ${now[name]}`));
  return el("div", { class: "campaign" },
    el("div", { class: "campaign-head" }, el("b", {}, `📣 ${title}`), el("span", { class: `chip ${now.status}` }, say(`b_${now.status}`))),
    el("progress", { max: now.recipients || 1, value: now.sent, "aria-label": say("b_sent") }),
    el("span", { class: "figures" }, ...figures));
}
