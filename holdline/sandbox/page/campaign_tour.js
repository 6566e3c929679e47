// The third tour: a funnel runs, a broadcast goes out, and both wait while a person is talked to.
import { offers, placed } from "./steps.js";
import { say } from "./strings.js";
import { Walk } from "./walk.js";
import { act } from "./wire.js";

const WAIT = "20s";

const welcome = () => ({
  name: say("funnel_name"),
  steps: [
    { send: { text: say("funnel_hello"), buttons: [{ text: say("funnel_yes"), data: "yes" }, { text: say("funnel_no"), data: "no" }] } },
    { wait: WAIT },
    { send: { text: say("funnel_gift") } },
    { goal: "welcomed" },
  ],
});

export class CampaignTour extends Walk {
  constructor(root, desk) {
    super(root, desk, { name: "campaign", steps: 5, fresh: { topic: null, hello: null, broadcast: null } });
    desk.marketing.campaigns.listeners.push((runs) => this.followed(runs));
  }

  get possible() { return Boolean(this.desk.world.group && this.desk.managers[0]); }

  steps() {
    const { customer, manager } = this;
    const { marketing } = this.desk;
    const me = customer.person.id;
    return [
      { lit: marketing, run: async () => { await this.met(); await marketing.campaigns.enrol(await marketing.campaigns.funnel(welcome()), me); } },
      { lit: customer, run: () => this.opened(say("not_charging"), say("charger")) },
      { lit: marketing, run: async () => this.put({ broadcast: (await marketing.campaigns.broadcast(say("sale"))).id }) },
      { lit: manager, run: () => this.ask("/held") },
      { lit: manager, run: () => this.typed(manager, "/close 3") },
    ];
  }

  // A broadcast goes to those who have pressed Start.
  async met() {
    const me = this.customer.person.id;
    if (this.desk.world.messagesOf(me).some((message) => message.text === "/start" && !message.from.is_bot)) return;
    await act("messages", { user_id: me, text: "/start" });
    await this.appears(me, (message) => message.from.is_bot);
    await this.desk.gates.ask(me);
  }

  ask(command) {
    const chat = this.desk.world.group.id;
    this.manager.open(chat, 0);
    return act("messages", { user_id: this.manager.person.id, chat_id: chat, text: command });
  }

  atCustomer(message) {
    const { at } = this.state;
    const text = message.text ?? "";
    if (at === 0 && text === say("funnel_hello")) this.next(1, { hello: message.message_id });
    else if (at === 4 && text === say("sale")) this.next(5);
  }

  atStaff(message) {
    if (this.state.at === 1) this.atNewTopic(message, 2);
    else if (this.state.at === 3 && !message.message_thread_id && offers(message, "dlg.held:")) this.next(4);
  }

  followed(runs) {
    const mine = runs.find((run) => run.kind === "broadcast" && run.id === this.state.broadcast);
    if (this.state.at === 2 && mine?.now.held) this.next(3);
  }
}
