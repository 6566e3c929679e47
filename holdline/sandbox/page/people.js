// Which customer a phone belongs to; a new one can be made up at any time.
import { el, tried } from "./dom.js";
import { say, spoken } from "./strings.js";
import { act } from "./wire.js";

const FIRST_NEW = 520000000;
const NAMES = { en: ["Grace", "Tom", "Olivia", "Sam"], ru: ["Ольга", "Павел", "Вера", "Глеб"], pl: ["Zofia", "Marek", "Ewa", "Piotr"] };

// The sandbox says nothing to the bot: nobody is known there before the first word.
export async function newcomer(world) {
  const number = world.customers.filter((user) => user.id > FIRST_NEW).length;
  const names = NAMES[spoken()];
  const again = Math.floor(number / names.length);
  const name = names[number % names.length] + (again ? ` ${again + 1}` : "");
  const person = await act("users", { user_id: FIRST_NEW + number + 1, first_name: name, language_code: spoken() });
  world.users.set(person.id, person);
  return person;
}

export function picker(panel) {
  const taken = new Set(panel.world.shown.values());
  const options = panel.world.customers.filter((user) => user.id === panel.person.id || !taken.has(user.id));
  const list = el("select", { class: "who", "aria-label": say("who") },
    ...options.map((user) => el("option", { value: String(user.id) }, user.first_name)), el("option", { value: "new" }, `+ ${say("new_customer")}`));
  list.value = String(panel.person.id);
  list.addEventListener("change", () => tried(async () => {
    panel.become(list.value === "new" ? await newcomer(panel.world) : panel.world.users.get(Number(list.value)));
    panel.root.dispatchEvent(new CustomEvent("new-face", { bubbles: true }));
  }));
  return list;
}
