// Where a person writes: text, attachments, a reply or an edit. A draft stays with its chat.
import { el, toast } from "./dom.js";
import { recall, remember } from "./memory.js";
import { plain } from "./message.js";
import { say } from "./strings.js";
import { nameOf } from "./topics.js";
import { act } from "./wire.js";

const KINDS = ["photo", "album", "voice", "video", "document", "location", "contact", "sticker", "poll", "dice", "story"];
const HINTS = {
  manager: ["/open ", "/note ", "/pause", "/resume", "/close", "/close 3 form", "/inbox", "/dialogs", "/settings", "/help"],
  customer: ["/start", "/help", "/language", "/stop"],
};
const ALBUM = ["photo", "photo", "photo"];

// A wheel turns up and down; the hints lie in a row.
function turned(event) {
  const row = event.currentTarget;
  if (event.deltaX || row.scrollWidth <= row.clientWidth) return;
  event.preventDefault();
  row.scrollLeft += event.deltaY;
}

export function composer(panel) {
  const state = { reply: null, edit: null };
  const about = el("div", { class: "about", hidden: true });
  const text = el("textarea", { placeholder: say("write"), "aria-label": say("write"), rows: "1" });
  const draft = () => `draft${panel.slot}:${panel.person.id}:${nameOf(panel)}`;
  const place = () => ({ user_id: panel.person.id, chat_id: panel.chat, thread_id: panel.thread || undefined });

  const write = (words) => {
    text.value = words;
    if (!state.edit && words !== recall(draft(), "")) remember(draft(), words);
  };
  const forget = () => {
    state.reply = state.edit = null;
    about.hidden = true;
  };
  const cancel = () => {
    if (state.edit) text.value = recall(draft(), "");
    forget();
    text.focus();
  };
  const show = (word, message) => {
    const stop = el("button", { type: "button", class: "quiet", onclick: cancel, "aria-label": say("cancel"), title: say("cancel") }, "✕");
    about.replaceChildren(el("span", { class: "cut" }, `${say(word)}: ${plain(message)}`), stop);
    about.hidden = false;
    text.focus();
  };
  const edited = (words) => act("edits", {
    user_id: panel.person.id, chat_id: state.edit.chat.id, message_id: state.edit.message_id, [state.edit.text === undefined ? "caption" : "text"]: words,
  });

  async function send() {
    const words = text.value.trim();
    if (!words) return;
    const was = { ...state };
    const sending = state.edit ? edited(words) : act("messages", { ...place(), text: words, reply_to: state.reply?.message_id });
    forget();
    write(was.edit ? recall(draft(), "") : "");
    text.focus();
    try {
      await sending;
    } catch (broken) {
      if (!text.value) write(words);
      toast(broken.message);
    }
  }

  async function attach(event) {
    const kind = event.target.value;
    event.target.value = "";
    const caption = text.value.trim() || undefined;
    const reply_to = state.reply?.message_id;
    try {
      if (kind === "album") await act("albums", { ...place(), kinds: ALBUM, caption });
      else await act("messages", { ...place(), kind, caption, reply_to });
      forget();
      write("");
    } catch (broken) {
      toast(broken.message);
    }
  }

  text.addEventListener("input", () => write(text.value));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  const pick = el("select", { class: "attach", "aria-label": say("attach"), title: say("attach"), onchange: attach },
    el("option", { value: "" }, "📎"), ...KINDS.map((kind) => el("option", { value: kind }, say(kind))));
  const hint = (words) => el("button", { type: "button", onclick: () => { write(words); text.focus(); } }, words.trim());
  return {
    root: el("div", { class: "compose" }, about, el("div", { class: "hints", onwheel: turned }, ...HINTS[panel.role].map(hint)),
      el("div", { class: "row" }, pick, text, el("button", { type: "button", class: "primary send", onclick: send, "aria-label": say("send"), title: say("send") }, "➤"))),
    reply: (message) => { if (state.edit) cancel(); state.reply = message; show("replying", message); },
    edit: (message) => { forget(); state.edit = message; text.value = plain(message); show("editing", message); },
    arrive: () => { forget(); text.value = recall(draft(), ""); },
  };
}
