// A manager's places: the Inbox, the private chat, the general topic, the dialogs' topics (the newest first).
import { el } from "./dom.js";
import { say } from "./strings.js";

export const placeOf = (message) => `${message.chat.id}:${message.message_thread_id ?? 0}`;
export const nameOf = ({ chat, thread }) => `${chat}:${thread}`;

export function places(world, me) {
  const own = { chat: me, thread: 0, name: `🔒 ${say("private")}` };
  const mine = topics(world.chats.get(me)).map((topic) => ({ ...topic, name: `🔒 ${topic.name}` }));
  if (!world.group) return [own, ...mine];
  const [inbox, ...dialogs] = topics(world.group);
  const general = { chat: world.group.id, thread: 0, name: say("general") };
  return [inbox, own, general, ...mine, ...dialogs.reverse()].filter(Boolean);
}

const topics = (chat) => (chat?.topics ?? []).map((topic) => ({ chat: chat.id, thread: topic.message_thread_id, name: topic.name }));

export function tab(place, chosen, fresh, open) {
  return el("button", {
    type: "button", role: "tab", "aria-selected": String(chosen), tabindex: chosen ? "0" : "-1", title: place.name,
    class: fresh ? "new" : "", "data-place": nameOf(place), onclick: () => open(place.chat, place.thread),
  }, el("span", {}, place.name), fresh ? el("span", { class: "dot", role: "img", "aria-label": say("unread") }) : null);
}

// Arrow keys walk along a row of tabs, as a screen reader's user expects.
export function walked(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const all = [...event.currentTarget.querySelectorAll("[role=tab]")];
  const at = all.indexOf(event.target.closest("[role=tab]"));
  if (!step || at < 0) return;
  event.preventDefault();
  const place = all[(at + step + all.length) % all.length].dataset.place;
  all[(at + step + all.length) % all.length].click();
  event.currentTarget.querySelector(`[data-place="${place}"]`)?.focus();
}
