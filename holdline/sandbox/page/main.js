// Puts the phones side by side and keeps them true to the sandbox.
import { el, toast, tried } from "./dom.js";
import { Gates, gateWords } from "./gates.js";
import { Guide } from "./guide.js";
import { Marketing } from "./marketing.js";
import { name, recall } from "./memory.js";
import { newcomer } from "./people.js";
import { Panel } from "./panel.js";
import { say, speak, spoken } from "./strings.js";
import { switcher } from "./switcher.js";
import { CampaignTour } from "./campaign_tour.js";
import { ManagersDay } from "./tour.js";
import { follow, put } from "./wire.js";
import { World } from "./world.js";

const world = new World();
const desk = { world, customers: [], managers: [], gates: new Gates(world), marketing: null, guide: null };
const everybody = () => [...desk.customers, ...desk.managers];

const STORY_SECONDS = 20;
const QUIET_MS = 700;

// A tab left open from an earlier demo comes back while the new one is still being furnished: wait until it is quiet.
async function settled() {
  for (let before = -1; ; ) {
    const state = await world.fetch();
    const first = world.group && world.messagesOf(world.group.id)[0];
    const waited = performance.now() / 1000 > STORY_SECONDS;
    const old = first && state.now - first.date > STORY_SECONDS;
    if (!state.tool || old || waited || (first && state.last_event === before)) return state;
    before = state.last_event;
    document.getElementById("desk").replaceChildren(el("p", { class: "broken muted", role: "status" }, say("starting")));
    await new Promise((done) => setTimeout(done, QUIET_MS));
  }
}

async function begin() {
  const state = await settled();
  if (state.tool) await put("language", { language: spoken() });
  name(world.identity);
  while (world.customers.length < 2) await newcomer(world);
  seat();
  desk.marketing = new Marketing(world, desk.gates, state.tool);
  desk.gates.listeners.push(showGates);
  const order = [desk.customers[0], desk.managers[0], desk.customers[1], desk.managers[1], desk.marketing].filter(Boolean);
  const room = document.getElementById("desk");
  const people = switcher(document.getElementById("people"), room, order);
  desk.bring = people.bring;
  desk.seated = () => {
    desk.customers.forEach((panel) => panel.retitle());
    showGates();
    people.draw();
  };
  desk.tours = [ManagersDay, CampaignTour].map((Tour) => new Tour(document.getElementById("guide"), desk));
  desk.guide = new Guide(document.getElementById("guide"), desk, state.tool && desk.managers.length > 0);
  await desk.guide.begin(); // before anybody can type: it may give the first phone to somebody else
  room.replaceChildren(...order.map((panel) => panel.root));
  everybody().forEach((panel) => panel.talk.end());
  desk.managers.forEach((panel) => panel.drawTabs());
  people.draw();
  desk.guide.draw();
  document.getElementById("guide-again").addEventListener("click", () => desk.guide.put({ closed: false }));
  room.addEventListener("new-face", () => tried(newFace));
  follow(state.last_event, heard, live);
  if (state.tool) desk.gates.beat();
}

// Slots 0 and 1 are customers, 2 and 3 managers; a slot keeps its person over a reload.
function seat() {
  const free = [...world.customers];
  const kept = [0, 1].map((slot) => free.find((user) => user.id === recall(`slot${slot}`)));
  const rest = free.filter((user) => !kept.includes(user));
  desk.customers = kept.map((user, slot) => new Panel(world, user ?? rest.shift(), "customer", slot));
  desk.customers.forEach((panel) => panel.retitle());
  desk.managers = world.managers.slice(0, 2).map((user, i) => new Panel(world, user, "manager", 2 + i));
}

async function newFace() {
  desk.seated();
  if (desk.guide.state.customer !== desk.guide.customer.person.id) await desk.guide.again();
}

function showGates() {
  for (const panel of desk.customers) {
    const gate = desk.gates.of(panel.person.id);
    const words = gateWords(gate);
    const said = JSON.stringify([panel.person.id, gate ?? null]);
    if (panel.strip.dataset.said === said) continue; // a screen reader hears changes, not every second
    panel.strip.dataset.said = said;
    panel.strip.className = `strip ${gate?.state ?? ""}`;
    panel.strip.replaceChildren(...words.filter(Boolean));
  }
}

function heard(event) {
  if (event.kind === "reset") location.reload();
  HEAR[event.kind]?.(event.data, event.chat_id);
  desk.gates.soon();
  desk.guide.heard(event);
  desk.tours?.forEach((tour) => tour.heard(event));
}

const HEAR = {
  message: (message) => {
    const kept = world.keep(message);
    everybody().forEach((panel) => panel.sees(kept));
  },
  edit: (message) => {
    const kept = world.keep(message);
    everybody().forEach((panel) => panel.redraw(kept));
  },
  delete: ({ message_id }, chat) => {
    world.messages.get(chat)?.delete(message_id);
    everybody().forEach((panel) => panel.lose(chat, message_id));
  },
  reaction: ({ message_id, user_id, reaction }, chat) => {
    const message = world.message(chat, message_id);
    if (!message) return;
    message.reactions = { ...message.reactions, [user_id]: reaction };
    everybody().forEach((panel) => panel.redraw(message));
  },
  blocked: ({ user_id, blocked }) => {
    const user = world.users.get(user_id);
    if (user) user.blocked = blocked;
    desk.customers.filter((panel) => panel.person.id === user_id).forEach((panel) => panel.blocked(blocked));
  },
  user: (user) => world.users.set(user.id, { ...world.users.get(user.id), ...user }),
  callback_answer: ({ text, user_id }) => text && toast(text, everybody().find((panel) => panel.person.id === user_id)?.toasts),
  topic: () => tried(topics),
  topic_deleted: () => tried(topics),
  chat: () => tried(topics),
};

async function topics() {
  await world.refresh();
  desk.managers.forEach((panel) => panel.drawTabs());
}

let lost = false;

// After a break it may be another demo that answers; then nothing of the old one is true any more.
async function live(on) {
  const chip = document.getElementById("net");
  chip.textContent = say(on ? "live" : "lost");
  chip.className = `chip ${on ? "ok" : "bad"}`;
  if (on && lost) location.reload();
  lost = !on;
}

document.documentElement.lang = spoken();
document.querySelectorAll("[data-say]").forEach((node) => (node.textContent = say(node.dataset.say)));
const languages = document.getElementById("language");
languages.value = spoken();
languages.addEventListener("change", () => {
  speak(languages.value);
  location.reload();
});
begin().catch((broken) => {
  const again = el("button", { type: "button", class: "primary", onclick: () => location.reload() }, say("retry"));
  document.getElementById("desk").replaceChildren(el("div", { class: "broken", role: "alert" }, el("p", {}, say("broken")), el("p", { class: "muted" }, broken.message), again));
});
