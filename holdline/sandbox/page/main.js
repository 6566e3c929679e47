// Puts the phones side by side and keeps them true to the sandbox.
import { toast } from "./dom.js";
import { Guide } from "./guide.js";
import { Marketing } from "./marketing.js";
import { Panel } from "./panel.js";
import { say, speak, spoken } from "./strings.js";
import { act, follow, look } from "./wire.js";

const NEWCOMERS = [
  { user_id: 510000001, first_name: "Anna", language_code: "en" },
  { user_id: 510000002, first_name: "Bob", language_code: "en" },
];

const world = {
  group: null, chats: new Map(), messages: new Map(),
  messagesOf: (chat) => [...(world.messages.get(chat)?.values() ?? [])],
};
const desk = { customers: [], managers: [], marketing: null, guide: null };

async function begin() {
  const state = await look("state");
  await peopleAndChats();
  const panels = document.getElementById("desk");
  desk.marketing = new Marketing(world, desk.customers, state.tool);
  const order = [desk.customers[0], desk.managers[0], desk.customers[1], desk.managers[1]].filter(Boolean);
  panels.replaceChildren(...order.map((panel) => panel.root), desk.marketing.root);
  order.forEach((panel) => panel.draw());
  desk.guide = new Guide(document.getElementById("guide"), desk);
  const sends = desk.marketing.send.bind(desk.marketing);
  desk.marketing.send = async (...order) => {
    await sends(...order);
    desk.guide.offeredNow();
  };
  follow(state.last_event, heard, live);
}

async function peopleAndChats() {
  const chats = (await look("chats")).items;
  chats.forEach((chat) => world.chats.set(chat.id, chat));
  world.group = chats.find((chat) => chat.is_forum && !chat.migrated_to) ?? null;
  const users = (await look("users")).items.filter((user) => !user.is_bot);
  const staff = new Set((world.group?.members ?? []).map((member) => member.user_id));
  const managers = users.filter((user) => staff.has(user.id)).slice(0, 2);
  const customers = users.filter((user) => !staff.has(user.id)).slice(0, 2);
  for (const newcomer of NEWCOMERS.slice(0, 2 - customers.length)) customers.push(await act("users", newcomer));
  desk.customers = customers.map((user) => new Panel(world, user, "customer"));
  desk.managers = managers.map((user) => new Panel(world, user, "manager"));
  const wanted = [world.group?.id, ...customers.map((c) => c.id), ...managers.map((m) => m.id)].filter(Boolean);
  for (const chat of wanted.filter((id) => world.chats.has(id))) await load(chat);
}

async function load(chat) {
  const items = (await look(`chats/${chat}/messages`)).items;
  world.messages.set(chat, new Map(items.map((message) => [message.message_id, message])));
}

const all = () => [...desk.customers, ...desk.managers];

function heard(event) {
  if (event.kind === "reset") location.reload();
  const hear = HEAR[event.kind];
  if (hear) hear(event.data, event.chat_id);
  desk.guide?.heard(event);
}

function keep(message) {
  const chat = message.chat.id;
  if (!world.messages.has(chat)) world.messages.set(chat, new Map());
  const known = world.messages.get(chat).get(message.message_id);
  world.messages.get(chat).set(message.message_id, { ...message, reactions: known?.reactions });
}

const HEAR = {
  message: (message) => {
    keep(message);
    all().forEach((panel) => panel.sees(message));
  },
  edit: (message) => {
    keep(message);
    all().forEach((panel) => panel.redraw(message.chat.id, world.messages.get(message.chat.id).get(message.message_id)));
  },
  delete: ({ message_id }, chat) => {
    world.messages.get(chat)?.delete(message_id);
    all().forEach((panel) => panel.lose(chat, message_id));
  },
  reaction: ({ message_id, user_id, reaction }, chat) => {
    const message = world.messages.get(chat)?.get(message_id);
    if (!message) return;
    message.reactions = { ...message.reactions, [user_id]: reaction };
    all().forEach((panel) => panel.redraw(chat, message));
  },
  callback_answer: (answer) => answer.text && toast(answer.text),
  topic: (_, chat) => refresh(chat),
  topic_deleted: (_, chat) => refresh(chat),
  chat: (_, chat) => refresh(chat),
};

async function refresh() {
  const chats = (await look("chats")).items;
  chats.forEach((chat) => world.chats.set(chat.id, chat));
  world.group = chats.find((chat) => chat.id === world.group?.id) ?? world.group;
  desk.managers.forEach((panel) => panel.drawTabs());
}

function live(on) {
  const chip = document.getElementById("net");
  chip.textContent = say(on ? "live" : "lost");
  chip.className = `chip ${on ? "ok" : "bad"}`;
}

document.documentElement.lang = spoken();
document.querySelectorAll("[data-say]").forEach((node) => (node.textContent = say(node.dataset.say)));
const languages = document.getElementById("language");
languages.value = spoken();
languages.addEventListener("change", () => {
  speak(languages.value);
  location.reload();
});
begin().catch((broken) => toast(broken.message));
