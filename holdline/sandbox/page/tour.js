// The second tour: a manager's day. Each step watches what really happens; a press does it for whoever only looks.
import { offers, placed } from "./steps.js";
import { say } from "./strings.js";
import { Walk } from "./walk.js";
import { act } from "./wire.js";

const LINK = "holdline.example/track";

export class ManagersDay extends Walk {
  constructor(root, desk) {
    super(root, desk, { name: "day", steps: 6, fresh: { topic: null, draft: null } });
  }

  // The two who work in one group see each other's drafts; in private desks the first tour stands alone.
  get possible() { return Boolean(this.desk.world.group && this.desk.managers[1]); }

  steps() {
    const { customer, manager, trainee, state } = this;
    return [
      { lit: customer, run: () => this.opened(say("broken_cup"), say("cup")) },
      { lit: trainee, run: () => this.typed(trainee, say("exchange")) },
      { lit: manager, run: () => this.press(state.draft, "draft.ok") },
      { lit: manager, run: async () => { await this.typed(manager, "/t track"); await this.press(await this.newest(":send"), ":send"); } },
      { lit: manager, run: () => this.postpone() },
      { lit: manager, run: () => this.report() },
    ];
  }

  async postpone() {
    const card = this.inTopic().find((message) => offers(message, "dlg.postpone:"));
    await this.press(placed(card), "dlg.postpone");
    await this.press(await this.newest(":by:1d"), ":by:1d");
    await this.press(await this.newest(":set"), ":set");
  }

  report() {
    const chat = this.desk.world.group.id;
    this.manager.open(chat, 0);
    return act("messages", { user_id: this.manager.person.id, chat_id: chat, text: "/report" });
  }

  atCustomer(message) {
    if (this.state.at === 3 && (message.text ?? "").includes(LINK)) this.next(4);
  }

  atStaff(message) {
    const { at, topic, draft } = this.state;
    const text = message.text ?? message.caption ?? "";
    if (at === 0) this.atNewTopic(message, 1);
    const here = topic && (message.message_thread_id ?? 0) === topic.thread;
    if (at === 1 && here && offers(message, "draft.ok:")) this.next(2, { draft: placed(message) });
    else if (at === 2 && message.message_id === draft?.id && !offers(message, "draft.ok:")) this.next(3);
    else if (at === 4 && here && text.startsWith("⏰ #") && !offers(message, "form:")) this.next(5);
    else if (at === 5 && text.startsWith("📊")) this.next(6);
  }
}
