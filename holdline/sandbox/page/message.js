// One message as a bubble: author, quote, media, text, buttons, and what can be done with it.
import { el, toast } from "./dom.js";
import { anchor } from "./links.js";
import { label, media } from "./media.js";
import { clock, say } from "./strings.js";
import { words } from "./text.js";
import { act } from "./wire.js";

const SERVICE = {
  forum_topic_created: (m) => `+ ${m.forum_topic_created.name}`,
  forum_topic_edited: (m) => `✎ ${m.forum_topic_edited.name ?? ""}`,
  forum_topic_closed: () => "🔒", forum_topic_reopened: () => "🔓",
  pinned_message: (m) => `📌 ${firstLine(m.pinned_message)}`,
  new_chat_members: (m) => `→ ${m.new_chat_members.map((u) => u.first_name).join(", ")}`,
  left_chat_member: (m) => `← ${m.left_chat_member.first_name}`,
};
const PRESS_AGAIN_MS = 400;

export const plain = (message) => message.text ?? message.caption ?? label(message);
export const firstLine = (message) => plain(message).split("\n")[0];
const service = (message) => Object.keys(SERVICE).find((name) => name in message);

// `before` is the message above it: who goes on talking is not named again, and an album stays together.
export function bubble(message, before, me, hooks) {
  const told = service(message);
  if (told) return el("div", { class: "service", "data-id": String(message.message_id) }, SERVICE[told](message));
  const mine = message.from.id === me;
  const again = before && !service(before) && before.from.id === message.from.id;
  const album = message.media_group_id !== undefined;
  const joined = album && before?.media_group_id === message.media_group_id;
  const classes = ["msg", mine && "mine", album && "album", joined && "joined"].filter(Boolean);
  return el(
    "article", { class: classes.join(" "), "data-id": String(message.message_id), tabindex: "-1" },
    acts(message, mine, hooks), mine || again ? null : el("div", { class: "author" }, message.from.first_name),
    quote(message), media(message), words(message), foot(message), keys(message, me),
  );
}

function quote(message) {
  const quoted = message.reply_to_message;
  if (!quoted || quoted.forum_topic_created) return null;
  return el("div", { class: "quote" }, message.quote?.text ?? plain(quoted));
}

function foot(message) {
  const reactions = Object.values(message.reactions ?? {}).flat().map((r) => r.emoji ?? "").join(" ");
  return el("div", { class: "foot" }, reactions ? el("span", { class: "reacted" }, reactions) : null,
    message.edit_date ? el("span", {}, say("edited")) : null, el("time", {}, clock(message.date)));
}

function keys(message, me) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return el("div", { class: "keys" }, ...rows.map((row) => el("div", {}, ...row.map((button) => key(button, message, me)))));
}

function key(button, message, me) {
  if (button.url) return anchor(button.url, { class: "key" }, button.text);
  const press = async (event) => {
    const { dataset } = event.currentTarget; // not `disabled`: that would take the keyboard's focus away
    if (dataset.pressed) return;
    dataset.pressed = "yes";
    setTimeout(() => delete dataset.pressed, PRESS_AGAIN_MS);
    try {
      await act("presses", { user_id: me, chat_id: message.chat.id, message_id: message.message_id, data: button.callback_data });
    } catch (broken) {
      toast(broken.message);
    }
  };
  return el("button", { class: "key", type: "button", onclick: press }, button.text);
}

function acts(message, mine, hooks) {
  const button = (sign, name, run) => el("button", { type: "button", title: say(name), "aria-label": say(name), onclick: () => run(message) }, sign);
  const all = [button("↩", "reply", hooks.reply), button("👍", "react", hooks.react)];
  if (mine && (message.text || message.caption)) all.push(button("✎", "edit", hooks.edit));
  if (mine) all.push(button("🗑", "remove", hooks.remove));
  return el("div", { class: "acts" }, ...all);
}
