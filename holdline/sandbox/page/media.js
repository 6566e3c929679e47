// Everything in a message that is not text.
import { el } from "./dom.js";
import { say } from "./strings.js";

const SIGNS = {
  photo: "🖼", video: "🎬", animation: "🎞", audio: "🎵", voice: "🎙", video_note: "⏺", document: "📄", sticker: "🌟",
  venue: "🏛", location: "📍", contact: "👤", poll: "📊", dice: "🎲", story: "📖",
};
const DETAILS = {
  document: (thing) => thing.file_name, audio: (thing) => thing.title ?? thing.file_name, sticker: (thing) => thing.emoji,
  voice: (thing) => `${thing.duration} s`, video: (thing) => `${thing.duration} s`,
  venue: (thing) => [thing.title, thing.address].join(", "), location: (thing) => `${thing.latitude}, ${thing.longitude}`,
  contact: (thing) => [thing.first_name, thing.phone_number].join(" · "), poll: (thing) => thing.question,
  dice: (thing) => `${thing.emoji} ${thing.value}`,
};
const kindOf = (message) => Object.keys(SIGNS).find((name) => name in message);

export function label(message) {
  const kind = kindOf(message);
  return kind ? `${SIGNS[kind]} ${say(kind)}` : "…";
}

export function media(message) {
  const kind = kindOf(message);
  if (!kind) return null;
  const detail = DETAILS[kind]?.(message[kind]);
  const options = kind === "poll" ? message.poll.options.map((option) => el("li", {}, option.text)) : [];
  return el("div", { class: `media ${kind}` }, el("b", { "aria-hidden": "true" }, SIGNS[kind]),
    el("span", {}, say(kind), detail ? el("span", { class: "muted" }, ` · ${detail}`) : null,
      options.length ? el("ul", {}, ...options) : null),
    kind === "photo" ? drawn(message.photo.at(-1)) : null);
}

// What the sandbox no longer keeps stays a word.
function drawn({ file_id }) {
  const picture = el("img", { src: `/sandbox/files/${encodeURIComponent(file_id)}`, alt: "", loading: "lazy" });
  picture.addEventListener("error", () => picture.remove());
  return picture;
}
