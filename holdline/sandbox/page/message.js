// One message as a bubble: text with its entities, media, quote, buttons.
import { clock, el, toast } from "./dom.js";
import { say } from "./strings.js";
import { act } from "./wire.js";

const MEDIA = {
  photo: "🖼", video: "🎬", animation: "🎞", audio: "🎵", voice: "🎙", video_note: "⏺", document: "📄", sticker: "🌟",
  venue: "🏛", location: "📍", contact: "👤", poll: "📊", dice: "🎲", story: "📖",
};
const SERVICE = {
  forum_topic_created: (m) => `＋ ${m.forum_topic_created.name}`,
  forum_topic_edited: (m) => `✎ ${m.forum_topic_edited.name ?? ""}`,
  forum_topic_closed: () => "🔒", forum_topic_reopened: () => "🔓",
  pinned_message: (m) => `📌 ${(m.pinned_message.text ?? "…").split("\n")[0]}`,
  new_chat_members: (m) => `→ ${m.new_chat_members.map((u) => u.first_name).join(", ")}`,
  left_chat_member: (m) => `← ${m.left_chat_member.first_name}`,
};
const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote" };

export function bubble(message, me, hooks) {
  const service = Object.keys(SERVICE).find((name) => name in message);
  if (service) return el("div", { class: "service" }, SERVICE[service](message));
  const mine = message.from.id === me;
  return el(
    "article", { class: `msg${mine ? " mine" : ""}`, "data-id": String(message.message_id), tabindex: "0" },
    mine ? null : el("div", { class: "author" }, message.from.first_name),
    quote(message), media(message), words(message), foot(message), keys(message, me), acts(message, mine, hooks),
  );
}

export const plain = (message) => message.text ?? message.caption ?? label(message);

function label(message) {
  const kind = Object.keys(MEDIA).find((name) => name in message);
  return kind ? `${MEDIA[kind]} ${say(kind)}` : "…";
}

function quote(message) {
  const quoted = message.reply_to_message;
  if (!quoted || quoted.forum_topic_created) return null;
  return el("div", { class: "quote" }, message.quote?.text ?? plain(quoted));
}

function media(message) {
  const kind = Object.keys(MEDIA).find((name) => name in message);
  if (!kind) return null;
  const thing = message[kind];
  const detail = thing.title ?? thing.file_name ?? thing.question ?? thing.first_name ?? thing.emoji ?? "";
  return el("div", { class: "media" }, el("b", {}, MEDIA[kind]), `${say(kind)}${detail ? " · " + detail : ""}`);
}

// Entities count in UTF-16 units, as JavaScript's strings do.
function words(message) {
  const text = message.text ?? message.caption;
  if (text === undefined) return null;
  const entities = [...(message.entities ?? message.caption_entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return el("div", { class: "text" }, ...nested(text, entities, 0, text.length));
}

function nested(text, entities, start, end) {
  const nodes = [];
  let at = start;
  for (let i = 0; i < entities.length; i += 1) {
    const e = entities[i];
    if (e.offset < at || e.offset >= end) continue;
    const stop = Math.min(e.offset + e.length, end);
    if (e.offset > at) nodes.push(text.slice(at, e.offset));
    nodes.push(styled(e, nested(text, entities.slice(i + 1), e.offset, stop)));
    at = stop;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function styled(entity, children) {
  if (entity.type === "text_link") return el("a", { href: safe(entity.url), rel: "noreferrer noopener", target: "_blank" }, ...children);
  if (entity.type === "spoiler") return el("span", { class: "spoiler" }, ...children);
  return el(TAGS[entity.type] ?? "span", {}, ...children);
}

const safe = (url) => (/^https?:\/\//i.test(url ?? "") ? url : "#");

function foot(message) {
  const reactions = Object.values(message.reactions ?? {}).flat().map((r) => r.emoji ?? "").join(" ");
  return el("div", { class: "foot" }, reactions ? el("span", {}, reactions) : null, message.edit_date ? say("edited") : null, clock(message.date));
}

function keys(message, me) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return el("div", { class: "keys" }, ...rows.map((row) => el("div", {}, ...row.map((button) => key(button, message, me)))));
}

function key(button, message, me) {
  if (button.url) return el("a", { href: safe(button.url), title: button.url, onclick: (event) => follow(event, button.url) }, button.text);
  const press = async (event) => {
    event.target.disabled = true;
    try {
      await act("presses", { user_id: me, chat_id: message.chat.id, message_id: message.message_id, data: button.callback_data });
    } catch (broken) {
      toast(broken.message);
    }
    setTimeout(() => (event.target.disabled = false), 400);
  };
  return el("button", { onclick: press }, button.text);
}

// A link to a topic opens it here.
function follow(event, url) {
  const topic = /^https:\/\/t\.me\/c\/(\d+)\/(\d+)/.exec(url);
  if (!topic) return;
  event.preventDefault();
  const detail = { chat: Number(`-100${topic[1]}`), thread: Number(topic[2]) };
  event.target.dispatchEvent(new CustomEvent("open-topic", { bubbles: true, detail }));
}

function acts(message, mine, hooks) {
  const button = (sign, name, run) => el("button", { title: say(name), "aria-label": say(name), onclick: run }, sign);
  const all = [button("↩", "reply", () => hooks.reply(message)), button("👍", "react", () => hooks.react(message))];
  if (mine && (message.text || message.caption)) all.push(button("✎", "edit", () => hooks.edit(message)));
  if (mine) all.push(button("🗑", "remove", () => hooks.remove(message)));
  return el("div", { class: "acts" }, ...all);
}
