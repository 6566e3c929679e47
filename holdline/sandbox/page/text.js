// A message's words with their formatting. Entities count in UTF-16 units, as JavaScript's strings do.
import { el } from "./dom.js";
import { anchor } from "./links.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };

export function words(message) {
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
    nodes.push(styled(e, text.slice(e.offset, stop), nested(text, entities.slice(i + 1), e.offset, stop)));
    at = stop;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function styled(entity, text, children) {
  if (entity.type === "text_link") return anchor(entity.url, {}, ...children);
  if (entity.type === "url") return anchor(text, {}, ...children);
  if (entity.type === "spoiler") return el("span", { class: "spoiler", tabindex: "0" }, ...children);
  return el(TAGS[entity.type] ?? "span", {}, ...children);
}
