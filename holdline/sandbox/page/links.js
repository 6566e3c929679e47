// Links of messages: to a topic or to the bot they act here, to the world outside they open a new tab.
import { el } from "./dom.js";

const TOPIC = /^https:\/\/t\.me\/c\/(\d+)\/(\d+)/;
const START = /^https:\/\/t\.me\/(\w+)\?start=([\w-]*)$/;

export function anchor(url, props, ...children) {
  const href = /^https?:\/\//i.test(url ?? "") ? url : undefined;
  if (href === undefined) return el("span", props, ...children);
  return el("a", { ...props, href, title: href, rel: "noreferrer noopener", target: "_blank", onclick: (event) => follow(event, href) }, ...children);
}

function follow(event, url) {
  const topic = TOPIC.exec(url);
  const start = START.exec(url);
  if (!topic && !start) return;
  event.preventDefault();
  const detail = topic ? { chat: Number(`-100${topic[1]}`), thread: Number(topic[2]) } : { bot: start[1], payload: start[2] };
  event.target.dispatchEvent(new CustomEvent(topic ? "open-topic" : "start-bot", { bubbles: true, detail }));
}
