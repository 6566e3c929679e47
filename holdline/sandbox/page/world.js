// What the sandbox has told: people, chats with their topics, messages. The panels only draw it.
import { look } from "./wire.js";

export class World {
  constructor() {
    Object.assign(this, { group: null, named: [], bot: null, chats: new Map(), users: new Map(), messages: new Map(), shown: new Map() });
  }

  async fetch() {
    const [state, chats, users] = await Promise.all([look("state"), look("chats"), look("users")]);
    this.bot = state.bot;
    this.named = state.staff;
    users.items.forEach((user) => this.users.set(user.id, user));
    this.take(chats.items);
    await Promise.all(chats.items.filter((chat) => !chat.migrated_to).map((chat) => this.load(chat.id)));
    return state;
  }

  async refresh() {
    this.take((await look("chats")).items);
  }

  take(chats) {
    chats.forEach((chat) => this.chats.set(chat.id, chat));
    this.group = chats.find((chat) => chat.is_forum && chat.type !== "private" && !chat.migrated_to) ?? null;
  }

  async load(chat) {
    const items = (await look(`chats/${chat}/messages`)).items;
    this.messages.set(chat, new Map(items.map((message) => [message.message_id, message])));
  }

  get staff() {
    return new Set(this.group ? this.group.members.map((member) => member.user_id) : this.named);
  }

  get managers() {
    return [...this.users.values()].filter((user) => !user.is_bot && this.staff.has(user.id));
  }

  get customers() {
    return [...this.users.values()].filter((user) => !user.is_bot && !this.staff.has(user.id));
  }

  messagesOf(chat) {
    return [...(this.messages.get(chat)?.values() ?? [])];
  }

  message(chat, id) {
    return this.messages.get(chat)?.get(id);
  }

  keep(message) {
    const chat = message.chat.id;
    if (!this.messages.has(chat)) this.messages.set(chat, new Map());
    const known = this.message(chat, message.message_id);
    const kept = { ...message, reactions: known?.reactions };
    this.messages.get(chat).set(message.message_id, kept);
    return kept;
  }

  // Which demo this is: a restarted one begins with another first message.
  get identity() {
    const first = this.group ? this.messagesOf(this.group.id)[0] : undefined;
    return `${location.host} ${this.bot?.id} ${first?.date ?? 0} ${first?.message_id ?? 0}`;
  }
}
