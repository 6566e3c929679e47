// What both tours draw: the marks of their steps, and the press that does one.
import { el, tried } from "./dom.js";
import { say } from "./strings.js";

const PATIENCE_MS = 4000;

export const offers = (message, data) => (message.reply_markup?.inline_keyboard ?? []).flat().some((button) => button.callback_data?.startsWith(data));
export const placed = (message) => ({ chat: message.chat.id, thread: message.message_thread_id ?? 0, id: message.message_id });

export function marksOf(at, steps) {
  const mark = (_, i) => el("li", { class: i < at ? "done" : i === at ? "now" : "" }, i < at ? "✓" : String(i + 1));
  return el("ol", { "aria-label": say("steps", { n: Math.min(at + 1, steps), of: steps }) }, ...Array.from({ length: steps }, mark));
}

export function stepButton(step) {
  const run = async (event) => {
    const pressed = event.currentTarget;
    pressed.disabled = true;
    setTimeout(() => (pressed.disabled = false), PATIENCE_MS);
    await tried(() => step.run());
  };
  return el("button", { type: "button", class: "primary", id: "do-it", onclick: run }, say("do_it"));
}
