// Where a person writes: text, attachments, a reply or an edit.
import { el, toast } from "./dom.js";
import { plain } from "./message.js";
import { say } from "./strings.js";
import { act } from "./wire.js";

const KINDS = ["photo", "album", "voice", "video", "document", "location", "contact", "sticker", "poll", "dice", "story"];
const HINTS = { manager: ["/open ", "/note ", "/pause", "/resume", "/close 3 form", "/help"], customer: ["/start", "/help", "/language", "/stop"] };

export function composer(panel) {
  const state = { reply: null, edit: null };
  const about = el("div", { class: "about", hidden: true });
  const text = el("textarea", { placeholder: say("write"), "aria-label": say("write"), rows: "1" });
  const forget = () => {
    state.reply = state.edit = null;
    about.hidden = true;
  };
  const show = (word, message) => {
    const cancel = el("button", { class: "quiet", onclick: forget }, say("cancel"));
    about.replaceChildren(`${say(word)}: ${plain(message).slice(0, 60)}`, el("span", { class: "space" }), cancel);
    about.hidden = false;
    text.focus();
  };
  const place = () => ({ user_id: panel.person.id, chat_id: panel.chat, thread_id: panel.thread || undefined });

  async function send() {
    const words = text.value.trim();
    if (!words) return;
    text.value = "";
    try {
      if (state.edit) await act("edits", { user_id: panel.person.id, chat_id: panel.chat, message_id: state.edit.message_id, [state.edit.text ? "text" : "caption"]: words });
      else await act("messages", { ...place(), text: words, reply_to: state.reply?.message_id });
      forget();
    } catch (broken) {
      text.value = words;
      toast(broken.message);
    }
  }

  async function attach(event) {
    const kind = event.target.value;
    event.target.value = "";
    const caption = text.value.trim() || undefined;
    try {
      if (kind === "album") await act("albums", { ...place(), kinds: ["photo", "photo", "photo"], caption });
      else await act("messages", { ...place(), kind, caption });
      text.value = "";
    } catch (broken) {
      toast(broken.message);
    }
  }

  const keys = (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  };
  text.addEventListener("keydown", keys);
  const pick = el("select", { class: "attach", "aria-label": say("attach"), title: say("attach"), onchange: attach },
    el("option", { value: "" }, "📎"), ...KINDS.map((kind) => el("option", { value: kind }, say(kind))));
  const hint = (words) => el("button", { onclick: () => { text.value = words; text.focus(); } }, words.trim());
  return {
    root: el("div", { class: "compose" }, about, el("div", { class: "hints" }, ...HINTS[panel.role].map(hint)),
      el("div", { class: "row" }, pick, text, el("button", { class: "primary", onclick: send, "aria-label": say("send") }, "➤"))),
    reply: (message) => { forget(); state.reply = message; show("replying", message); },
    edit: (message) => { forget(); state.edit = message; text.value = plain(message); show("editing", message); },
    forget,
  };
}
